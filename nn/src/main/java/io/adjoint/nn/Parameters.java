package io.adjoint.nn;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.ShapeException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Parameters as one vector, and back: for search methods, solvers and products with the Hessian, which know vectors only.
 *
 * <pre>{@code
 * NdArray vector = Parameters.toVector(model.parameters()).data();
 * Parameters.assign(model.parameters(), vector.mul(0.5));
 * }</pre>
 */
public final class Parameters {
    private Parameters() {}

    /**
     * The elements of all tensors, one after the other in row-major order: {@code [n]}. Its gradient reaches each of them.
     *
     * @param parameters of one dtype, as {@link Block#parameters} lists them
     * @throws IllegalArgumentException if there are none
     * @throws DTypeException if they are of several dtypes
     */
    public static Tensor toVector(Collection<Tensor> parameters) {
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("Parameters.toVector: there are no parameters to make a vector of");
        }
        return Tensor.concat(
                0, parameters.stream().map(leaf -> leaf.reshape(-1)).toList());
    }

    /**
     * The parts of a vector with the shapes of given parameters, by the same paths, for {@link Block#withParameters}. The gradient of each
     * reaches the vector. A parameter with several paths takes one part of the vector.
     *
     * @param vector {@code [n]}, of the parameters' dtype
     * @param parameters as {@link Block#namedParameters} lists them
     * @throws ShapeException if the vector does not have as many elements as the parameters
     * @throws DTypeException if it is of another dtype
     */
    public static Map<String, Tensor> fromVector(Tensor vector, Map<String, Tensor> parameters) {
        Map<Tensor, Tensor> parts = new LinkedHashMap<>();
        requireFits("fromVector", vector.data(), List.copyOf(new LinkedHashSet<>(parameters.values())));
        int at = 0;
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (Map.Entry<String, Tensor> entry : parameters.entrySet()) {
            Tensor leaf = entry.getValue();
            Tensor part = parts.get(leaf);
            if (part == null) {
                int end = at + leaf.shape().size();
                part = vector.slice(0, at, end).reshape(leaf.shape());
                parts.put(leaf, part);
                at = end;
            }
            all.put(entry.getKey(), part);
        }
        return all;
    }

    /**
     * Replaces the elements of all parameters by the elements of a vector, as {@link #toVector} has them.
     *
     * @param parameters leaves
     * @param vector {@code [n]}, of the parameters' dtype
     * @throws ShapeException if the vector does not have as many elements as the parameters; then nothing has changed
     * @throws DTypeException if it is of another dtype; then nothing has changed
     */
    public static void assign(Collection<Tensor> parameters, NdArray vector) {
        requireFits("assign", vector, parameters);
        int at = 0;
        for (Tensor leaf : parameters) {
            int end = at + leaf.shape().size();
            leaf.assign(vector.slice(0, at, end).reshape(leaf.shape()));
            at = end;
        }
    }

    private static void requireFits(String call, NdArray vector, Collection<Tensor> parameters) {
        long size = 0;
        for (Tensor leaf : parameters) {
            size += leaf.shape().size();
            DTypeException.requireSameFloating("Parameters." + call, leaf.dtype(), vector.dtype());
        }
        if (vector.shape().rank() != 1 || vector.shape().size() != size) {
            throw new ShapeException("Parameters." + call + ": expected a vector [" + size + "]"
                    + " for the elements of all parameters, got " + vector.shape());
        }
    }
}
