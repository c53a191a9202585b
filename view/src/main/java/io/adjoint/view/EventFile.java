package io.adjoint.view;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A file of TensorBoard events, in TensorFlow's record format: a length, the checksum of the length, the bytes, and the checksum of the
 * bytes. Each record is written to the operating system at once, without buffering.
 *
 * @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord">the format of records</a>
 */
final class EventFile implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{1,18})\\..*", Pattern.DOTALL);
    private static final int MASK = 0xA282EAD8;

    private final OutputStream out;

    private EventFile(OutputStream out) {
        this.out = out;
    }

    /** The event files in a folder, which must exist. */
    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> NAME.matcher(name(file)).matches()).toList();
        }
    }

    private static String name(Path file) {
        return Objects.requireNonNull(file.getFileName(), "a file in a folder has a name")
                .toString();
    }

    /** Moves all event files of a folder to a new subfolder: {@code older.1} or, if it exists, {@code older.2} and so on. */
    static void putAside(Path folder) throws IOException {
        List<Path> files = in(folder);
        for (int number = 1; !files.isEmpty(); number++) {
            Path older = folder.resolve("older." + number);
            try {
                Files.createDirectory(older);
            } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
                continue;
            }
            for (Path file : files) {
                Files.move(file, older.resolve(name(file)));
            }
            files = List.of();
        }
    }

    /**
     * Creates an event file whose name sorts after the names of the folder's existing event files, since TensorBoard reads the files in the
     * order of their names.
     */
    static EventFile create(Path folder, Instant time) throws IOException {
        long seconds = time.getEpochSecond();
        for (Path file : in(folder)) {
            Matcher older = NAME.matcher(name(file));
            if (older.matches()) {
                seconds = Math.max(seconds, Long.parseLong(older.group(1)) + 1);
            }
        }
        String name = String.format(
                Locale.ROOT,
                "events.out.tfevents.%010d.%s.%d.0",
                seconds,
                host(),
                ProcessHandle.current().pid());
        return new EventFile(
                Files.newOutputStream(folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** The machine's name from the environment; asking the network could take seconds. */
    private static String host() {
        return Stream.of("HOSTNAME", "COMPUTERNAME")
                .map(System::getenv)
                .filter(name -> name != null && name.matches("[A-Za-z0-9-]{1,64}"))
                .findFirst()
                .orElse("localhost");
    }

    /** Writes a record. */
    @SuppressWarnings("ByteBufferBackingArray") // array() has exactly the bytes of the buffer
    void write(byte[] record) throws IOException {
        byte[] length =
                ProtoMessage.littleEndian(Long.BYTES).putLong(record.length).array();
        ByteBuffer bytes = ProtoMessage.littleEndian(length.length + record.length + 2 * Integer.BYTES);
        bytes.put(length).putInt(checksum(length)).put(record).putInt(checksum(record));
        out.write(bytes.array());
    }

    /** TensorFlow's masked CRC-32C: the checksum is rotated and offset, since the CRC of bytes that contain CRCs would be weak. */
    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
