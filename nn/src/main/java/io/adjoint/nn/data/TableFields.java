package io.adjoint.nn.data;

import io.adjoint.core.MalformedDataException;
import io.adjoint.core.Messages;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a row or a record by the names of their columns. */
interface TableFields {
    /** The text of a field without spaces around it; null if the field is missing. */
    @Nullable
    String text(String column);

    /** Makes the exception for a field. */
    MalformedDataException malformed(String column, String problem);

    /** The advice for a text that stands for a missing field. */
    String wayToMissing();

    /** The fields of a row of a CSV file. */
    record OfRow(CsvRow row) implements TableFields {
        @Override
        public @Nullable String text(String column) {
            return row.present(column);
        }

        @Override
        public MalformedDataException malformed(String column, String problem) {
            return row.malformed("TableSchema", column, problem);
        }

        @Override
        public String wayToMissing() {
            return "name a text that stands for a missing one in CsvOptions.missing";
        }
    }

    /** The values of a map. */
    record OfMap(Map<String, ?> record) implements TableFields {
        @Override
        public @Nullable String text(String column) {
            Object value = record.get(column);
            if (value == null && !record.containsKey(column)) {
                throw new IllegalArgumentException("TableSchema: the record has no " + Messages.quoted(column)
                        + "; it has "
                        + Messages.list(List.copyOf(record.keySet())) + ". A missing value is null or an empty text");
            }
            String text = value == null ? "" : value.toString().strip();
            return text.isEmpty() ? null : text;
        }

        @Override
        public MalformedDataException malformed(String column, String problem) {
            return new MalformedDataException("TableSchema: " + Messages.quoted(column) + " of the record: "
                    + Messages.quoted(String.valueOf(record.get(column))) + " " + problem);
        }

        @Override
        public String wayToMissing() {
            return "a missing one is null or an empty text";
        }
    }
}
