package io.adjoint.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.management.ThreadMXBean;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests valid files with some bytes changed: they are read, or refused by a MalformedFileException (or, if they are well formed but too
 * large for an array, an IllegalArgumentException). Reading them takes no more memory than the bytes in the file account for.
 */
class MutationsTest {
    /** The number of mutations of each file: a million in the profile {@code thorough}. */
    private static final int COUNT = Integer.getInteger("adjoint.tries", 100) > 1000 ? 1_000_000 : 2000;

    /** The bytes that any read may allocate: for buffers, a parser, an exception's message and its stack trace. */
    private static final long OVERHEAD = 1 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "2",
            "3",
            "7",
            "8",
            "64",
            "255",
            "256",
            "65536",
            "2147483647",
            "2147483648",
            "4294967295",
            "4294967296",
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551615",
            "999999999999999999",
            "-1",
            "1e3",
            "1.5",
            "00",
            "");
    private static final List<String> WORDS = List.of(
            "\"",
            "'",
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            ",",
            ":",
            "\\",
            "\\u0000",
            "null",
            "true",
            "\"a\":",
            "NaN",
            "F16",
            "BF16",
            "I8",
            "U64",
            "BOOL",
            "<f2",
            ">i8",
            "|b1",
            "True",
            "\0",
            "\u00ff",
            "__metadata__",
            "PK\3\4",
            "PK\1\2",
            "PK\5\6");

    @TempDir
    Path folder;

    private final Map<String, NdArray> arrays = new LinkedHashMap<>();
    private final Random random = new Random(7);
    private Path file = Path.of("");

    @BeforeEach
    void makeArrays() {
        arrays.put("weight", NdArray.full(DType.FLOAT32, Shape.of(3, 4), 0.5));
        arrays.put("b", NdArray.arange(DType.INT32, 2));
        arrays.put("mask", NdArray.zeros(DType.BOOL, Shape.of(2, 0)));
        arrays.put("s", NdArray.scalar(DType.FLOAT64, -1));
        file = folder.resolve("x");
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void safetensors() throws IOException {
        Safetensors.save(file, arrays, new SafetensorsOptions().metadata(Map.of("format", "pt")));
        byte[] valid = Files.readAllBytes(file);
        int length = ByteBuffer.wrap(valid).order(ByteOrder.LITTLE_ENDIAN).getInt();
        tryAll(Safetensors::load, 4, () -> {
            if (random.nextInt(4) == 0) {
                return bytes(valid);
            }
            byte[] header = random.nextBoolean()
                    ? text(Arrays.copyOfRange(valid, 8, 8 + length))
                    : bytes(Arrays.copyOfRange(valid, 8, 8 + length));
            ByteBuffer whole =
                    ByteBuffer.allocate(valid.length - length + header.length).order(ByteOrder.LITTLE_ENDIAN);
            return whole.putLong(header.length)
                    .put(header)
                    .put(valid, 8 + length, valid.length - length - 8)
                    .array();
        });
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void indices() throws IOException {
        file = folder.resolve("x.index.json");
        Safetensors.save(file, arrays, new SafetensorsOptions().maxFileSize(20));
        byte[] valid = Files.readAllBytes(file);
        tryAll(Safetensors::load, 4, () -> random.nextBoolean() ? text(valid) : bytes(valid));
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void npy() throws IOException {
        Npy.save(file, arrays.values().iterator().next());
        byte[] valid = Files.readAllBytes(file);
        tryAll(Npy::load, 4, () -> mutatedNpy(valid));
    }

    /** A changed npy file; in half of the cases the length of its header is then corrected. */
    private byte[] mutatedNpy(byte[] valid) {
        byte[] changed = random.nextBoolean() ? text(valid) : bytes(valid);
        int length = changed.length - (valid.length - 128) - 10;
        if (random.nextBoolean() && length >= 0) {
            ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putShort(8, (short) length);
        }
        return changed;
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void npz() throws IOException {
        Npz.save(file, arrays);
        byte[] stored = Files.readAllBytes(file);
        Npz.saveCompressed(file, arrays);
        byte[] deflated = Files.readAllBytes(file);
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(stored))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        tryAll(Npz::load, 4 * 1032, () -> switch (random.nextInt(4)) {
            case 0 -> bytes(stored);
            case 1 -> bytes(deflated);
            default -> archive(entries);
        });
    }

    /** A valid archive of entries, one of which was changed. */
    private byte[] archive(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int changed = random.nextInt(entries.size());
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            int k = 0;
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(k++ == changed ? mutatedNpy(entry.getValue()) : entry.getValue());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    // ---- changes ----

    /** Flips bits, cuts, inserts, repeats or overwrites some bytes, one to three times. */
    private byte[] bytes(byte[] valid) {
        byte[] bytes = valid;
        for (int k = random.nextInt(3); k >= 0; k--) {
            int at = random.nextInt(bytes.length + 1);
            int end = Math.min(bytes.length, at + 1 + random.nextInt(12));
            byte[] some = new byte[random.nextInt(9)];
            random.nextBytes(some);
            bytes = switch (random.nextInt(7)) {
                case 0 -> joined(Arrays.copyOf(bytes, at), new byte[0], bytes, end);
                case 1 -> joined(Arrays.copyOf(bytes, at), some, bytes, at);
                case 2 -> joined(Arrays.copyOf(bytes, end), new byte[0], bytes, at);
                case 3 -> Arrays.copyOf(bytes, at);
                case 4 ->
                    joined(
                            Arrays.copyOf(bytes, at),
                            new byte[] {-1, -1, -1, 127},
                            bytes,
                            Math.min(bytes.length, at + 4));
                default -> flipped(bytes);
            };
        }
        return bytes;
    }

    private byte[] flipped(byte[] bytes) {
        byte[] flipped = bytes.clone();
        if (flipped.length > 0) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private static byte[] joined(byte[] start, byte[] middle, byte[] rest, int from) {
        return ByteBuffer.allocate(start.length + middle.length + rest.length - from)
                .put(start)
                .put(middle)
                .put(rest, from, rest.length - from)
                .array();
    }

    /** Replaces a number by another one, or inserts a word anywhere, one to three times. */
    private byte[] text(byte[] valid) {
        StringBuilder text = new StringBuilder(new String(valid, ISO_8859_1));
        for (int k = random.nextInt(3); k >= 0; k--) {
            int at = random.nextInt(text.length() + 1);
            Matcher number = NUMBER.matcher(text);
            if (random.nextInt(3) > 0 && number.find(at)) {
                text.replace(number.start(), number.end(), NUMBERS.get(random.nextInt(NUMBERS.size())));
            } else {
                text.replace(
                        at, Math.min(text.length(), at + random.nextInt(4)), WORDS.get(random.nextInt(WORDS.size())));
            }
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    // ---- trying ----

    private interface Mutation {
        byte[] next();
    }

    private void tryAll(Function<Path, Object> loader, int factor, Mutation mutation) throws IOException {
        int read = 0;
        for (int k = 0; k < COUNT; k++) {
            byte[] bytes = mutation.next();
            Files.write(file, bytes);
            long limit = (long) factor * bytes.length + OVERHEAD;
            long before = THREADS.getCurrentThreadAllocatedBytes();
            read += isRead(loader, bytes) ? 1 : 0;
            // Memory that the JVM allocates only once, for example to initialize a class or to compile code, isn't
            // counted.
            if (THREADS.getCurrentThreadAllocatedBytes() - before > limit) {
                before = THREADS.getCurrentThreadAllocatedBytes();
                isRead(loader, bytes);
                long again = THREADS.getCurrentThreadAllocatedBytes() - before;
                assertThat(again).as(HexFormat.of().formatHex(bytes)).isLessThanOrEqualTo(limit);
            }
        }
        // Some of the changed files are still read, but not nearly all.
        assertThat(read).isBetween(COUNT / 1000, COUNT * 9 / 10);
    }

    @CanIgnoreReturnValue
    private boolean isRead(Function<Path, Object> loader, byte[] bytes) {
        try {
            return loader.apply(file) != null;
        } catch (MalformedFileException e) {
            return false;
        } catch (RuntimeException | Error e) {
            boolean large = e instanceof IllegalArgumentException
                    && String.valueOf(e.getMessage()).contains("larger than an array");
            boolean gone = e instanceof UncheckedIOException && e.getCause() instanceof NoSuchFileException;
            // A changed index may name a file that doesn't exist.
            if (!large && !gone) {
                throw new AssertionError(HexFormat.of().formatHex(bytes), e);
            }
            return false;
        }
    }
}
