package io.adjoint.nn.train;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes the numbers of a training to the file {@code metrics.csv} in a folder: a row for each epoch and for each evaluation within one, on
 * request also for steps. The columns are {@code step}, {@code epoch} (the number of epochs that are over), {@code time} (UTC, as ISO
 * 8601), and one for each name; a name that is new gets a column at the end. A value that is named {@code step}, {@code epoch} or
 * {@code time} has the column {@code step value} and so on, one that is named {@code step value} the column {@code step value value}.
 * Control characters and line breaks in a name are escaped as in Java: a backslash, {@code u}, four hexadecimal digits. A name that a
 * spreadsheet would take for a formula has an apostrophe before it. No two names have one column.
 *
 * <p>Each row is handed to the operating system at once, so a process that is killed loses none. A training that is continued appends to
 * the file; rows after the moment from which it goes on, and a row that was half written, are removed before, by a file that replaces the
 * old one as a whole. So the file is as if nothing had ended the training, but for the times; save a checkpoint after the events that it
 * contains, as listeners of a {@link Trainer} do. A new training, whose moment is step 0, leaves an older file in the folder as
 * {@code metrics.1.csv} and so on.
 *
 * <p>A setting changes this object and returns it. For one thread at a time, and one training at a time in a folder.
 */
public final class CsvLog extends NumbersLog<CsvLog> {
    private static final String STEP = "step";
    private static final String EPOCH = "epoch";
    private static final List<String> FIRST = List.of(STEP, EPOCH, "time");

    /**
     * Control characters and ends of lines, halves of surrogate pairs, which UTF-8 can't encode, and the backslash of a text that reads as
     * one of their escapes.
     */
    private static final Pattern ESCAPED = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}]|\\\\(?=u[0-9A-F]{4})");

    private static final Pattern FORMULA = Pattern.compile("'*\\s*[=+\\-@]");
    private static final Pattern TAKEN = Pattern.compile("(" + String.join("|", FIRST) + ")( value)*");

    private final Path file;
    private Set<String> columns = new LinkedHashSet<>(FIRST);
    private @Nullable Writer writer;

    /** A log in a folder, which is made unless it is there. */
    public CsvLog(Path folder) {
        file = folder.resolve("metrics.csv");
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the file is there, but none of a {@code CsvLog}; it is left as it is
     * @throws UncheckedIOException if it cannot be read or written
     */
    @Override
    public void start(TrainingRun run) {
        io("start", () -> {
            close();
            Files.createDirectories(file.toAbsolutePath().getParent());
            columns = new LinkedHashSet<>(FIRST);
            if (Files.exists(file)) {
                goOn(run.at());
            } else {
                replace(List.of());
            }
            open();
        });
    }

    /**
     * Continues a file: keeps only the rows up to the given moment. If the training is new, the existing file belongs to another training,
     * and is renamed.
     */
    private void goOn(Moment at) throws IOException {
        String text = text();
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        String header = String.join(",", FIRST);
        require(!whole.isEmpty() || header.startsWith(text) || text.startsWith(header));
        List<Map<String, String>> rows = rows(whole);
        if (at.step() == 0 && at.epoch() == 0 && !rows.isEmpty()) {
            Files.move(file, free());
            columns = new LinkedHashSet<>(FIRST);
            replace(List.of());
            return;
        }
        List<Map<String, String>> kept = rows.stream()
                .filter(row -> !new Moment(number(row, STEP), (int) number(row, EPOCH), at.time()).isAfter(at))
                .toList();
        if (kept.size() < rows.size() || whole.length() < text.length() || whole.isEmpty()) {
            replace(kept);
        }
    }

    private String text() throws IOException {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(another(), e);
        }
    }

    private Path free() {
        int number = 1;
        while (Files.exists(file.resolveSibling("metrics." + number + ".csv"))) {
            number++;
        }
        return file.resolveSibling("metrics." + number + ".csv");
    }

    /** Parses the rows of a file; its header becomes the header of this log. */
    private List<Map<String, String>> rows(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        try (CsvReader<CsvRecord> csv = CsvReader.builder()
                .extraFieldStrategy(FieldMismatchStrategy.STRICT)
                .missingFieldStrategy(FieldMismatchStrategy.STRICT)
                .ofCsvRecord(text)) {
            List<CsvRecord> records = csv.stream().toList();
            List<String> header = records.get(0).getFields();
            require(header.size() >= FIRST.size()
                    && header.subList(0, FIRST.size()).equals(FIRST));
            columns = new LinkedHashSet<>(header);
            List<Map<String, String>> rows = new ArrayList<>();
            for (CsvRecord record : records.subList(1, records.size())) {
                Map<String, String> row = new LinkedHashMap<>();
                for (int k = 0; k < header.size(); k++) {
                    row.put(header.get(k), record.getField(k));
                }
                require(number(row, STEP) >= 0 && number(row, EPOCH) >= 0);
                rows.add(row);
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (CsvParseException | NumberFormatException e) {
            throw new IllegalArgumentException(another(), e);
        }
    }

    private void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException(another());
        }
    }

    private String another() {
        return "CsvLog: " + file + " is no file of a CsvLog; move it, or log to another folder";
    }

    private static long number(Map<String, String> row, String column) {
        return Long.parseLong(row.getOrDefault(column, ""));
    }

    /** Replaces the file atomically by a file with the given rows. */
    private void replace(List<Map<String, String>> rows) throws IOException {
        StringBuilder text = new StringBuilder(line(new ArrayList<>(columns)));
        for (Map<String, String> row : rows) {
            text.append(line(cells(row)));
        }
        Path beside = file.resolveSibling("metrics.csv.new");
        try {
            Files.writeString(beside, text, StandardCharsets.UTF_8);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private List<String> cells(Map<String, String> row) {
        return columns.stream().map(column -> row.getOrDefault(column, "")).toList();
    }

    private static String line(List<String> cells) throws IOException {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
            csv.writeRecord(cells);
        }
        return text.toString();
    }

    private void open() throws IOException {
        writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }

    private void close() throws IOException {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    /**
     * Writes a row.
     *
     * @throws IllegalStateException before {@code start} and after {@code end}
     * @throws UncheckedIOException if it cannot be written
     */
    @Override
    public void numbers(Moment at, Map<String, Double> values) {
        if (writer == null) {
            throw new IllegalStateException("CsvLog: call start(run) before any other event");
        }
        Map<String, String> row = new LinkedHashMap<>();
        row.put(STEP, Long.toString(at.step()));
        row.put(EPOCH, Integer.toString(at.epoch()));
        row.put("time", at.time().toString());
        values.forEach((name, value) -> row.put(column(name), Double.toString(value)));
        io("write", () -> {
            if (!columns.containsAll(row.keySet())) {
                addColumns(row.keySet());
            }
            Writer out = Objects.requireNonNull(writer);
            out.write(line(cells(row)));
            out.flush();
        });
    }

    /** Appends columns; if that fails, the old file is unchanged and still open. */
    private void addColumns(Set<String> more) throws IOException {
        Set<String> before = columns;
        close();
        try {
            List<Map<String, String>> rows = rows(text());
            columns.addAll(more);
            replace(rows);
        } catch (Throwable e) {
            columns = before;
            throw e;
        } finally {
            open();
        }
    }

    /**
     * The column of a value: its name, as far as the file can have it. It depends on nothing else, so a training that is continued finds
     * its columns, and differs from the columns of other names, since each change of a name can be undone.
     */
    private static String column(String name) {
        String line = ESCAPED.matcher(name)
                .replaceAll(match -> String.format(
                        Locale.ROOT, "\\\\u%04X", (int) match.group().charAt(0)));
        String text = FORMULA.matcher(line).lookingAt() ? "'" + line : line;
        return TAKEN.matcher(text).matches() ? text + " value" : text;
    }

    @Override
    public void end(Moment at) {
        io("close", this::close);
    }

    /** An action that accesses files. */
    private interface Access {
        void run() throws IOException;
    }

    private void io(String verb, Access work) {
        try {
            work.run();
        } catch (IOException e) {
            throw new UncheckedIOException("CsvLog: cannot " + verb + " " + file + ": " + e.getMessage(), e);
        }
    }
}
