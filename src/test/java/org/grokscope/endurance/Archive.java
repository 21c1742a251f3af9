package org.grokscope.endurance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A zip file whose directory may say what is not so, and may say it twice. */
public final class Archive {
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;

  /**
   * One file in it.
   *
   * @param content as it is stored, perhaps deflated
   * @param method 0 stored, 8 deflated
   * @param size that the directory gives for the content inflated
   * @param crc that the directory gives
   */
  private record Entry(String name, byte[] content, int method, int size, int crc) {}

  private static final Map<Long, byte[]> ZEROS = new ConcurrentHashMap<>();

  private final List<Entry> entries = new ArrayList<>();

  /** One more file, stored and told as it is. */
  public Archive stored(String name, byte[] content) {
    return lying(name, content, content.length);
  }

  /** One more file of which the directory gives another length. */
  Archive lying(String name, byte[] content, int size) {
    entries.add(new Entry(name, content, 0, size, crc(content)));
    return this;
  }

  /** One more file, deflated. */
  Archive deflated(String name, byte[] content) {
    entries.add(new Entry(name, deflate(content), 8, content.length, crc(content)));
    return this;
  }

  /** One more file of so many zero bytes, deflated, of which the directory gives another length. */
  Archive zeros(String name, long count, int size) {
    entries.add(new Entry(name, ZEROS.computeIfAbsent(count, Archive::zeros), 8, size, 0));
    return this;
  }

  private static byte[] zeros(long count) {
    Deflater deflater = new Deflater(9, true);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] zeros = new byte[1 << 20];
    byte[] buffer = new byte[1 << 16];
    for (long left = count; left > 0; left -= zeros.length) {
      deflater.setInput(zeros, 0, (int) Math.min(left, zeros.length));
      while (!deflater.needsInput()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
    }
    finish(deflater, out);
    return out.toByteArray();
  }

  /** The file's bytes. */
  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream directory = new ByteArrayOutputStream();
    for (Entry entry : entries) {
      byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
      int at = out.size();
      ByteBuffer local = little(30).putInt(LOCAL).putShort((short) 20).putShort((short) 0x800);
      out.writeBytes(facts(local, entry, name).putShort((short) 0).array());
      out.writeBytes(name);
      out.writeBytes(entry.content());
      ByteBuffer central = little(46).putInt(CENTRAL).putShort((short) 20).putShort((short) 20);
      facts(central.putShort((short) 0x800), entry, name).putInt(42, at);
      directory.writeBytes(central.array());
      directory.writeBytes(name);
    }
    int at = out.size();
    out.writeBytes(directory.toByteArray());
    ByteBuffer end = little(22).putInt(END).putInt(0);
    end.putShort((short) entries.size()).putShort((short) entries.size());
    out.writeBytes(end.putInt(directory.size()).putInt(at).putShort((short) 0).array());
    return out.toByteArray();
  }

  private static ByteBuffer facts(ByteBuffer header, Entry entry, byte[] name) {
    return header
        .putShort((short) entry.method())
        .putInt(0x28210000) // 1 January 2000
        .putInt(entry.crc())
        .putInt(entry.content().length)
        .putInt(entry.size())
        .putShort((short) name.length);
  }

  private static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(content);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    finish(deflater, out);
    return out.toByteArray();
  }

  private static void finish(Deflater deflater, ByteArrayOutputStream out) {
    byte[] buffer = new byte[1 << 16];
    deflater.finish();
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
  }

  private static int crc(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return (int) crc.getValue();
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
