package io.adjoint.core.math;

import io.adjoint.core.Internal;

/**
 * The quantile function of the standard normal distribution by M. J. Wichura's algorithm AS 241, PPND16 (Applied Statistics 37, 1988):
 * rational functions of degree 7, one around the median and one for each of two parts of the tail, with a relative error of about 10⁻¹⁶. It
 * uses only arithmetic, a square root and {@link Logarithms#log}, so the results have the same bits on every processor.
 *
 * @hidden
 */
@Internal
public final class NormalQuantile {
    /** The largest distance of a probability from ½ that counts as near the median. */
    private static final double CENTRE = 0.425;

    private static final double CENTRE_SQUARE = 0.180625;

    /** The largest {@code √(−log p)}, for a tail of probability p, that counts as the near part of the tail. */
    private static final double NEAR = 5;

    private static final double NEAR_START = 1.6;

    private NormalQuantile() {}

    /** The quantile of a probability p between 0 and 1: a standard normal number is below it with probability p. */
    public static double of(double p) {
        return p <= 0.5 ? -above(0.5 - p, p) : above(p - 0.5, 1 - p);
    }

    /**
     * The quantile of probability {@code ½ + q}.
     *
     * @param q from 0 to ½
     * @param tail {@code ½ − q}, with full precision even if it is small; above 0
     */
    public static double above(double q, double tail) {
        return q <= CENTRE ? q * centre(CENTRE_SQUARE - q * q) : tail(Math.sqrt(-Logarithms.log(tail)));
    }

    private static double centre(double r) {
        double dividend = 2509.0809287301227;
        dividend = dividend * r + 33430.57558358813;
        dividend = dividend * r + 67265.7709270087;
        dividend = dividend * r + 45921.95393154987;
        dividend = dividend * r + 13731.69376550946;
        dividend = dividend * r + 1971.5909503065513;
        dividend = dividend * r + 133.14166789178438;
        dividend = dividend * r + 3.3871328727963665;
        double divisor = 5226.495278852854;
        divisor = divisor * r + 28729.085735721943;
        divisor = divisor * r + 39307.89580009271;
        divisor = divisor * r + 21213.794301586597;
        divisor = divisor * r + 5394.196021424751;
        divisor = divisor * r + 687.1870074920579;
        divisor = divisor * r + 42.31333070160091;
        divisor = divisor * r + 1;
        return dividend / divisor;
    }

    private static double tail(double root) {
        return root <= NEAR ? near(root - NEAR_START) : far(root - NEAR);
    }

    private static double near(double r) {
        double dividend = 0.0007745450142783414;
        dividend = dividend * r + 0.022723844989269184;
        dividend = dividend * r + 0.2417807251774506;
        dividend = dividend * r + 1.2704582524523684;
        dividend = dividend * r + 3.6478483247632045;
        dividend = dividend * r + 5.769497221460691;
        dividend = dividend * r + 4.630337846156546;
        dividend = dividend * r + 1.4234371107496835;
        double divisor = 1.0507500716444169e-9;
        divisor = divisor * r + 0.0005475938084995345;
        divisor = divisor * r + 0.015198666563616457;
        divisor = divisor * r + 0.14810397642748008;
        divisor = divisor * r + 0.6897673349851;
        divisor = divisor * r + 1.6763848301838038;
        divisor = divisor * r + 2.053191626637759;
        divisor = divisor * r + 1;
        return dividend / divisor;
    }

    private static double far(double r) {
        double dividend = 2.0103343992922881e-7;
        dividend = dividend * r + 2.7115555687434876e-5;
        dividend = dividend * r + 0.0012426609473880784;
        dividend = dividend * r + 0.026532189526576124;
        dividend = dividend * r + 0.29656057182850487;
        dividend = dividend * r + 1.7848265399172913;
        dividend = dividend * r + 5.463784911164114;
        dividend = dividend * r + 6.657904643501103;
        double divisor = 2.0442631033899397e-15;
        divisor = divisor * r + 1.421511758316446e-7;
        divisor = divisor * r + 1.8463183175100548e-5;
        divisor = divisor * r + 0.0007868691311456133;
        divisor = divisor * r + 0.014875361290850615;
        divisor = divisor * r + 0.1369298809227358;
        divisor = divisor * r + 0.599832206555888;
        divisor = divisor * r + 1;
        return dividend / divisor;
    }
}
