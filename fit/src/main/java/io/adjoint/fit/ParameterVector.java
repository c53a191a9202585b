package io.adjoint.fit;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Trees;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The elements of all tensors of a tree as one vector, and their names for messages. */
final class ParameterVector<P> {
    private static final int MOST_NAMED = 6;

    private final String op;
    private final P start;
    private final Map<String, Tensor> leaves;
    private final int size;

    /** Takes the start, whose tensors must be FLOAT64 and finite. */
    ParameterVector(String op, P start) {
        this.op = op;
        this.start = start;
        leaves = Trees.leaves(start);
        leaves.forEach((path, leaf) -> {
            if (leaf.dtype() != DType.FLOAT64) {
                throw new IllegalArgumentException(op + ": " + (path.isEmpty() ? "the parameter" : path) + " is "
                        + leaf.dtype() + "; a fit needs FLOAT64: convert with to(FLOAT64)");
            }
        });
        size = leaves.values().stream().mapToInt(leaf -> leaf.shape().size()).sum();
        if (size == 0) {
            throw new IllegalArgumentException(
                    op + ": the start, a " + start.getClass().getSimpleName() + ", has no floating elements to fit");
        }
        double[] values = values();
        for (int k = 0; k < size; k++) {
            if (!Double.isFinite(values[k])) {
                throw new IllegalArgumentException(op + ": the start has " + name(k) + " = " + values[k]);
            }
        }
    }

    int size() {
        return size;
    }

    /** The elements of the start. */
    double[] values() {
        return concat(List.copyOf(leaves.values()));
    }

    /** A tree of the start's structure with other elements. */
    P tree(double[] values) {
        int[] from = {0};
        return Trees.map(start, leaf -> {
            int to = from[0] + leaf.shape().size();
            double[] part = Arrays.copyOfRange(values, from[0], to);
            from[0] = to;
            return Tensor.of(NdArray.wrap(leaf.shape(), part));
        });
    }

    /** The elements of another tree, whose tensors broadcast to the start's tensors. */
    double[] like(String what, P tree) {
        Map<String, Tensor> others = Trees.leaves(tree);
        for (String path : others.keySet()) {
            if (!leaves.containsKey(path)) {
                throw new IllegalArgumentException(op + ": " + what + " at " + path
                        + " belong to no parameter; there are " + String.join(", ", leaves.keySet()));
            }
        }
        List<Tensor> parts = new ArrayList<>();
        leaves.forEach((path, leaf) -> {
            Tensor other = others.get(path);
            if (other == null) {
                throw new IllegalArgumentException(op + ": " + what + " have no tensor at " + path);
            } else if (!other.shape().broadcastsTo(leaf.shape())) {
                throw new ShapeException(op + ": " + what + " at " + path + " have the shape " + other.shape()
                        + ", which does not broadcast to " + leaf.shape());
            }
            parts.add(other.broadcastTo(leaf.shape()));
        });
        return concat(parts);
    }

    /** The elements of a tree of the start's structure and shapes. */
    double[] flat(P tree) {
        return concat(List.copyOf(Trees.leaves(tree).values()));
    }

    /** The Jacobian's blocks, in the structure of the parameters, as one matrix of m rows. */
    double[] matrix(P blocks, int m) {
        List<Tensor> columns = new ArrayList<>();
        for (Tensor block : Trees.leaves(blocks).values()) {
            columns.add(block.reshape(m, block.shape().size() / m));
        }
        return Autograd.noGrad(() -> Tensor.concat(1, columns)).data().toDoubleArray();
    }

    /** The name of an element, such as {@code .layers[0].weight[2, 1]}. */
    String name(int element) {
        int rest = element;
        for (Map.Entry<String, Tensor> leaf : leaves.entrySet()) {
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
        for (int k = 0; k < Math.min(size, MOST_NAMED); k++) {
            parts.add(name(k) + " = " + values[k]);
        }
        return String.join(", ", parts) + (size > MOST_NAMED ? ", …" : "");
    }

    private static double[] concat(List<Tensor> parts) {
        List<double[]> arrays =
                parts.stream().map(part -> part.data().toDoubleArray()).toList();
        double[] all = new double[arrays.stream().mapToInt(a -> a.length).sum()];
        int from = 0;
        for (double[] array : arrays) {
            System.arraycopy(array, 0, all, from, array.length);
            from += array.length;
        }
        return all;
    }
}
