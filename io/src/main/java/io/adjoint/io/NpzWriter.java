package io.adjoint.io;

import io.adjoint.core.NdArray;
import java.io.BufferedOutputStream;
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
     * The time of all entries, a constant so that equal arrays give equal bytes. The time is one month after the earliest time that the
     * format can represent. For the earliest time itself Java would add an extra field with the seconds since 1970, which depend on the
     * time zone.
     */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    /**
     * The largest length of an entry's name in bytes. Newer JDKs accept a header in the directory only if it has at most 65,535 bytes, of
     * which 46 are its fixed fields and up to 28 the fields of ZIP64.
     */
    private static final int LONGEST_NAME = 65_535 - 46 - 28;

    private final Map<String, NdArray> arrays;
    private final boolean deflated;

    NpzWriter(Map<String, NdArray> arrays, boolean deflated) {
        // The map is copied, since the caller may change it; arrays are immutable.
        this.arrays = new LinkedHashMap<>(arrays);
        this.deflated = deflated;
        this.arrays.keySet().forEach(NpzWriter::requireName);
    }

    /** Refuses a name that couldn't be read back unchanged; Python cuts a name at a NUL character. */
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
            try (ZipOutputStream zip = unclosed(Channels.newOutputStream(channel))) {
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
            // The size and the checksum of a stored entry precede its bytes, so they are computed before it is written.
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

    /** An archive on a stream that stays open: closing the archive frees the compressor, but the channel is still needed. */
    private static ZipOutputStream unclosed(OutputStream out) {
        return new ZipOutputStream(new BufferedOutputStream(out)) {
            @Override
            public void close() throws IOException {
                try {
                    finish();
                    flush();
                } finally {
                    def.end();
                }
            }
        };
    }
}
