package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import java.util.Locale;

/** The number of samples of each class that were classified as each class. */
final class ConfusionMatrix {
    private final int[][] counts;

    /** Counts answers, INT32 classes below the given number, against the truth. */
    ConfusionMatrix(int classes, Tensor truth, Tensor answers) {
        counts = new int[classes][classes];
        int[] actual = truth.data().toIntArray();
        int[] answered = answers.data().toIntArray();
        for (int k = 0; k < actual.length; k++) {
            counts[actual[k]][answered[k]]++;
        }
    }

    /** The number of samples of one class that were classified as another, or as the same. */
    int count(int actual, int answered) {
        return counts[actual][answered];
    }

    int total() {
        int sum = 0;
        for (int[] row : counts) {
            for (int count : row) {
                sum += count;
            }
        }
        return sum;
    }

    int correct() {
        int sum = 0;
        for (int k = 0; k < counts.length; k++) {
            sum += counts[k][k];
        }
        return sum;
    }

    /** The fraction of right answers. */
    double accuracy() {
        return (double) correct() / total();
    }

    /** A row for each actual class, a column for each answer; a dot for none. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("actual \\ answered\n      ");
        for (int k = 0; k < counts.length; k++) {
            text.append(String.format(Locale.ROOT, "%4d", k));
        }
        for (int actual = 0; actual < counts.length; actual++) {
            text.append(String.format(Locale.ROOT, "%n%6d", actual));
            for (int count : counts[actual]) {
                text.append(count == 0 ? "   ." : String.format(Locale.ROOT, "%4d", count));
            }
        }
        return text.toString();
    }
}
