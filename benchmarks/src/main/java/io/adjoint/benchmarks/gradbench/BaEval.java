package io.adjoint.benchmarks.gradbench;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.Dims;
import java.util.Arrays;
import java.util.Map;

/**
 * {@code ba}: bundle adjustment: the errors of points as cameras see them, and their sparse Jacobian. An observation depends on 11 numbers
 * of its camera, 3 of its point, and its weight, so the Jacobian has 2 rows of 15 numbers for each, which two vector-Jacobian products
 * compute for all observations of a block. Observations are the last axis of all arrays.
 */
@SuppressWarnings("ArrayRecordComponent") // nothing compares them
final class BaEval {
    private static final int CAMERA = 11;
    private static final int POINT = 3;
    private static final int COLUMNS = CAMERA + POINT + 1;
    /** The observations that are computed at once, so few that their intermediate results stay in the cache. */
    private static final int BLOCK = 1024;

    private BaEval() {}

    private record Input(int n, int m, int p, double[] cam, double[] x, double w, double[] feat) {
        /** Cameras, points and observations: n, m and p copies of one. */
        Problem problem() {
            return new Problem(
                    n, m, p, copies(cam, n), copies(x, m), Tensor.full(w, p), copies(feat, p), new Workspace());
        }

        private static Tensor copies(double[] values, int count) {
            return Tensor.of(values).unsqueeze(1).repeat(1, count);
        }
    }

    /** Cameras [11, n], points [3, m], weights [p], features [2, p]. Observation i is of point i mod m by camera i mod n. */
    private record Problem(
            int n, int m, int p, Tensor cameras, Tensor points, Tensor weights, Tensor features, Workspace workspace) {
        int end(int from) {
            return Math.min(from + BLOCK, p);
        }

        /** The 15 numbers on which each of some observations depends: [15, observations]. */
        Tensor parameters(int from) {
            int[] camera = new int[end(from) - from];
            int[] point = new int[end(from) - from];
            for (int i = 0; i < camera.length; i++) {
                camera[i] = (from + i) % n;
                point[i] = (from + i) % m;
            }
            Tensor weight = weights.slice(0, from, end(from)).unsqueeze(0);
            return Tensor.concat(0, cameras.indexSelect(1, camera), points.indexSelect(1, point), weight);
        }

        Tensor features(int from) {
            return features.slice(1, from, end(from));
        }
    }

    private record Errors(double[] reprojection, double[] weights) {
        /** All observations are copies of one, and so are their errors. */
        Object output() {
            int p = weights.length;
            return Map.of(
                    "reproj_error", Map.of("elements", Arrays.copyOf(reprojection, 2), "repeated", p),
                    "w_err", Map.of("element", weights[0], "repeated", p));
        }
    }

    /** A sparse matrix: {@code rows[i]} to {@code rows[i + 1]} are the positions of row i in the other two arrays. */
    private record Sparse(int[] rows, int[] cols, double[] vals) {
        /** The first two rows and the last entries, since all others are copies. */
        Object output() {
            return Map.of("rows", ends(rows), "cols", ends(cols), "vals", ends(vals));
        }

        private static int[] ends(int[] values) {
            int[] ends = Arrays.copyOf(values, 2 * COLUMNS + 1);
            ends[2 * COLUMNS] = values[values.length - 1];
            return ends;
        }

        private static double[] ends(double[] values) {
            double[] ends = Arrays.copyOf(values, 2 * COLUMNS + 1);
            ends[2 * COLUMNS] = values[values.length - 1];
            return ends;
        }
    }

    static Eval<Problem> eval() {
        return Eval.of(Input.class, Input::problem)
                .withoutWorkspace()
                .function("objective", BaEval::errors, Errors::output)
                .function("jacobian", BaEval::jacobian, Sparse::output);
    }

    private static Errors errors(Problem problem) {
        double[] reprojection = new double[2 * problem.p()];
        for (int i = 0; i < problem.p(); i += BLOCK) {
            int from = i;
            problem.workspace().run(() -> {
                Tensor error = error(problem.parameters(from), problem.features(from));
                copy(error.transpose(), reprojection, 2 * from);
            });
        }
        return new Errors(reprojection, weightError(problem.weights()).toArray(double[].class));
    }

    private static Sparse jacobian(Problem problem) {
        int p = problem.p();
        double[] vals = new double[(2 * COLUMNS + 1) * p];
        for (int i = 0; i < p; i += BLOCK) {
            int from = i;
            problem.workspace().run(() -> {
                Tensor features = problem.features(from);
                Transforms.Linear<Tensor, Tensor> errors =
                        Transforms.vjp(at -> error(at, features), problem.parameters(from));
                Tensor unit = Tensor.concat(
                        0,
                        Tensor.ones(1, features.shape().dim(1)),
                        Tensor.zeros(1, features.shape().dim(1)));
                Tensor rows = Tensor.stack(0, errors.pull(unit), errors.pull(unit.flip(0)));
                copy(rows.permute(2, 0, 1), vals, 2 * COLUMNS * from);
            });
        }
        Tensor slopes = Transforms.grad(w -> weightError(w).sum(), problem.weights());
        copy(slopes, vals, 2 * COLUMNS * p);
        return new Sparse(rows(p), cols(problem), vals);
    }

    /** Two rows for each observation, then one for each weight. */
    private static int[] rows(int p) {
        int[] rows = new int[3 * p + 1];
        for (int row = 0; row < 3 * p; row++) {
            rows[row + 1] = rows[row] + (row < 2 * p ? COLUMNS : 1);
        }
        return rows;
    }

    private static int[] cols(Problem problem) {
        int p = problem.p();
        int points = CAMERA * problem.n();
        int weights = points + POINT * problem.m();
        int[] cols = new int[(2 * COLUMNS + 1) * p];
        int next = 0;
        for (int row = 0; row < 2 * p; row++) {
            int i = row / 2;
            for (int k = 0; k < CAMERA; k++) {
                cols[next++] = i % problem.n() * CAMERA + k;
            }
            for (int k = 0; k < POINT; k++) {
                cols[next++] = points + i % problem.m() * POINT + k;
            }
            cols[next++] = weights + i;
        }
        for (int i = 0; i < p; i++) {
            cols[next++] = weights + i;
        }
        return cols;
    }

    /**
     * The weighted differences, [2, observations], between a projected point and its feature.
     *
     * @param at rotation, centre, focal length, principal point and two numbers of radial distortion of the camera; the point; the weight
     */
    private static Tensor error(Tensor at, Tensor features) {
        Tensor seen = Rotations.about(at.narrow(0, 0, 3), at.narrow(0, 11, 3).sub(at.narrow(0, 3, 3)));
        Tensor flat = seen.narrow(0, 0, 2).div(seen.narrow(0, 2, 1));
        Tensor square = flat.square().sum(Dims.KEEP, 0);
        Tensor distortion = at.narrow(0, 10, 1)
                .mul(square)
                .add(at.narrow(0, 9, 1))
                .mul(square)
                .add(1);
        Tensor projected = flat.mul(distortion).mul(at.narrow(0, 6, 1)).add(at.narrow(0, 7, 2));
        return projected.sub(features).mul(at.narrow(0, 14, 1));
    }

    private static Tensor weightError(Tensor w) {
        return w.square().rsub(1);
    }

    private static void copy(Tensor from, double[] to, int at) {
        double[] values = from.data().toDoubleArray();
        System.arraycopy(values, 0, to, at, values.length);
    }
}
