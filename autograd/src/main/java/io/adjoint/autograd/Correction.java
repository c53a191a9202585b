package io.adjoint.autograd;

/** The correction of a variance, {@code Σ(x − mean)² / (n − correction)}: a type of its own, so that it is never taken for an axis. */
public final class Correction {
    /** 0: the variance of the elements themselves. */
    public static final Correction NONE = new Correction(0);

    /** 1: the unbiased estimate of the variance of what the elements are a sample of. */
    public static final Correction BESSEL = new Correction(1);

    private final int value;

    private Correction(int value) {
        this.value = value;
    }

    /**
     * A correction by any number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static Correction of(int value) {
        if (value < 0) {
            throw new IllegalArgumentException(
                    "Correction.of: expected a number from 0 on, which is subtracted from the"
                            + " number of elements, got " + value);
        }
        return new Correction(value);
    }

    /** What is subtracted from the number of elements. */
    public int value() {
        return value;
    }
}
