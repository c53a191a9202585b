package io.adjoint.spark;

import java.util.List;
import java.util.function.Predicate;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Checks the columns of a data set, and reads their values. */
final class RowColumns {
    private RowColumns() {}

    /** Refuses a column that is missing, or whose type can't hold features: neither vectors, nor arrays of numbers, nor images. */
    static void requireFeatures(String owner, StructType schema, String column) {
        require(
                owner,
                schema,
                column,
                type -> (type instanceof ArrayType array && array.elementType() instanceof NumericType)
                        || type.catalogString()
                                .equals(ImageSchema.columnSchema().catalogString())
                        || type.equals(SQLDataTypes.VectorType()),
                "features are a vector, an array of numbers or an image of Spark's image source; VectorAssembler makes a"
                        + " vector of several columns");
    }

    /** Refuses a column that is missing or isn't numeric; {@code wanted} completes the message. */
    static void requireNumber(String owner, StructType schema, String column, String wanted) {
        require(owner, schema, column, type -> type instanceof NumericType, wanted);
    }

    static void requireBoolean(String owner, StructType schema, String column) {
        require(
                owner,
                schema,
                column,
                type -> type instanceof BooleanType,
                "it must be boolean: true for the rows of the validation");
    }

    private static void require(
            String owner, StructType schema, String column, Predicate<DataType> fits, String wanted) {
        if (!List.of(schema.fieldNames()).contains(column)) {
            throw new IllegalArgumentException(
                    owner + ": there is no column '" + column + "' among " + List.of(schema.fieldNames()));
        }
        DataType type = schema.apply(column).dataType();
        if (!fits.test(type)) {
            throw new IllegalArgumentException(
                    owner + ": the column '" + column + "' has the type " + type.simpleString() + ", but " + wanted);
        }
    }

    /** Returns a schema with further columns, whose names must be new. */
    static StructType with(String owner, StructType schema, List<StructField> added) {
        StructType all = schema;
        for (StructField field : added) {
            if (List.of(all.fieldNames()).contains(field.name())) {
                throw new IllegalArgumentException(owner + ": there is a column '" + field.name()
                        + "' already; drop it, or name the new one otherwise");
            }
            all = all.add(field);
        }
        return all;
    }

    static double number(String owner, Row row, int at) {
        if (row.isNullAt(at)) {
            throw missing(owner, row, at);
        }
        return ((Number) row.get(at)).doubleValue();
    }

    static IllegalArgumentException missing(String owner, Row row, int at) {
        return new IllegalArgumentException(owner + ": a row has null in the column '"
                + row.schema().fieldNames()[at] + "'; drop such rows by na().drop(), or fill them by an Imputer");
    }

    static IllegalArgumentException missingElement(String owner, Row row, int at) {
        String name = row.schema().fieldNames()[at];
        return new IllegalArgumentException(owner + ": an array of the column '" + name
                + "' has null; drop such rows by filter(\"not exists(`" + name + "`, x -> x is null)\")");
    }
}
