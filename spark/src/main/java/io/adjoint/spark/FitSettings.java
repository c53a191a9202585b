package io.adjoint.spark;

import java.io.Serializable;
import java.util.Locale;

/**
 * The settings of a training that its bits depend on, and the number of workers, on which they don't.
 *
 * @param owner the estimator's class, for messages
 */
record FitSettings(
        String owner,
        ModelFactory factory,
        boolean isClassifier,
        int epochs,
        int batchSize,
        int shards,
        int workers,
        double learningRate,
        long seed)
        implements Serializable {
    void require(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException(owner + ": " + problem);
        }
    }

    void requireLabel(double label) {
        if (isClassifier) {
            require(
                    label >= 0 && label % 1 == 0,
                    "labels are whole numbers from 0 on, got " + label + "; StringIndexer makes such of any values");
        } else {
            require(Double.isFinite(label), "labels are finite, got " + label);
        }
    }

    /** A name that differs where a training would: that of the settings with the bits of the rows. */
    String fingerprint(long checksum) {
        // The rest of a lambda's name is another one in each JVM.
        String model = factory.getClass().getName().replaceFirst("\\$\\$Lambda.*", "");
        String text = owner + model + epochs + " " + batchSize + " " + shards + " " + learningRate + " " + seed;
        long hash = checksum;
        for (int k = 0; k < text.length(); k++) {
            hash = (hash ^ text.charAt(k)) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> Integer.SIZE;
        }
        return String.format(Locale.ROOT, "fit-%016x", hash);
    }
}
