package io.adjoint.core;

/**
 * The correction of a variance, {@code Σ(x − mean)² / (n − correction)}. The correction has a type of its own, so that it can't be confused
 * with an axis.
 *
 * @param value the number that is subtracted from the number of elements
 */
public record Correction(int value) {
    /** 0: the variance of the elements themselves. */
    public static final Correction NONE = new Correction(0);

    /** 1: the unbiased estimate of a distribution's variance, of which the elements are a sample. */
    public static final Correction BESSEL = new Correction(1);

    /**
     * A correction by a number that is not negative.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public Correction {
        if (value < 0) {
            throw new IllegalArgumentException(
                    "Correction: expected a number from 0 on, which is subtracted from the number of elements, got "
                            + value);
        }
    }
}
