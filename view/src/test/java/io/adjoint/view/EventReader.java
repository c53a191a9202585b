package io.adjoint.view;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.tensorflow.framework.Summary;
import org.tensorflow.util.Event;
import org.tensorflow.util.SessionLog;

/** Reads event files as TensorBoard does, with TensorFlow's own classes for messages. */
final class EventReader {
    private EventReader() {}

    /** The files of a folder in the order of their names. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** The events of a file up to the first incomplete record. */
    static List<Event> events(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (bytes.remaining() >= 12) {
            long length = bytes.getLong();
            int checksum = bytes.getInt();
            if (bytes.remaining() < length + 4) {
                break;
            }
            byte[] record = new byte[(int) length];
            bytes.get(record);
            requireEqual(
                    checksum,
                    masked(ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .array()));
            requireEqual(bytes.getInt(), masked(record));
            events.add(Event.parseFrom(record));
        }
        return events;
    }

    private static void requireEqual(int checksum, int expected) {
        if (checksum != expected) {
            throw new AssertionError("checksum " + checksum + " instead of " + expected);
        }
    }

    private static int masked(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        long value = crc.getValue();
        return (int) (((value >>> 15) | (value << 17)) + 0xA282EAD8L);
    }

    /** All values that TensorBoard shows for a folder, by tag and step. A restart at a step discards earlier values from this step on. */
    @SuppressWarnings("NonApiType") // the steps are sorted
    static Map<String, TreeMap<Long, List<Summary.Value>>> shown(Path folder) throws IOException {
        Map<String, TreeMap<Long, List<Summary.Value>>> shown = new LinkedHashMap<>();
        for (Path file : files(folder)) {
            for (Event event : events(file)) {
                if (event.getSessionLog().getStatus() == SessionLog.SessionStatus.START) {
                    shown.values()
                            .forEach(values -> values.tailMap(event.getStep()).clear());
                }
                for (Summary.Value value : event.getSummary().getValueList()) {
                    shown.computeIfAbsent(value.getTag(), tag -> new TreeMap<>())
                            .computeIfAbsent(event.getStep(), step -> new ArrayList<>())
                            .add(value);
                }
            }
        }
        return shown;
    }

    /** The curves that TensorBoard draws; of several values with one step they have the last. */
    @SuppressWarnings("NonApiType") // the steps are sorted
    static Map<String, TreeMap<Long, Float>> scalars(Path folder) throws IOException {
        Map<String, TreeMap<Long, Float>> scalars = new TreeMap<>();
        shown(folder)
                .forEach((tag, steps) -> steps.forEach((step, values) -> {
                    Summary.Value last = values.get(values.size() - 1);
                    if (last.getValueCase() == Summary.Value.ValueCase.SIMPLE_VALUE) {
                        scalars.computeIfAbsent(tag, t -> new TreeMap<>()).put(step, last.getSimpleValue());
                    }
                }));
        return scalars;
    }

    /** One of the curves. */
    @SuppressWarnings("NonApiType") // the steps are sorted
    static TreeMap<Long, Float> scalar(Path folder, String tag) throws IOException {
        return Objects.requireNonNull(scalars(folder).get(tag), tag);
    }

    /** The only text with a tag. */
    static String text(Path folder, String tag) throws IOException {
        return one(folder, tag).getTensor().getStringVal(0).toStringUtf8();
    }

    /** The only value with a tag. */
    static Summary.Value one(Path folder, String tag) throws IOException {
        List<Summary.Value> values = Objects.requireNonNull(shown(folder).get(tag)).values().stream()
                .flatMap(List::stream)
                .toList();
        if (values.size() != 1) {
            throw new AssertionError(values);
        }
        return values.get(0);
    }

    /** Takes some bytes off the end of a file. */
    static void tear(Path file, int bytes) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - bytes));
    }
}
