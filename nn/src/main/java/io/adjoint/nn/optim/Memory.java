package io.adjoint.nn.optim;

import io.adjoint.core.StateFields;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of {@link LBFGS} after an iteration. The state is immutable, so a step that fails puts back the state before it.
 *
 * @param iterations the number of iterations so far; if it is 0, the other components have no meaning
 * @param direction the direction of the last iteration
 * @param gradient the gradient before the last iteration
 * @param length the length of the step along the direction
 * @param loss the loss before the last iteration
 * @param scale the initial approximation of the inverse Hessian, as a multiple of the identity
 * @param changes the remembered changes between iterations, the oldest first
 */
record Memory(
        int iterations, Flat direction, Flat gradient, double length, double loss, double scale, List<Change> changes) {
    private static final Flat NOTHING = new Flat(new double[0]);

    /** The change of the gradient, y, and of the parameters, s, between two iterations, and 1/(y·s). */
    record Change(Flat gradient, Flat move, double inverseCurvature) {
        Change(Flat gradient, Flat move) {
            this(gradient, move, 1 / gradient.dot(move));
        }
    }

    static Memory unknown() {
        return new Memory(0, NOTHING, NOTHING, 0, 0, 1, List.of());
    }

    /**
     * Returns the state of the next iteration: appends the change by the last iteration to the remembered changes, and computes the
     * direction −H·g, where H approximates the inverse Hessian, by the two-loop recursion of L-BFGS.
     *
     * @param history the largest number of changes to remember
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
        double[] alphas = new double[changes.size()];
        Flat q = gradient.mul(-1);
        for (int i = alphas.length - 1; i >= 0; i--) {
            Change change = changes.get(i);
            alphas[i] = change.move.dot(q) * change.inverseCurvature;
            q = q.add(-alphas[i], change.gradient);
        }
        q = q.mul(scale);
        for (int i = 0; i < alphas.length; i++) {
            Change change = changes.get(i);
            double beta = change.gradient.dot(q) * change.inverseCurvature;
            q = q.add(alphas[i] - beta, change.move);
        }
        return q;
    }

    Memory withLength(double length) {
        return new Memory(iterations, direction, gradient, length, loss, scale, changes);
    }

    /** A copy that remembers only the last {@code size} changes. */
    Memory withHistory(int size) {
        List<Change> last = changes.subList(Math.max(0, changes.size() - size), changes.size());
        return new Memory(iterations, direction, gradient, length, loss, scale, List.copyOf(last));
    }

    // ---- state ----

    /**
     * Declares the fields of the state; returns the state with the loaded values, or when saving with the values of this state.
     *
     * @param size the total number of elements of all parameters
     * @param history the largest number of changes
     */
    Memory declareState(StateFields fields, int size, int history) {
        int loaded = fields.count("iterations", iterations);
        int remembered = fields.count("changes", changes.size());
        fields.require(
                remembered <= history,
                "the number of changes must be at most the history, " + history + ", got " + remembered);
        List<Change> all = new ArrayList<>();
        for (int k = 0; k < remembered; k++) {
            Change now = k < changes.size() ? changes.get(k) : new Change(NOTHING, NOTHING, 0);
            String name = "change." + k;
            all.add(new Change(
                    vector(fields, name + ".gradient", now.gradient, size),
                    vector(fields, name + ".move", now.move, size)));
        }
        if (loaded == 0) {
            return new Memory(0, NOTHING, NOTHING, 0, 0, 1, all);
        }
        return new Memory(
                loaded,
                vector(fields, "direction", direction, size),
                vector(fields, "gradient", gradient, size),
                fields.number("length", length),
                fields.number("loss", loss),
                fields.number("scale", scale),
                all);
    }

    private static Flat vector(StateFields fields, String name, Flat now, int size) {
        double[] loaded = fields.numbers(name, now.values());
        fields.require(loaded.length == size, "'" + name + "' has " + loaded.length + " numbers instead of " + size);
        return new Flat(loaded.length == size ? loaded : new double[size]);
    }
}
