package io.adjoint.fit;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.DenseVectors;
import io.adjoint.autograd.equations.SolverException;
import io.adjoint.autograd.transforms.Packing;
import io.adjoint.autograd.transforms.Trees;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The elements of all tensors of a tree as one vector, and their names for messages. */
final class ParameterVector<P> {
    private static final int MOST_NAMED = 6;

    private final String op;
    private final Packing<P> packing;

    /** A sentence about the last trial for which the function threw an exception. */
    @Nullable
    String refusal;

    /** Takes the start, whose tensors must be FLOAT64 and finite. */
    ParameterVector(String op, P start) {
        this.op = op;
        Trees.leaves(start).forEach((path, leaf) -> {
            if (leaf.dtype() != DType.FLOAT64) {
                throw new IllegalArgumentException(op + ": " + (path.isEmpty() ? "the parameter" : path) + " is "
                        + leaf.dtype() + "; a fit needs FLOAT64: convert with to(FLOAT64)");
            }
        });
        packing = Autograd.noGrad(() -> new Packing<>(op, start, false));
        double[] values = values();
        for (int k = 0; k < values.length; k++) {
            if (!Double.isFinite(values[k])) {
                throw new IllegalArgumentException(op + ": the start has " + name(k) + " = " + values[k]);
            }
        }
    }

    /**
     * A function's values at a trial; NaN, for which a search shortens the step, where the function throws an exception for the parameters'
     * values, as a distribution does for a negative scale, or an equation that it solves has no solution.
     */
    Tensor trial(Supplier<Tensor> function, double[] x, Shape shape) {
        try {
            return function.get();
        } catch (IllegalArgumentException | SolverException e) {
            if (e instanceof IllegalArgumentException && e.getClass() != IllegalArgumentException.class) {
                throw e; // wrong shapes and dtypes, numbers that can't be parsed
            }
            refusal = "the function refused the trial " + describe(x) + ": " + e.getMessage();
            return Tensor.full(shape, Double.NaN);
        }
    }

    Packing<P> packing() {
        return packing;
    }

    int size() {
        return packing.start().shape().size();
    }

    /** The elements of the start. */
    double[] values() {
        return DenseVectors.of(packing.start());
    }

    /** A tree of the start's structure with other elements. */
    P tree(double[] values) {
        return packing.unpack(DenseVectors.tensor(values.clone(), packing.start()));
    }

    /** The elements of another tree, whose tensors broadcast to the start's tensors. */
    double[] like(String what, P tree) {
        Map<String, Tensor> given = Trees.leaves(tree);
        for (String path : packing.leaves().keySet()) {
            if (!given.containsKey(path)) {
                throw new IllegalArgumentException(op + ": " + what + " has no floating tensor"
                        + (path.isEmpty() ? "" : " at " + path) + "; give an infinite element where there is no bound");
            }
        }
        return DenseVectors.of(Autograd.noGrad(() -> packing.packBroadcast(what, tree)));
    }

    /** The Jacobian's blocks, in the structure of the parameters, as one matrix of m rows. */
    double[] matrix(P blocks, int m) {
        List<Tensor> columns = new ArrayList<>();
        for (Tensor block : Trees.leaves(blocks).values()) {
            columns.add(block.reshape(m, block.shape().size() / m));
        }
        Tensor matrix = columns.size() == 1 ? columns.get(0) : Autograd.noGrad(() -> Tensor.concat(1, columns));
        return matrix.data().toDoubleArray();
    }

    /** The name of an element, such as {@code .layers[0].weight[2, 1]}. */
    String name(int element) {
        int rest = element;
        for (Map.Entry<String, Tensor> leaf : packing.leaves().entrySet()) {
            Shape shape = leaf.getValue().shape();
            if (rest < shape.size()) {
                String path = leaf.getKey().isEmpty() ? "parameter" : leaf.getKey();
                return shape.rank() == 0 ? path : path + Arrays.toString(shape.unravelIndex(rest));
            }
            rest -= shape.size();
        }
        throw new IndexOutOfBoundsException(element);
    }

    /** The first elements with their values, such as {@code .amplitude = 2.0, .rate = 0.5}. */
    String describe(double[] values) {
        List<String> parts = new ArrayList<>();
        for (int k = 0; k < Math.min(values.length, MOST_NAMED); k++) {
            parts.add(name(k) + " = " + values[k]);
        }
        return String.join(", ", parts) + (values.length > MOST_NAMED ? ", …" : "");
    }
}
