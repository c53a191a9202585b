package io.adjoint.core.math;

/**
 * Gauss' quadrature, which integrates polynomials of degree {@code 2n − 1} exactly by n nodes; and the parts of the exponents of integrands
 * of the form {@code e^(E(s))}, where E is concave, {@code E(0) = 0} and {@code E′(0) ≤ 0}.
 */
final class Quadrature {
    /** The nodes between 0 and 1. */
    static final double[] NODES = new double[30];
    /** The weights of the nodes. */
    static final double[] WEIGHTS = new double[NODES.length];

    /**
     * The integrands are cut off where they have fallen to {@code e^(−DEPTH)}, far below the precision of a double, or up to 0.8 further:
     * so near are two steps of Newton's method from {@link #depthOf}.
     */
    static final double DEPTH = 39;

    private static final DD THIRD = new DD(0x1.5555555555555p-2, 0x1.5555555555555p-56);

    static {
        int n = NODES.length;
        for (int i = 0; i < n; i++) {
            // Newton's iteration for a zero of Legendre's polynomial, from Tricomi's approximation.
            DD z = ElementaryFunctions.cosPi((i + 0.75) / (n + 0.5));
            DD slope = DD.ONE;
            for (int k = 0; k < 5; k++) {
                DD before = DD.of(0);
                DD value = DD.ONE;
                for (int j = 1; j <= n; j++) {
                    DD next = z.times(value)
                            .times(2 * j - 1)
                            .minus(before.times(j - 1))
                            .over(j);
                    before = value;
                    value = next;
                }
                slope = z.times(value).minus(before).times(n).over(z.times(z).plus(-1));
                z = z.minus(value.over(slope));
            }
            NODES[i] = DD.ONE.minus(z).value() / 2;
            WEIGHTS[i] = DD.ONE
                    .over(DD.ONE.minus(z.times(z)).times(slope).times(slope))
                    .value();
        }
    }

    private Quadrature() {}

    /**
     * A first approximation of the s at which {@code −E(s) = slope·s + curvature·(eˢ − 1 − s)} is {@link #DEPTH}; mostly an upper bound.
     */
    static double depthOf(double slope, double curvature) {
        double quadratic = 2 * DEPTH / (slope + Math.sqrt(slope * slope + 2 * DEPTH * curvature));
        return curvature > 2 * DEPTH ? quadratic : Math.min(quadratic, Logarithms.log(2 + 2 * DEPTH / curvature));
    }

    /** {@code eˢ − 1 − s}. */
    static double expExcess(double s) {
        return Math.abs(s) < 0.34 ? s * s * ExpParts.tail(s) : ExpParts.exp(s) - 1 - s;
    }

    /** {@code t − log(1 + t)} for t > −1. */
    static double logExcess(double t) {
        if (t < -0.25 || t > 0.35) {
            return t - Logarithms.log1p(t);
        }
        double s = t / (2 + t);
        double z = s * s;
        return t * s - 2 * s * z * (THIRD.high() + z * artanhRest(z));
    }

    /** {@code t − log(1 + t)} for t > −1, with a relative error below 2⁻⁵⁷. */
    static DD logExcess(DD t) {
        if (t.high() < -0.25 || t.high() > 0.35) {
            return t.minus(t.plus(1).log());
        }
        DD s = t.over(t.plus(2));
        DD z = s.times(s);
        DD rest = THIRD.plus(z.high() * artanhRest(z.high()));
        return t.times(s).minus(z.times(s).times(rest).times(2));
    }

    /** {@code (artanh(s) − s − s³/3)/s⁵} for z = s² up to 0.023. */
    private static double artanhRest(double z) {
        double sum = 1.0 / 23;
        sum = sum * z + 1.0 / 21;
        sum = sum * z + 1.0 / 19;
        sum = sum * z + 1.0 / 17;
        sum = sum * z + 1.0 / 15;
        sum = sum * z + 1.0 / 13;
        sum = sum * z + 1.0 / 11;
        sum = sum * z + 1.0 / 9;
        sum = sum * z + 1.0 / 7;
        return sum * z + 1.0 / 5;
    }
}
