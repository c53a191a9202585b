package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.List;
import java.util.Set;

/**
 * The dialect of a CSV file. Immutable: each setting returns changed options.
 *
 * @param separator the character between fields, a comma by default
 * @param header whether the first record names the columns, as is the default; without it columns have numbers only
 * @param missing the texts of fields that stand for a missing number, read as NaN; none by default
 */
@CheckReturnValue
public record CsvOptions(char separator, boolean header, Set<String> missing) {
    /**
     * A dialect.
     *
     * @throws IllegalArgumentException if the separator is a quotation mark or ends a line
     */
    public CsvOptions {
        if (separator == '"' || separator == '\n' || separator == '\r') {
            throw new IllegalArgumentException(
                    "CsvOptions: the separator cannot be a quotation mark or an end of line");
        }
        missing = Set.copyOf(missing);
    }

    /** RFC 4180 with a header. */
    public CsvOptions() {
        this(',', true, Set.of());
    }

    /** With another separator, such as {@code ';'} or {@code '\t'}. */
    public CsvOptions separator(char separator) {
        return new CsvOptions(separator, header, missing);
    }

    /** With or without a first record that names the columns. */
    public CsvOptions header(boolean header) {
        return new CsvOptions(separator, header, missing);
    }

    /** With texts that stand for a missing number, such as {@code ""} and {@code "NA"}. */
    public CsvOptions missing(String... texts) {
        return new CsvOptions(separator, header, Set.copyOf(List.of(texts)));
    }
}
