package io.adjoint.autograd;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;

/** Writes elements back to the positions at which pooling found the elements. */
final class UnpoolingRules {
    private UnpoolingRules() {}

    static Tensor unpooled(int axes, Tensor x, Tensor indices, int... sizes) {
        String name = "maxUnpool" + axes + "d";
        x.dtype().requireFloating(name);
        Shape from = x.shape();
        if (indices.dtype() != DType.INT32) {
            throw new DTypeException(name + ": expected INT32 indices, got " + indices.dtype()
                    + "; take those of maxPool" + axes + "dWithIndices, or convert them with to(INT32)");
        }
        if (!indices.shape().equals(from)) {
            throw new ShapeException(
                    name + ": expected an index for each element of " + from + ", got indices of " + indices.shape());
        }
        Shape to = PoolingRules.target(name, axes, from, sizes);
        int planes = product(from, 0, from.rank() - axes);
        Shape flat = Shape.of(name, planes, planes == 0 ? 0 : product(from, from.rank() - axes, from.rank()));
        Shape whole = Shape.of(name, planes, planes == 0 ? 0 : to.size() / planes);
        NdArray index = indices.data().reshape(flat);
        requireInside(name, axes, index, to, whole.dim(1));
        NdArray value = NdArray.zeros(x.dtype(), whole)
                .scatter(1, index, x.data().reshape(flat))
                .reshape(to);
        return op(name, value, edge(x, g -> {
            // If a position occurs several times in the index, the result has only the element of the last occurrence
            // there, so only this element of x gets a gradient.
            Tensor wins = Tensor.of(IndexingRules.winners(whole, 1, index));
            return Tensor.where(wins, g.reshape(whole).gather(1, Tensor.of(index)), 0)
                    .reshape(from);
        }));
    }

    private static void requireInside(String name, int axes, NdArray index, Shape to, int plane) {
        for (int value : index.size() == 0 ? new int[0] : new int[] {extreme(index.amin()), extreme(index.amax())}) {
            if (value < 0 || value >= plane) {
                int[] dims = to.toArray();
                throw new ShapeException(name + ": index " + value + " is not in a plane of sizes "
                        + Arrays.toString(Arrays.copyOfRange(dims, dims.length - axes, dims.length)) + ", which has "
                        + plane
                        + " elements; take the sizes of what was pooled");
            }
        }
    }

    private static int extreme(NdArray reduced) {
        return (int) reduced.item();
    }

    private static int product(Shape shape, int from, int to) {
        return Arrays.stream(shape.toArray(), from, to).reduce(1, (a, b) -> a * b);
    }
}
