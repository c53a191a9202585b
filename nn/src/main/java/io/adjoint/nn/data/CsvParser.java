package io.adjoint.nn.data;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.adjoint.core.HeapException;
import io.adjoint.core.MalformedDataException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a CSV file record by record. Empty lines are skipped, unless the table has one column, where an empty line is a record. */
final class CsvParser implements Iterator<CsvRow>, AutoCloseable {
    /** FastCSV's default is 16,384; its limits of a record's characters bound the memory. */
    private static final int MOST_FIELDS = 1 << 24;

    private final DataFile.Opened file;
    private final CsvOptions options;
    private final CloseableIterator<CsvRecord> records;
    /** The header; null before the first record was read. */
    private @Nullable CsvHeader header;
    /** Records that were read ahead and not returned yet. */
    private final Deque<CsvRow> rows = new ArrayDeque<>();

    private boolean begun;

    private CsvParser(DataFile.Opened file, CsvOptions options, CloseableIterator<CsvRecord> records) {
        this.file = file;
        this.options = options;
        this.records = records;
    }

    /** Reads an open file. Closing the parser closes the file; if this method throws, the caller has to close the file. */
    static CsvParser of(DataFile.Opened file, CsvOptions options) {
        try {
            InputStream in = new BufferedInputStream(file.in());
            requireNoUtf16(in, file.name());
            BufferedReader text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
            text.mark(1);
            if (text.read() != '\ufeff') {
                text.reset();
            }
            CsvReader<CsvRecord> reader = CsvReader.builder()
                    .fieldSeparator(options.separator())
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .allowUnclosedQuote(false)
                    .skipEmptyLines(false)
                    .build(CsvRecordHandler.of(handler -> handler.maxFields(MOST_FIELDS)), text);
            return new CsvParser(file, options, reader.iterator());
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static RuntimeException failed(DataFile.Opened file, IOException cause) {
        return cause instanceof CharacterCodingException
                ? new UncheckedIOException(
                        "Csv: " + file.name() + " is not UTF-8; read a file of another charset by"
                                + " Csv.of(Files.readString(path, StandardCharsets.ISO_8859_1), options)",
                        cause)
                : file.failed(cause);
    }

    /** Refuses a file that begins with the byte order mark of UTF-16, or with two bytes of which one is 0, as a UTF-16 character. */
    private static void requireNoUtf16(InputStream in, String name) throws IOException {
        in.mark(2);
        int first = in.read();
        int second = in.read();
        in.reset();
        boolean isMark = (first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff);
        if (isMark || (second >= 0 && (first == 0) != (second == 0))) {
            throw new MalformedDataException("Csv: " + name + " is in UTF-16; save it in UTF-8");
        }
    }

    /**
     * Returns the header, and reads the first record for it if necessary; an empty file has a header without columns.
     *
     * @throws MalformedDataException if the options say that there is a header, and the file is empty
     */
    CsvHeader header() {
        CsvHeader known = begun ? header : begin();
        if (known == null && options.header()) {
            throw new MalformedDataException("Csv: " + file.name() + " is empty, without a header");
        }
        return known == null ? CsvHeader.of(file.name(), options, List.of(), 1) : known;
    }

    private @Nullable CsvHeader begin() {
        begun = true;
        int leading = 0;
        CsvRecord first = read();
        for (; first != null && isBlank(first); first = read()) {
            leading++;
        }
        if (first == null) {
            return null;
        }
        CsvHeader found = CsvHeader.of(file.name(), options, first.getFields(), first.getStartingLineNumber());
        header = found;
        if (!options.header()) {
            for (int line = 1; first.getFieldCount() == 1 && line <= leading; line++) {
                rows.add(new CsvRow(found, line, List.of("")));
            }
            rows.add(new CsvRow(found, first.getStartingLineNumber(), first.getFields()));
        }
        return found;
    }

    private static boolean isBlank(CsvRecord row) {
        return row.getFieldCount() == 1 && row.getField(0).isEmpty();
    }

    private @Nullable CsvRecord read() {
        try {
            return records.hasNext() ? records.next() : null;
        } catch (CsvParseException e) {
            Throwable cause = e.getCause();
            if (cause instanceof OutOfMemoryError error) {
                throw file.failed(new HeapException("a field", error));
            }
            // The message of the cause is added, since it says what is wrong with a field.
            String problem = e.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
            throw new MalformedDataException("Csv: " + file.name() + ": " + problem, e);
        } catch (UncheckedIOException e) {
            // The exception is replaced, since FastCSV's exception doesn't name the file.
            throw failed(file, Objects.requireNonNull(e.getCause()));
        }
    }

    @Override
    public boolean hasNext() {
        CsvHeader columns = header();
        while (rows.isEmpty()) {
            CsvRecord row = read();
            if (row == null) {
                return false;
            }
            int size = columns.names().size();
            if (isBlank(row) && size != 1) {
                continue;
            }
            if (row.getFieldCount() != size) {
                throw new MalformedDataException("Csv: " + file.name() + " line " + row.getStartingLineNumber()
                        + " has " + row.getFieldCount() + " fields, the first record has " + size);
            }
            rows.add(new CsvRow(columns, row.getStartingLineNumber(), row.getFields()));
        }
        return true;
    }

    @Override
    public CsvRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException("Csv: " + file.name() + " has no more records");
        }
        return rows.remove();
    }

    @Override
    public void close() {
        file.close();
    }
}
