package org.grokscope.checkpoint;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Named arrays in one file, as {@code numpy.savez} keeps them: a zip of {@code NAME.npy} entries.
 *
 * <p>Entries are written stored, not deflated, in the order of the map, all dated the same, so that
 * equal arrays give equal bytes. {@code numpy.load(path, allow_pickle=False)} opens what is written
 * here. Entries that are not called {@code ….npy} are passed over when reading.
 */
public final class Npz {
  private static final String SUFFIX = ".npy";
  private static final LocalDateTime EVERY_ENTRY = LocalDateTime.of(2000, 1, 1, 0, 0);

  private Npz() {}

  /**
   * Writes arrays atomically; see {@link AtomicFile}.
   *
   * @param path the file, whole name with {@code .npz}
   * @param arrays by name, in the order they are to have in the file
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static void write(Path path, LinkedHashMap<String, NpyArray> arrays) {
    AtomicFile.write(path, out -> write(out, arrays));
  }

  /**
   * Reads all arrays of a file, in its order.
   *
   * @throws CheckpointException if there is no such file, if it is no .npz, or is cut off or
   *     damaged, or holds an array of a type that is not supported, or more than this Java's memory
   *     has room for
   */
  public static LinkedHashMap<String, NpyArray> read(Path path) {
    requireZip(path);
    LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(path.toFile())) {
      List<? extends ZipEntry> entries =
          zip.stream().filter(entry -> entry.getName().endsWith(SUFFIX)).toList();
      requireRoom(path, entries);
      for (ZipEntry entry : entries) {
        String name = nameOf(entry);
        String where = "read " + path + ": array " + name;
        if (arrays.put(name, NpyFormat.read(where, contentOf(zip, entry, where))) != null) {
          throw new CheckpointException(where + " is there twice, expected once; save it again");
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new CheckpointException(
          "read "
              + path
              + ": the file is cut off or damaged ("
              + e.getMessage()
              + "), expected a whole .npz; copy or save it again",
          e);
    }
    return arrays;
  }

  private static void write(OutputStream out, Map<String, NpyArray> arrays) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
      byte[] bytes = NpyFormat.write(array.getValue());
      CRC32 crc = new CRC32();
      crc.update(bytes);
      ZipEntry entry = new ZipEntry(array.getKey() + SUFFIX);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(bytes.length);
      entry.setCompressedSize(bytes.length);
      entry.setCrc(crc.getValue());
      entry.setTimeLocal(EVERY_ENTRY);
      zip.putNextEntry(entry);
      zip.write(bytes);
      zip.closeEntry();
    }
    zip.finish();
  }

  /** A small file may say that it inflates to more than any machine has: that is not begun. */
  private static void requireRoom(Path path, List<? extends ZipEntry> entries) {
    long needed = 0;
    for (ZipEntry entry : entries) {
      needed += entry.getSize(); // of less than 2⁶² each, and of a few each byte of the file
      String where = "read " + path + ": array " + nameOf(entry);
      ArrayRoom.require(where, needed);
      ArrayRoom.requireOne(where, entry.getSize());
    }
  }

  private static String nameOf(ZipEntry entry) {
    return entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
  }

  /** The entry's bytes, their checksum compared: ZipFile itself does not look at it. */
  private static byte[] contentOf(ZipFile zip, ZipEntry entry, String where) {
    byte[] bytes;
    try (InputStream in = zip.getInputStream(entry)) {
      // one more than it is said to have, so that more of them are noticed, but not read
      bytes = in.readNBytes((int) entry.getSize() + 1);
    } catch (IOException e) {
      throw new CheckpointException(
          where
              + ": it is cut off or damaged ("
              + e.getMessage()
              + "); copy or save the file again",
          e);
    }
    CRC32 crc = new CRC32();
    crc.update(bytes);
    if (bytes.length != entry.getSize() || crc.getValue() != entry.getCrc()) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: it is damaged: got %d bytes of CRC-32 %08x, expected %d of %08x; copy or save"
                  + " the file again",
              where,
              bytes.length,
              crc.getValue(),
              entry.getSize(),
              entry.getCrc()));
    }
    return bytes;
  }

  /** Tells the usual mistakes apart before the zip reader sees the file. */
  private static void requireZip(Path path) {
    if (!Files.exists(path)) {
      throw new CheckpointException(
          "read " + path + ": there is no such file, expected a .npz; check the path");
    }
    if (Files.isDirectory(path)) {
      throw new CheckpointException(
          "read " + path + ": this is a folder, expected a .npz file; name a file in it");
    }
    try (InputStream in =
        new FileInputStream(path.toFile())) { // a channel would close if interrupted
      byte[] start = in.readNBytes(2);
      if (start.length == 2 && start[0] == (byte) 0x93 && start[1] == 'N') {
        throw new CheckpointException(
            "read "
                + path
                + ": this is a single array (.npy), expected a .npz; save with numpy.savez");
      }
      if (start.length < 2 || start[0] != 'P' || start[1] != 'K') {
        throw new CheckpointException(
            "read "
                + path
                + ": this is not a zip file, expected a .npz as numpy.savez or this library"
                + " writes it");
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "read " + path + ": the file cannot be read (" + e.getMessage() + ")", e);
    }
  }
}
