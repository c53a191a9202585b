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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Samples images at the positions of a grid. The result is a sum over the pixels around a position, each gathered by its index and
 * multiplied by the product of its weights along the axes. Floors, reflections and masks of outside pixels are constants, so gradients of
 * any order follow from the tensor operations.
 */
final class GridSampling {
    /** The parameter a of the cubic kernel in bicubic interpolation, as in PyTorch. */
    private static final double CUBIC = -0.75;

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
        if (axes == 3 && options.mode == GridOptions.Mode.BICUBIC) {
            throw new ShapeException("gridSample: bicubic interpolation is of images [N, C, H, W]; got " + image
                    + ", of which the options can be linear or nearest");
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
        List<List<Tap>> taps = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            taps.add(taps(pixel(flat.select(2, axes - 1 - axis), sizes[axis], options), sizes[axis], options));
        }
        int pixels = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        Tensor rows = x.reshape(n, image.dim(1), pixels);
        return weighted(rows, sizes, taps).reshape(result);
    }

    // ---- interpolation ----

    /**
     * For all positions {@code [N, points]}, one of the neighbouring pixels along one axis that contribute to the sample.
     *
     * @param index the pixel's index along the axis, which may be out of range
     * @param weight the pixel's weight; null for 1
     */
    private record Tap(NdArray index, @Nullable Tensor weight) {}

    private static List<Tap> taps(Tensor position, int size, GridOptions options) {
        return switch (options.mode) {
            case NEAREST ->
                List.of(new Tap(inside(position, size, options).data().round(), null));
            case LINEAR -> linear(inside(position, size, options));
            case BICUBIC -> cubic(position, size, options);
        };
    }

    private static List<Tap> linear(Tensor position) {
        NdArray lower = position.data().floor();
        Tensor fraction = position.sub(Tensor.of(lower));
        return List.of(new Tap(lower, fraction.rsub(1)), new Tap(lower.add(1), fraction));
    }

    /**
     * The four neighbouring pixels along one axis, with their weights, that cubic interpolation at a position reads. Each of the four
     * indices is clamped or reflected separately, instead of the position, which would then have other neighbours.
     */
    private static List<Tap> cubic(Tensor position, int size, GridOptions options) {
        NdArray lower = position.data().floor();
        Tensor fraction = position.sub(Tensor.of(lower));
        Tensor rest = fraction.rsub(1);
        Tensor[] weights = {far(fraction.add(1)), near(fraction), near(rest), far(rest.add(1))};
        List<Tap> taps = new ArrayList<>();
        for (int k = 0; k < weights.length; k++) {
            NdArray index = lower.add(k - 1.0);
            taps.add(new Tap(inside(Tensor.of(index), size, options).data(), weights[k]));
        }
        return taps;
    }

    /** The weight of a pixel at a distance of up to 1, by Keys' cubic kernel with a = −3/4. */
    private static Tensor near(Tensor distance) {
        return distance.mul(CUBIC + 2)
                .sub(CUBIC + 3)
                .mul(distance)
                .mul(distance)
                .add(1);
    }

    /** The weight of a pixel at a distance of 1 to 2, by Keys' cubic kernel with a = −3/4. */
    private static Tensor far(Tensor distance) {
        return distance.mul(CUBIC)
                .sub(5 * CUBIC)
                .mul(distance)
                .add(8 * CUBIC)
                .mul(distance)
                .sub(4 * CUBIC);
    }

    /** Sums the weighted pixels over all combinations of one {@link Tap} for each axis; the tap of the first axis changes fastest. */
    private static Tensor weighted(Tensor rows, int[] sizes, List<List<Tap>> taps) {
        int count = taps.get(0).size();
        int combinations = taps.stream().mapToInt(List::size).reduce(1, (a, b) -> a * b);
        Tensor sum = null;
        for (int combination = 0; combination < combinations; combination++) {
            NdArray[] indices = new NdArray[sizes.length];
            Tensor weight = null;
            for (int axis = 0, rest = combination; axis < sizes.length; axis++, rest /= count) {
                Tap tap = taps.get(axis).get(rest % count);
                indices[axis] = tap.index();
                weight = tap.weight() == null || weight == null ? tap.weight() : weight.mul(tap.weight());
            }
            Tensor pixels = picked(rows, sizes, indices);
            Tensor corner = weight == null ? pixels : pixels.mul(weight.unsqueeze(1));
            sum = sum == null ? corner : sum.add(corner);
        }
        return Objects.requireNonNull(sum, "an axis has a pixel");
    }

    /** Gathers the pixels {@code [N, C, points]} at the given indices along each axis; a pixel outside of the image is 0. */
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

    /** Converts coordinates, from −1 to 1 within the image, to positions along an axis in pixels. */
    private static Tensor pixel(Tensor coordinate, int size, GridOptions options) {
        return options.alignCorners
                ? coordinate.add(1).div(2).mul(size - 1)
                : coordinate.add(1).mul(size).sub(1).div(2);
    }

    /** Applies the padding mode: positions outside of the axis are kept, clamped or reflected. */
    private static Tensor inside(Tensor position, int size, GridOptions options) {
        return switch (options.outside) {
            case ZEROS -> position;
            case BORDER -> position.clamp(0, size - 1);
            case REFLECTION -> reflected(position, size, options.alignCorners).clamp(0, size - 1);
        };
    }

    /** Reflects positions at both ends of the axis as often as needed. The result is ± the position plus a constant. */
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
