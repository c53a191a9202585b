package io.adjoint.simd;

import java.util.Random;

/** Draws the numbers with which loops of vectors are compared with the default loops. */
abstract class DoubleVectorsProperties {
    private static final double[] SPECIAL = {
        0,
        (double) -0.0,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        1
    };

    /** Numbers of many magnitudes, of which one in {@code rarity} is special; none if this is 0. */
    static double[] numbers(Random random, int n, int rarity) {
        double[] numbers = new double[n];
        for (int e = 0; e < n; e++) {
            numbers[e] = rarity > 0 && random.nextInt(rarity) == 0
                    ? SPECIAL[random.nextInt(SPECIAL.length)]
                    : (double) ((random.nextDouble() - 0.5) * Math.pow(2, random.nextInt(20)));
        }
        return numbers;
    }
}
