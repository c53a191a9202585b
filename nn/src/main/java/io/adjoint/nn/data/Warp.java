package io.adjoint.nn.data;

import io.adjoint.autograd.Interpolation;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Settings;

/**
 * Transforms images {@code […, H, W]} by an affine map: samples each pixel of the result at the position that the map takes to this pixel.
 */
@SuppressWarnings("ArrayRecordComponent") // images are not compared
record Warp(double[] pixels, int height, int width, double fill) {
    /**
     * Returns the images, transformed by an affine map.
     *
     * @param fill the value of pixels outside of the image
     */
    static Tensor of(String name, Tensor x, Affine map, Interpolation mode, double fill) {
        Augment.requireImage(name, x);
        Settings.requireFinite(Augment.class, "value to fill with", fill);
        Settings.require(
                mode != Interpolation.LINEAR_CORNERS,
                Augment.class,
                "interpolation of " + name,
                "be NEAREST or LINEAR",
                mode);
        boolean isLinear = mode == Interpolation.LINEAR;
        if (isLinear) {
            x.dtype().requireFloating("Augment." + name);
        }
        x.dtype().requireHolds("Augment." + name, fill);
        int height = x.shape().dim(-2);
        int width = x.shape().dim(-1);
        Warp source = new Warp(x.data().toDoubleArray(), height, width, fill);
        double[] inverse = map.inverse();
        double[] warped = new double[source.pixels.length];
        int size = height * width;
        for (int pixel = 0; pixel < size; pixel++) {
            // A pixel's position is the position of the pixel's centre, measured from the centre of the image.
            double right = pixel % width - (width - 1) / 2.0;
            double down = Math.floorDiv(pixel, width) - (height - 1) / 2.0;
            double column = inverse[0] * right + inverse[1] * down + inverse[2] + (width - 1) / 2.0;
            double row = inverse[3] * right + inverse[4] * down + inverse[5] + (height - 1) / 2.0;
            for (int image = 0; image < warped.length; image += size) {
                warped[image + pixel] = isLinear
                        ? source.linear(image, row, column)
                        : source.at(image, Math.rint(row), Math.rint(column));
            }
        }
        return Tensor.of(NdArray.generate(x.dtype(), x.shape(), k -> warped[k]));
    }

    /** The pixel at a row and a column, which are integers; {@code fill} outside of the image. */
    private double at(int image, double row, double column) {
        boolean isInside = row >= 0 && row < height && column >= 0 && column < width;
        return isInside ? pixels[image + ((int) row) * width + (int) column] : fill;
    }

    /** The bilinear interpolation of the four pixels around a position. */
    private double linear(int image, double row, double column) {
        double top = Math.floor(row);
        double left = Math.floor(column);
        double down = row - top;
        double right = column - left;
        double above = across(image, top, left, right);
        return down == 0 ? above : above * (1 - down) + across(image, top + 1, left, right) * down;
    }

    /**
     * The linear interpolation between two neighbouring pixels of a row. With weight 0 the second pixel is not read, since it may be
     * infinite, and 0 times infinity is NaN.
     */
    private double across(int image, double row, double left, double weight) {
        double pixel = at(image, row, left);
        return weight == 0 ? pixel : pixel * (1 - weight) + at(image, row, left + 1) * weight;
    }
}
