package io.adjoint.nn.optim;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The knowledge of {@link LBFGS} after an iteration. It is never changed: an iteration that fails leaves the one before it.
 *
 * @param iterations the number of iterations so far; the rest has no meaning before the first
 * @param direction the direction of the last iteration
 * @param gradient the gradient before it
 * @param length the step along the direction
 * @param loss the loss before it
 * @param scale the inverse Hessian before the changes, a multiple of the identity
 * @param changes the last changes, the oldest first
 */
record Memory(
        int iterations, Flat direction, Flat gradient, double length, double loss, double scale, List<Change> changes) {
    private static final Flat NOTHING = Flat.of(NdArray.zeros(DType.FLOAT64, Shape.of(0)));

    /** A change of the gradient and of the parameters between two iterations. */
    record Change(Flat gradient, Flat move, double inverseCurvature) {
        Change(Flat gradient, Flat move) {
            this(gradient, move, 1 / gradient.dot(move));
        }
    }

    static Memory unknown() {
        return new Memory(0, NOTHING, NOTHING, 0, 0, 1, List.of());
    }

    /**
     * The next iteration: with the last change, and the direction −H·g by the two loops of the paper.
     *
     * @param history the number of changes to remember
     */
    Memory next(Flat newGradient, double newLoss, int history) {
        if (iterations == 0) {
            return new Memory(1, newGradient.mul(-1), newGradient, 0, newLoss, 1, List.of());
        }
        List<Change> all = new ArrayList<>(changes);
        double newScale = scale;
        Change change = new Change(newGradient.add(-1, gradient), direction.mul(length));
        double curvature = change.gradient.dot(change.move);
        if (curvature > 1e-10) {
            if (all.size() == history) {
                all.remove(0);
            }
            all.add(change);
            newScale = curvature / change.gradient.dot(change.gradient);
        }
        Flat q = direction(newGradient, newScale, all);
        return new Memory(Optimizer.next(iterations), q, newGradient, 0, newLoss, newScale, all);
    }

    private static Flat direction(Flat gradient, double scale, List<Change> changes) {
        double[] parts = new double[changes.size()];
        Flat q = gradient.mul(-1);
        for (int i = parts.length - 1; i >= 0; i--) {
            Change change = changes.get(i);
            parts[i] = change.move.dot(q) * change.inverseCurvature;
            q = q.add(-parts[i], change.gradient);
        }
        q = q.mul(scale);
        for (int i = 0; i < parts.length; i++) {
            Change change = changes.get(i);
            double part = change.gradient.dot(q) * change.inverseCurvature;
            q = q.add(parts[i] - part, change.move);
        }
        return q;
    }

    Memory withLength(double length) {
        return new Memory(iterations, direction, gradient, length, loss, scale, changes);
    }

    /** With the last changes only. */
    Memory withHistory(int size) {
        List<Change> last = changes.subList(Math.max(0, changes.size() - size), changes.size());
        return new Memory(iterations, direction, gradient, length, loss, scale, List.copyOf(last));
    }

    // ---- state ----

    Map<String, NdArray> state() {
        Map<String, NdArray> state = new LinkedHashMap<>();
        state.put("iterations", NdArray.scalar(DType.INT32, iterations));
        state.put("changes", NdArray.scalar(DType.INT32, changes.size()));
        if (iterations > 0) {
            state.put("length", NdArray.scalar(DType.FLOAT64, length));
            state.put("loss", NdArray.scalar(DType.FLOAT64, loss));
            state.put("scale", NdArray.scalar(DType.FLOAT64, scale));
            state.put("direction", direction.toArray());
            state.put("gradient", gradient.toArray());
        }
        for (int k = 0; k < changes.size(); k++) {
            state.put("change." + k + ".gradient", changes.get(k).gradient.toArray());
            state.put("change." + k + ".move", changes.get(k).move.toArray());
        }
        return state;
    }

    /** Of a state that has been checked, and these counts in it. */
    static Memory of(Map<String, NdArray> state, int iterations, int remembered) {
        List<Change> changes = new ArrayList<>();
        for (int k = 0; k < remembered; k++) {
            changes.add(new Change(vector(state, "change." + k + ".gradient"), vector(state, "change." + k + ".move")));
        }
        return iterations == 0
                ? new Memory(0, NOTHING, NOTHING, 0, 0, 1, changes)
                : new Memory(
                        iterations,
                        vector(state, "direction"),
                        vector(state, "gradient"),
                        Optimizer.entry(state, "length").item(),
                        Optimizer.entry(state, "loss").item(),
                        Optimizer.entry(state, "scale").item(),
                        changes);
    }

    private static Flat vector(Map<String, NdArray> state, String name) {
        return Flat.of(Optimizer.entry(state, name));
    }
}
