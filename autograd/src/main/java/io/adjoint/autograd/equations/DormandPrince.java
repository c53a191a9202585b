package io.adjoint.autograd.equations;

import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Edge;
import io.adjoint.autograd.LibraryOps;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ArrayElements;
import io.adjoint.core.NdArray;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The method of Dormand and Prince of order 5, with an error estimate of order 4 and a continuous solution of order 4. Its seventh stage is
 * the first stage of the next step.
 *
 * @see <a href="https://doi.org/10.1016/0771-050X(80)90013-3">Dormand and Prince, A family of embedded Runge-Kutta formulae (1980)</a>
 * @see <a href="https://doi.org/10.1007/978-3-540-78862-1">Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I, II.4 to
 *     II.6</a>
 */
final class DormandPrince {
    private static final double[] NODES = {0, 1 / 5.0, 3 / 10.0, 4 / 5.0, 8 / 9.0, 1, 1};
    /** The weights of the stages before each stage; the last row gives the state at the end of the step. */
    private static final double[][] WEIGHTS = {
        {},
        {1 / 5.0},
        {3 / 40.0, 9 / 40.0},
        {44 / 45.0, -56 / 15.0, 32 / 9.0},
        {19372 / 6561.0, -25360 / 2187.0, 64448 / 6561.0, -212 / 729.0},
        {9017 / 3168.0, -355 / 33.0, 46732 / 5247.0, 49 / 176.0, -5103 / 18656.0},
        {35 / 384.0, 0, 500 / 1113.0, 125 / 192.0, -2187 / 6784.0, 11 / 84.0}
    };
    /** The differences from the weights of the method of order 4. */
    private static final double[] ERROR = {
        71 / 57600.0, 0, -71 / 16695.0, 71 / 1920.0, -17253 / 339200.0, 22 / 525.0, -1 / 40.0
    };
    /** The weights of the term of order 4 of the continuous solution. */
    private static final double[] CONTINUOUS = {
        -12715105075.0 / 11282082432.0,
        0,
        87487479700.0 / 32700410799.0,
        -10690763975.0 / 1880347072.0,
        701980252875.0 / 199316789632.0,
        -1453857185.0 / 822651844.0,
        69997945.0 / 29380423.0
    };
    /** The index of the stage before the last, which is at the end of the step, too. */
    private static final int BEFORE_LAST = 5;

    private DormandPrince() {}

    /**
     * A computed step.
     *
     * @param stages the seven derivatives
     * @param before the state from which the sixth stage was computed
     * @param end the state at the end of the step, from which the seventh stage was computed
     */
    record Step(double h, Tensor start, List<Tensor> stages, Tensor before, Tensor end) {
        Tensor derivative() {
            return stages.get(stages.size() - 1);
        }

        /** The estimated error of the end. */
        Tensor error() {
            return sum(null, h, ERROR, stages);
        }

        /** An estimate of {@code h · |λ|}, λ being the dominant eigenvalue of the right-hand side's Jacobian; NaN without a difference. */
        double stiffness() {
            double slope = norm(derivative().sub(stages.get(BEFORE_LAST)));
            double difference = norm(end.sub(before));
            return difference > 0 ? Math.abs(h) * slope / difference : Double.NaN;
        }

        /** The state at a fraction θ of the step, which broadcasts with the state. */
        Tensor at(Tensor fraction) {
            Tensor rest = fraction.rsub(1);
            Tensor whole = end.sub(start);
            Tensor first = stages.get(0).mul(h).sub(whole);
            Tensor second = whole.sub(derivative().mul(h)).sub(first);
            Tensor third = sum(null, h, CONTINUOUS, stages);
            return start.add(fraction.mul(whole.add(rest.mul(first.add(fraction.mul(second.add(rest.mul(third))))))));
        }
    }

    private static double norm(Tensor x) {
        return x.vectorNorm(2).item();
    }

    /** A step of a size h from a state whose derivative is known. */
    static Step step(BinaryOperator<Tensor> field, double t, double h, Tensor start, Tensor derivative) {
        List<Tensor> stages = new ArrayList<>();
        stages.add(derivative);
        Tensor before = start;
        Tensor end = start;
        for (int stage = 1; stage < NODES.length; stage++) {
            before = end;
            end = sum(start, h, WEIGHTS[stage], stages);
            stages.add(field.apply(time(t + NODES[stage] * h, start), end));
        }
        return new Step(h, start, stages, before, end);
    }

    /** A time as a scalar of a state's dtype. */
    static Tensor time(double t, Tensor state) {
        return Tensor.full(state.dtype(), t);
    }

    /** {@code start + h·Σ weight·stage}, or without the start if it is null, as one operation; sums are computed in double. */
    private static Tensor sum(@Nullable Tensor start, double h, double[] weights, List<Tensor> stages) {
        Tensor like = stages.get(0);
        double[] sums =
                start == null ? new double[like.shape().size()] : start.data().toDoubleArray();
        List<Edge> edges = new ArrayList<>();
        if (start != null) {
            edges.add(edge(start, g -> g));
        }
        for (int k = 0; k < weights.length; k++) {
            double factor = h * weights[k];
            if (weights[k] != 0) {
                double[] stage = stages.get(k).data().toDoubleArray();
                for (int e = 0; e < sums.length; e++) {
                    sums[e] += factor * stage[e];
                }
                edges.add(edge(stages.get(k), g -> g.mul(factor)));
            }
        }
        NdArray value = ArrayElements.ofDoubles(like.dtype(), like.shape(), sums);
        return LibraryOps.op("weightedSum", value, edges.toArray(Edge[]::new));
    }
}
