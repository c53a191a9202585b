package io.adjoint.examples;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** The data that comes with the examples. */
final class Resources {
    private Resources() {}

    /** A file beside the examples, by its folder and name. */
    static InputStream open(String name) {
        return Objects.requireNonNull(Resources.class.getResourceAsStream(name), name);
    }

    /** The rows of a CSV file whose first line names the columns. */
    static List<NamedCsvRecord> csv(String name) throws IOException {
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(open(name))) {
            return csv.stream().toList();
        }
    }

    /** A column as a number. */
    static double number(NamedCsvRecord row, String column) {
        return Double.parseDouble(row.getField(column));
    }
}
