package io.adjoint.fit;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.linalg.DecompositionKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code (JᵀJ)⁻¹} of the parameters that are not held at a bound, from the singular values of J with columns of norm 1. A parameter that
 * the residuals do not determine has an infinite variance.
 */
final class Covariance {
    /** A parameter is reported as undetermined if its element of a null vector of J is larger than this. */
    private static final double SHARE = 1e-6;

    private final int n;
    /** The parameters that are not held. */
    private final int[] free;

    private final int m;
    /** m rows of n numbers; null after {@link #inverse}. */
    private double @Nullable [] jacobian;

    private @Nullable Inverse inverse;

    Covariance(double[] jacobian, int m, boolean[] held) {
        this.jacobian = jacobian;
        this.m = m;
        n = held.length;
        free = IntStream.range(0, n).filter(j -> !held[j]).toArray();
    }

    int free() {
        return free.length;
    }

    /**
     * The inverse and the undetermined parameters.
     *
     * @param matrix n rows of n numbers: NaN in the rows and columns of held parameters; an undetermined parameter has an infinite variance
     *     and the covariances NaN
     * @param undetermined disjoint groups of parameters of which the residuals determine a part only; a single one has no influence at
     *     all
     */
    @SuppressWarnings("ArrayRecordComponent") // nothing compares them
    record Inverse(double[] matrix, List<Set<Integer>> undetermined) {}

    /** Computed when it is first asked for: the singular value decomposition takes longer than a fit of many parameters. */
    synchronized Inverse inverse() {
        if (inverse == null) {
            inverse = invert(Objects.requireNonNull(jacobian));
            jacobian = null;
        }
        return inverse;
    }

    private Inverse invert(double[] rows) {
        int f = free.length;
        double[] columns = new double[m * f];
        double[] norms = new double[f];
        for (int i = 0; i < m; i++) {
            for (int k = 0; k < f; k++) {
                double element = rows[i * n + free[k]];
                columns[i * f + k] = element;
                norms[k] += element * element;
            }
        }
        for (int k = 0; k < f; k++) {
            norms[k] = norms[k] == 0 ? 1 : Math.sqrt(norms[k]);
        }
        for (int e = 0; e < columns.length; e++) {
            columns[e] /= norms[e % f];
        }
        double[] matrix = new double[n * n];
        Arrays.fill(matrix, Double.NaN);
        if (f == 0 || !Arrays.stream(columns).allMatch(Double::isFinite)) {
            return new Inverse(matrix, List.of());
        }
        NdArray scaled = NdArray.wrap(Shape.of(m, f), columns);
        List<NdArray> parts =
                DecompositionKernels.svd("svd", DecompositionKernels.qr(scaled).get(1));
        double[] singular = parts.get(1).toDoubleArray();
        double[] vt = parts.get(2).toDoubleArray();
        double negligible = Math.max(m, f) * Math.ulp(1.0) * singular[0];
        boolean[] open = new boolean[f];
        List<Set<Integer>> undetermined = new ArrayList<>();
        double[] factor = new double[f * f];
        for (int s = 0; s < f; s++) {
            Set<Integer> group = new TreeSet<>();
            for (int k = 0; k < f; k++) {
                double share = vt[s * f + k];
                if (singular[s] > negligible) {
                    factor[s * f + k] = share / singular[s] / norms[k];
                } else if (Math.abs(share) > SHARE) {
                    open[k] = true;
                    group.add(free[k]);
                }
            }
            if (!group.isEmpty()) {
                // Null vectors that share parameters may be any combinations of each other.
                List<Set<Integer>> others = undetermined.stream()
                        .filter(other -> !Collections.disjoint(other, group))
                        .toList();
                undetermined.removeAll(others);
                others.forEach(group::addAll);
                undetermined.add(group);
            }
        }
        NdArray factors = NdArray.wrap(Shape.of(f, f), factor);
        double[] product = factors.transpose().matmul(factors).toDoubleArray();
        for (int a = 0; a < f; a++) {
            for (int b = 0; b < f; b++) {
                double value = product[a * f + b];
                if (open[a] || open[b]) {
                    value = a == b ? Double.POSITIVE_INFINITY : Double.NaN;
                }
                matrix[free[a] * n + free[b]] = value;
            }
        }
        return new Inverse(matrix, undetermined);
    }
}
