package io.adjoint.io;

import io.adjoint.core.NdArray;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes arrays to an npz file. */
final class NpzWriter {
    /**
     * Always the same, so that the same arrays give the same bytes. A month after the first time that an archive knows, to which Java would
     * add the seconds since 1970, by its time zone.
     */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    /**
     * The most bytes of an entry's name: newer Javas read a header of the directory only if all of it has at most 65,535, of which 46 are
     * its fields and up to 28 the fields of ZIP64.
     */
    private static final int LONGEST_NAME = 65_535 - 46 - 28;

    private final Map<String, NdArray> arrays;
    private final boolean deflated;

    NpzWriter(Map<String, NdArray> arrays, boolean deflated) {
        // The map may be another's to change; arrays are immutable.
        this.arrays = new LinkedHashMap<>(arrays);
        this.deflated = deflated;
        this.arrays.keySet().forEach(NpzWriter::requireName);
    }

    /** Refuses what isn't read again as it was written; Python's names end before a 0. */
    private static void requireName(String name) {
        String entry = name + NpzArchive.SUFFIX;
        if (!TensorInfo.isUnicode(name)
                || name.indexOf(0) >= 0
                || entry.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new IllegalArgumentException("Npz: an array cannot have the name '" + name + "'");
        }
    }

    void write(Path path) {
        ReplacingFile.write(Npz.FORMAT, path, channel -> {
            try (ZipOutputStream zip = new ZipOutputStream(new Unclosed(Channels.newOutputStream(channel)))) {
                for (Map.Entry<String, NdArray> entry : arrays.entrySet()) {
                    write(zip, entry.getKey(), entry.getValue());
                }
            }
        });
    }

    private void write(ZipOutputStream zip, String name, NdArray array) throws IOException {
        NpyHeader header = NpyHeader.of(name, array);
        ZipEntry entry = new ZipEntry(name + NpzArchive.SUFFIX);
        entry.setTimeLocal(TIME);
        if (!deflated) {
            // They stand before the bytes.
            CRC32 crc = new CRC32();
            header.write(array, crc::update);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(header.size());
            entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        header.write(array, bytes -> zip.write(bytes.array(), bytes.arrayOffset(), bytes.limit()));
        zip.closeEntry();
    }

    /** Closing the archive frees its compressor; the channel stays open. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(new BufferedOutputStream(out));
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
