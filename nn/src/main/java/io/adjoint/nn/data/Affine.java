package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;

/**
 * An affine map of an image about its centre, with torchvision's parameters: it is sheared, rotated, scaled, then translated. Immutable:
 * each setting returns a changed map.
 *
 * @param degrees the angle of the rotation, clockwise as in torchvision's {@code affine}
 * @param translateX pixels to the right
 * @param translateY pixels downwards
 * @param scale the factor of sizes
 * @param shearX the angle in degrees by which vertical lines are sheared
 * @param shearY the angle in degrees by which horizontal lines are sheared
 */
@CheckReturnValue
public record Affine(double degrees, double translateX, double translateY, double scale, double shearX, double shearY) {
    /**
     * A map.
     *
     * @throws IllegalArgumentException if a number is not finite, the scale not positive, or a shear not between −90 and 90
     */
    public Affine {
        Settings.requireFinite(Affine.class, "angle", degrees);
        Settings.requireFinite(Affine.class, "translation to the right", translateX);
        Settings.requireFinite(Affine.class, "translation downwards", translateY);
        Settings.requirePositive(Affine.class, "scale", scale);
        Settings.require(Math.abs(shearX) < 90, Affine.class, "shear in x", "be between -90 and 90", shearX);
        Settings.require(Math.abs(shearY) < 90, Affine.class, "shear in y", "be between -90 and 90", shearY);
    }

    /** The map that changes nothing. */
    public Affine() {
        this(0, 0, 0, 1, 0, 0);
    }

    /** With a rotation, clockwise. */
    public Affine degrees(double degrees) {
        return new Affine(degrees, translateX, translateY, scale, shearX, shearY);
    }

    /** With a translation by pixels to the right and downwards. */
    public Affine translate(double x, double y) {
        return new Affine(degrees, x, y, scale, shearX, shearY);
    }

    /** With a factor of sizes. */
    public Affine scale(double scale) {
        return new Affine(degrees, translateX, translateY, scale, shearX, shearY);
    }

    /** With shears, in degrees. */
    public Affine shear(double x, double y) {
        return new Affine(degrees, translateX, translateY, scale, x, y);
    }

    /**
     * Returns the matrix {@code [a, b, c; d, e, f]} of the inverse map: the output pixel at {@code (x, y)} gets the value of the input
     * pixel at {@code (a·x + b·y + c, d·x + e·y + f)}, both measured from the centre, to the right and down.
     */
    double[] inverse() {
        double cosine = cosine(degrees - shearY) / cosine(shearY);
        double sine = sine(degrees - shearY) / cosine(shearY);
        double tangent = sine(shearX) / cosine(shearX);
        // The matrix of the map is scale · [p, q; r, s], with the determinant p·s − q·r = 1.
        double p = cosine;
        double q = -cosine * tangent - sine(degrees);
        double r = sine;
        double s = -sine * tangent + cosine(degrees);
        double a = s / scale;
        double b = -q / scale;
        double d = -r / scale;
        double e = p / scale;
        return new double[] {
            a, b, -(a * translateX + b * translateY), d, e, -(d * translateX + e * translateY),
        };
    }

    private static double cosine(double degrees) {
        double rest = StrictMath.IEEEremainder(degrees, 360);
        return rest % 90 == 0 ? sine(rest + 90) : StrictMath.cos(rest * (Math.PI / 180));
    }

    /** The sine of an angle in degrees, exact at multiples of 90°, so that a quarter turn moves pixels without interpolation. */
    private static double sine(double degrees) {
        double rest = StrictMath.IEEEremainder(degrees, 360);
        if (rest % 180 == 0) {
            return 0;
        }
        return Math.abs(rest) == 90 ? Math.signum(rest) : StrictMath.sin(rest * (Math.PI / 180));
    }
}
