package io.adjoint.nn;

import static io.adjoint.nn.FunctionalChecks.requireOneType;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Images sampled at the positions of a grid: for each corner of the cube of pixels around a position its pixel, picked by number, times
 * a product of distances. Floors, reflections and what is outside are constants; so gradients of any order come from the operations.
 */
final class GridSampling {
    private GridSampling() {}

    static Tensor sample(Tensor x, Tensor grid, GridOptions options) {
        requireOneType("gridSample", x, grid);
        Shape image = x.shape();
        Shape positions = grid.shape();
        int axes = image.rank() - 2;
        if ((axes != 2 && axes != 3)
                || positions.rank() != image.rank()
                || positions.dim(-1) != axes
                || positions.dim(0) != image.dim(0)) {
            throw new ShapeException(
                    "gridSample: expected an input [N, C, H, W] and a grid [N, H', W', 2], or [N, C, D, H, W] and"
                            + " [N, D', H', W', 3]; got " + image + " and " + positions);
        }
        int[] sizes = Arrays.copyOfRange(image.toArray(), 2, axes + 2);
        if (Arrays.stream(sizes).anyMatch(size -> size == 0)) {
            throw new ShapeException("gridSample: the images " + image + " have no pixels to sample");
        }
        int n = image.dim(0);
        int[] dims = image.toArray();
        System.arraycopy(positions.toArray(), 1, dims, 2, axes);
        Shape result = Shape.of("gridSample", dims);
        int points = Arrays.stream(dims, 2, axes + 2).reduce(1, (a, b) -> a * b);
        Tensor flat = grid.reshape(n, points, axes);
        Tensor[] at = new Tensor[axes];
        Arrays.setAll(at, axis -> pixel(flat.select(2, axes - 1 - axis), sizes[axis], options));
        int pixels = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        Tensor rows = x.reshape(n, image.dim(1), pixels);
        Tensor sampled = options.nearest ? nearest(rows, sizes, at) : linear(rows, sizes, at);
        return sampled.reshape(result);
    }

    // ---- interpolation ----

    private static Tensor nearest(Tensor rows, int[] sizes, Tensor... at) {
        NdArray[] indices =
                Arrays.stream(at).map(position -> position.data().round()).toArray(NdArray[]::new);
        return picked(rows, sizes, indices);
    }

    private static Tensor linear(Tensor rows, int[] sizes, Tensor... at) {
        NdArray[] lower =
                Arrays.stream(at).map(position -> position.data().floor()).toArray(NdArray[]::new);
        Tensor sum = corner(0, rows, sizes, lower, at);
        for (int corner = 1; corner < 1 << at.length; corner++) {
            sum = sum.add(corner(corner, rows, sizes, lower, at));
        }
        return sum;
    }

    /** The pixels at one corner, times their weights: the bits of its number say along which axes it is the upper one. */
    private static Tensor corner(int corner, Tensor rows, int[] sizes, NdArray[] lower, Tensor... at) {
        NdArray[] indices = new NdArray[at.length];
        List<Tensor> weights = new ArrayList<>();
        for (int axis = 0; axis < at.length; axis++) {
            Tensor fraction = at[axis].sub(Tensor.of(lower[axis]));
            boolean isUpper = (corner >> axis & 1) == 1;
            indices[axis] = isUpper ? lower[axis].add(1) : lower[axis];
            weights.add(isUpper ? fraction : fraction.rsub(1));
        }
        Tensor weight = weights.stream().reduce(Tensor::mul).orElseThrow();
        return picked(rows, sizes, indices).mul(weight.unsqueeze(1));
    }

    /** Pixels {@code [N, C, points]} by their indices along each axis; 0 outside of the image. */
    private static Tensor picked(Tensor rows, int[] sizes, NdArray... indices) {
        NdArray inside = indices[0].ge(0).and(indices[0].lt(sizes[0]));
        NdArray number = indices[0].clamp(0, sizes[0] - 1).to(DType.INT32);
        for (int axis = 1; axis < indices.length; axis++) {
            inside = inside.and(indices[axis].ge(0)).and(indices[axis].lt(sizes[axis]));
            number = number.mul(sizes[axis])
                    .add(indices[axis].clamp(0, sizes[axis] - 1).to(DType.INT32));
        }
        Shape shape = Shape.of(
                rows.shape().dim(0), rows.shape().dim(1), number.shape().dim(1));
        Tensor values = rows.gather(2, Tensor.of(number.unsqueeze(1).broadcastTo(shape)));
        return Tensor.where(Tensor.of(inside.unsqueeze(1)), values, 0);
    }

    // ---- coordinates ----

    /** Coordinates from −1 to 1 as positions among the pixels of an axis. */
    private static Tensor pixel(Tensor coordinate, int size, GridOptions options) {
        Tensor position = options.alignCorners
                ? coordinate.add(1).div(2).mul(size - 1)
                : coordinate.add(1).mul(size).sub(1).div(2);
        return switch (options.outside) {
            case ZEROS -> position;
            case BORDER -> position.clamp(0, size - 1);
            case REFLECTION -> reflected(position, size, options.alignCorners).clamp(0, size - 1);
        };
    }

    /** Positions reflected at both ends, as often as needed: each is its sign times the position plus a constant. */
    private static Tensor reflected(Tensor position, int size, boolean alignCorners) {
        double low = alignCorners ? 0 : -0.5;
        double span = alignCorners ? size - 1 : size;
        if (span == 0) {
            return position.mul(0);
        }
        NdArray from = position.data().sub(low);
        NdArray flips = from.abs().div(span).floor();
        NdArray isBack = flips.remainder(2).ne(0);
        NdArray signs =
                NdArray.where(from.lt(0).xor(isBack), NdArray.onesLike(from).neg(), 1);
        NdArray shifts =
                NdArray.where(isBack, flips.add(1).mul(span), flips.mul(-span)).add(low);
        return position.sub(low).mul(Tensor.of(signs)).add(Tensor.of(shifts));
    }
}
