package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.math.Distributions;
import io.adjoint.nn.Settings;
import java.util.random.RandomGenerator;

/**
 * The range from which an affine map is drawn, by torchvision's {@code RandomAffine}: angles from −degrees to degrees, translations of
 * whole pixels up to a fraction of the image's sizes, scales from one number to another, shears from −shear to shear. Immutable: each
 * setting returns a changed range.
 *
 * @param degrees the largest angle
 * @param translateX the largest translation to the left or right, a fraction of the width
 * @param translateY the largest translation up or down, a fraction of the height
 * @param minScale the smallest scale
 * @param maxScale the largest scale
 * @param shearX the largest shear of vertical lines, in degrees
 * @param shearY the largest shear of horizontal lines, in degrees
 */
@CheckReturnValue
public record RandomAffine(
        double degrees,
        double translateX,
        double translateY,
        double minScale,
        double maxScale,
        double shearX,
        double shearY) {
    /**
     * A range.
     *
     * @throws IllegalArgumentException if an angle is negative, a translation not from 0 to 1, a scale not positive, the largest smaller
     *     than the smallest, or a shear not below 90
     */
    public RandomAffine {
        Settings.requireNotNegative(RandomAffine.class, "largest angle", degrees);
        Settings.requireFraction(RandomAffine.class, "largest translation in x", translateX);
        Settings.requireFraction(RandomAffine.class, "largest translation in y", translateY);
        Settings.requirePositive(RandomAffine.class, "smallest scale", minScale);
        Settings.requirePositive(RandomAffine.class, "largest scale", maxScale);
        Settings.require(
                maxScale >= minScale,
                RandomAffine.class,
                "largest scale",
                "be at least the smallest, " + minScale,
                maxScale);
        Settings.require(
                shearX >= 0 && shearX < 90, RandomAffine.class, "largest shear in x", "be from 0 to below 90", shearX);
        Settings.require(
                shearY >= 0 && shearY < 90, RandomAffine.class, "largest shear in y", "be from 0 to below 90", shearY);
    }

    /** The range of the map that changes nothing. */
    public RandomAffine() {
        this(0, 0, 0, 1, 1, 0, 0);
    }

    /** With rotations up to an angle in either direction. */
    public RandomAffine degrees(double degrees) {
        return new RandomAffine(degrees, translateX, translateY, minScale, maxScale, shearX, shearY);
    }

    /** With translations up to fractions of the width and the height. */
    public RandomAffine translate(double x, double y) {
        return new RandomAffine(degrees, x, y, minScale, maxScale, shearX, shearY);
    }

    /** With scales from one number to another. */
    public RandomAffine scale(double min, double max) {
        return new RandomAffine(degrees, translateX, translateY, min, max, shearX, shearY);
    }

    /** With shears up to angles in either direction. */
    public RandomAffine shear(double x, double y) {
        return new RandomAffine(degrees, translateX, translateY, minScale, maxScale, x, y);
    }

    /** Draws a map for an image of the given sizes. Six random numbers are drawn, in the order of the record's components. */
    Affine draw(int height, int width, RandomGenerator generator) {
        return new Affine(
                symmetric(degrees, generator),
                Math.rint(symmetric(translateX * width, generator)),
                Math.rint(symmetric(translateY * height, generator)),
                minScale + (maxScale - minScale) * Distributions.uniform(generator),
                symmetric(shearX, generator),
                symmetric(shearY, generator));
    }

    private static double symmetric(double limit, RandomGenerator generator) {
        return limit * (2 * Distributions.uniform(generator) - 1);
    }
}
