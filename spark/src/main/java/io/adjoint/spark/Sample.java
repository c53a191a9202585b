package io.adjoint.spark;

import io.adjoint.core.RandomStreams;
import java.nio.ByteBuffer;
import org.apache.spark.sql.Row;

/**
 * A row of a training as bytes, the form in which rows are sent and kept: its index, label and weight, then its {@link Features}. The k-th
 * row of the validation, from 0 on, has the index −1 − k.
 */
final class Sample {
    private static final int LABEL = Long.BYTES;
    private static final int WEIGHT = LABEL + Double.BYTES;
    private static final int FEATURES = WEIGHT + Double.BYTES;

    private final byte[] bytes;
    private final ByteBuffer buffer;

    Sample(byte[] bytes) {
        this.bytes = bytes;
        buffer = ByteBuffer.wrap(bytes);
    }

    /**
     * Makes the sample of a row with the columns features, label, validation and weight. Until {@link #setIndex} sets the row's own index,
     * the index is 0, or −1 for a row of the validation.
     */
    static Sample of(FitSettings settings, Row row) {
        Sample sample = new Sample(Features.of(settings.owner(), row, 0, FEATURES));
        if (row.isNullAt(2)) {
            throw RowColumns.missing(settings.owner(), row, 2);
        }
        sample.buffer
                .putLong(0, row.getBoolean(2) ? -1 : 0)
                .putDouble(LABEL, RowColumns.number(settings.owner(), row, 1))
                .putDouble(WEIGHT, RowColumns.number(settings.owner(), row, 3));
        return sample;
    }

    /** Refuses an invalid label or weight of the row, and multiplies the weight by the weight of the row's class. */
    void weigh(FitSettings settings) {
        settings.requireLabel(label());
        settings.require(
                weight() >= 0 && Double.isFinite(weight()), "weights are finite and at least 0, got " + weight());
        buffer.putDouble(WEIGHT, weight() * settings.classWeight(label()));
    }

    byte[] bytes() {
        return bytes;
    }

    long index() {
        return buffer.getLong(0);
    }

    void setIndex(long index) {
        buffer.putLong(0, index);
    }

    boolean isValidation() {
        return index() < 0;
    }

    double label() {
        return buffer.getDouble(LABEL);
    }

    double weight() {
        return buffer.getDouble(WEIGHT);
    }

    int[] sizes() {
        return Features.sizes(bytes, FEATURES);
    }

    void copyFeatures(double[] to, int at, int count) {
        Features.copy(bytes, FEATURES, to, at, count);
    }

    /** A 64-bit hash of all bytes of the sample. */
    long hash() {
        long hash = bytes.length;
        int words = bytes.length / Long.BYTES * Long.BYTES;
        for (int k = 0; k < words; k += Long.BYTES) {
            hash = RandomStreams.key(hash, buffer.getLong(k));
        }
        for (int k = words; k < bytes.length; k++) {
            hash = RandomStreams.key(hash, bytes[k]);
        }
        return hash;
    }
}
