package io.adjoint.nn.data;

import io.adjoint.core.DType;
import io.adjoint.core.MalformedDataException;
import io.adjoint.core.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A column of a {@link TableSchema}.
 *
 * @param vocabulary its categories; null for a column of numbers
 */
record TableColumn(String name, @Nullable Vocabulary vocabulary) {
    TableColumn {
        for (String token : vocabulary == null ? List.<String>of() : vocabulary.tokens()) {
            if (!token.equals(token.strip())) {
                throw new IllegalArgumentException("TableSchema: category " + Messages.quoted(token) + " of column "
                        + Messages.quoted(name)
                        + " has spaces around it, which are left out of fields; make the vocabulary"
                        + " of texts without them, as strip() makes them");
            }
        }
    }

    /** A column of the categories that rows have there, sorted. */
    static TableColumn of(Dataset<CsvRow> rows, String name) {
        TreeSet<String> texts = new TreeSet<>();
        for (int k = 0; k < rows.size(); k++) {
            String text = rows.get(k).present(name);
            if (text != null) {
                texts.add(text);
            }
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("TableSchema: column " + Messages.quoted(name) + " has no category in "
                    + rows.size() + " rows; leave it out, or give its vocabulary by category(name, vocabulary)");
        }
        return new TableColumn(name, Vocabulary.of(texts));
    }

    Vocabulary requireVocabulary() {
        if (vocabulary == null) {
            throw new IllegalArgumentException(
                    "TableSchema: column " + Messages.quoted(name) + " has numbers, and no vocabulary");
        }
        return vocabulary;
    }

    // ---- fields ----

    /** The number of this column's field in a tensor. */
    double value(TableFields fields, DType dtype, boolean unknownAsMissing) {
        String text = fields.text(name);
        if (vocabulary == null) {
            return text == null ? Double.NaN : number(text, fields, dtype);
        }
        int index = text == null ? vocabulary.unknown() : vocabulary.find(text);
        if (index >= 0) {
            return index;
        } else if (text == null || unknownAsMissing) {
            return Double.NaN;
        }
        throw unknown(fields, vocabulary, "; unknownAsMissing() reads unknown categories as missing");
    }

    /** The number of this column's field as a target, which is never missing. */
    double target(TableFields fields, DType dtype) {
        String text = fields.text(name);
        double number = text != null && vocabulary == null ? number(text, fields, dtype) : 0;
        if (text == null || Double.isNaN(number)) {
            throw fields.malformed(
                    name,
                    "is a missing target; leave such rows out, as by rows.filter(…); tensor(rows) reads rows without the target");
        } else if (vocabulary == null) {
            return number;
        }
        int index = vocabulary.find(text);
        if (index < 0) {
            throw unknown(fields, vocabulary, "");
        }
        return index;
    }

    private MalformedDataException unknown(TableFields fields, Vocabulary known, String remedy) {
        return fields.malformed(
                name, "is none of the " + known.size() + " categories " + Messages.list(known.tokens()) + remedy);
    }

    private double number(String text, TableFields fields, DType dtype) {
        double number = CsvHeader.floating(
                text,
                dtype,
                () -> fields.wayToMissing() + ", and a column of texts is declared by categories",
                problem -> fields.malformed(name, problem));
        if (Double.isInfinite(number)) {
            throw fields.malformed(name, "is not a finite number; " + fields.wayToMissing());
        }
        return number;
    }

    // ---- description ----

    /** The fields of this column's line in the text of a schema. */
    List<String> fields(String ofNumbers, String ofCategories) {
        List<String> fields = new ArrayList<>();
        fields.add(vocabulary == null ? ofNumbers : ofCategories);
        fields.add(EscapedText.escape(name));
        if (vocabulary != null) {
            fields.addAll(vocabulary.escaped());
        }
        return fields;
    }

    /**
     * The column of a line's fields.
     *
     * @throws IllegalArgumentException if they don't fit
     */
    static TableColumn parse(List<String> fields, boolean isCategory) {
        requireFields(fields, 1, isCategory ? Integer.MAX_VALUE : 1);
        Vocabulary vocabulary = isCategory ? Vocabulary.ofEscaped(fields.subList(2, fields.size())) : null;
        return new TableColumn(EscapedText.unescape(fields.get(1)), vocabulary);
    }

    /** Refuses a line with fewer or more fields after its kind. */
    static void requireFields(List<String> fields, int least, int most) {
        int count = fields.size() - 1;
        if (count < least || count > most) {
            throw new IllegalArgumentException(Messages.quoted(fields.get(0)) + " has "
                    + (most > least ? "at least " : "") + least + (least == 1 ? " field" : " fields")
                    + " after it, got "
                    + count);
        }
    }

    String describe() {
        return name + (vocabulary == null ? "" : " (" + vocabulary.size() + " categories)");
    }
}
