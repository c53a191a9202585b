package io.adjoint.nn.data;

import io.adjoint.core.math.Distributions;
import java.util.random.RandomGenerator;

/** A rectangle of pixels within an image. */
record CropBox(int top, int left, int height, int width) {
    private static final int DRAWS = 10;
    private static final double MIN_RATIO = 3.0 / 4;
    private static final double MAX_RATIO = 4.0 / 3;

    /** A box of random area, aspect ratio and position, drawn as by torchvision's {@code RandomResizedCrop.get_params}. */
    static CropBox random(int height, int width, double minArea, double maxArea, RandomGenerator generator) {
        double logRatio = StrictMath.log(MAX_RATIO);
        for (int draw = 0; draw < DRAWS; draw++) {
            double area = (double) height * width * uniform(minArea, maxArea, generator);
            double ratio = StrictMath.exp(uniform(-logRatio, logRatio, generator));
            double w = Math.rint(Math.sqrt(area * ratio));
            double h = Math.rint(Math.sqrt(area / ratio));
            if (w >= 1 && w <= width && h >= 1 && h <= height) {
                int top = Distributions.integer(generator, 0, height - (int) h + 1);
                int left = Distributions.integer(generator, 0, width - (int) w + 1);
                return new CropBox(top, left, (int) h, (int) w);
            }
        }
        return central(height, width);
    }

    /** The largest central box whose aspect ratio is from 3:4 to 4:3. */
    static CropBox central(int height, int width) {
        int w = Math.min(width, (int) Math.max(1, Math.rint(height * MAX_RATIO)));
        int h = Math.min(height, (int) Math.max(1, Math.rint(width / MIN_RATIO)));
        return new CropBox((height - h) / 2, (width - w) / 2, h, w);
    }

    private static double uniform(double low, double high, RandomGenerator generator) {
        return low + (high - low) * Distributions.uniform(generator);
    }
}
