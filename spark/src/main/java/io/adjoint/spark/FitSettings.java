package io.adjoint.spark;

import io.adjoint.core.RandomStreams;
import io.adjoint.io.LibraryVersion;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a training. The bits of the trained weights depend on all settings except the number of workers.
 *
 * @param owner the estimator's class, for messages
 * @param optimizer null for Adam
 * @param schedule null for a constant learning rate
 * @param classWeights the weight of each class; empty for equal weights
 */
record FitSettings(
        String owner,
        ModelFactory factory,
        @Nullable OptimizerFactory optimizer,
        @Nullable ScheduleFactory schedule,
        boolean isClassifier,
        List<Double> classWeights,
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

    /** The factor by which the weight of a row with the given label is multiplied. */
    double classWeight(double label) {
        if (classWeights.isEmpty()) {
            return 1;
        }
        require(
                label < classWeights.size(),
                "there are " + classWeights.size() + " class weights, but a row has the label " + label);
        return classWeights.get((int) label);
    }

    /**
     * A name for a training, made of these settings, a checksum of the rows and the version of the library: trainings whose weights could
     * differ in a bit, as by another version, have different names.
     *
     * @param made a description of the optimizer, the model and the schedule that the factories have made
     */
    String fingerprint(long checksum, String made) {
        String text = LibraryVersion.TEXT + " " + owner + " " + name(factory) + " " + classWeights + " " + epochs + " "
                + batchSize + " " + shards + " " + learningRate + " " + seed + " " + made;
        long hash = checksum;
        for (int k = 0; k < text.length(); k++) {
            hash = RandomStreams.key(hash, text.charAt(k));
        }
        return String.format(Locale.ROOT, "fit-%016x", hash);
    }

    /** The name of a factory's class; for a lambda the name of the method that has the lambda's code. */
    private static String name(Object factory) {
        Class<?> type = factory.getClass();
        try {
            Method written = type.getDeclaredMethod("writeReplace");
            written.setAccessible(true);
            if (written.invoke(factory) instanceof SerializedLambda lambda) {
                return lambda.getImplClass() + "." + lambda.getImplMethodName();
            }
        } catch (ReflectiveOperationException e) {
            // The factory is not a lambda.
            return type.getName();
        }
        return type.getName();
    }
}
