package org.grokscope.compression;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/** Compressors that people use, each at its strongest setting. */
public enum Compressor {
  /** Deflate, level 9. */
  GZIP("gzip -9") {
    @Override
    OutputStream into(OutputStream out, int length) throws IOException {
      GzipParameters parameters = new GzipParameters();
      parameters.setCompressionLevel(Deflater.BEST_COMPRESSION);
      return new GzipCompressorOutputStream(out, parameters);
    }

    @Override
    InputStream from(InputStream in) throws IOException {
      return new GzipCompressorInputStream(in);
    }
  },
  /** Burrows and Wheeler's transform in blocks of 900 kB. */
  BZIP2("bzip2 -9") {
    @Override
    OutputStream into(OutputStream out, int length) throws IOException {
      return new BZip2CompressorOutputStream(out, BZip2CompressorOutputStream.MAX_BLOCKSIZE);
    }

    @Override
    InputStream from(InputStream in) throws IOException {
      return new BZip2CompressorInputStream(in);
    }
  },
  /** LZMA2, preset 9, matches of up to 273 bytes. */
  XZ("xz -9e") {
    @Override
    OutputStream into(OutputStream out, int length) throws IOException {
      LZMA2Options options = new LZMA2Options(LZMA2Options.PRESET_MAX);
      options.setNiceLen(LZMA2Options.NICE_LEN_MAX);
      options.setDepthLimit(512); // as the extreme presets
      int whole = Math.max(length, LZMA2Options.DICT_SIZE_MIN); // a larger one finds no more
      options.setDictSize(Math.min(whole, options.getDictSize()));
      return new XZOutputStream(out, options);
    }

    @Override
    InputStream from(InputStream in) throws IOException {
      return new XZInputStream(in);
    }
  },
  /** Zstandard, level 22. */
  ZSTD("zstd --ultra -22") {
    @Override
    OutputStream into(OutputStream out, int length) throws IOException {
      com.github.luben.zstd.ZstdOutputStream stream =
          new com.github.luben.zstd.ZstdOutputStream(out);
      stream.setLevel(Zstd.maxCompressionLevel());
      return stream;
    }

    @Override
    InputStream from(InputStream in) throws IOException {
      return new com.github.luben.zstd.ZstdInputStream(in);
    }
  };

  private final String label;

  Compressor(String label) {
    this.label = label;
  }

  /** The command line that does the same. */
  public String label() {
    return label;
  }

  /** A stream that compresses so many bytes. */
  abstract OutputStream into(OutputStream out, int length) throws IOException;

  abstract InputStream from(InputStream in) throws IOException;

  /** The whole compressed file, headers and checksums included. */
  public byte[] compress(byte[] data) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      try (OutputStream out = into(file, data.length)) {
        out.write(data);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("compress: " + label + " failed: " + e.getMessage(), e);
    }
    return file.toByteArray();
  }

  /**
   * What was compressed.
   *
   * @throws UncheckedIOException if this is no file of this compressor, or a damaged one
   */
  public byte[] decompress(byte[] file) {
    try (InputStream in = from(new ByteArrayInputStream(file))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "decompress: got a file that "
              + label
              + " cannot read, expected one that it wrote: "
              + e.getMessage(),
          e);
    }
  }

  /** Size of the compressed file in bits. */
  public long bits(byte[] data) {
    return 8L * compress(data).length;
  }

  /** Size of the compressed file of a string, one byte a digit, in bits. */
  public long bits(DigitString string) {
    return bits(string.bytes());
  }
}
