package io.adjoint.autograd.equations;

/** The sign changes of an event's function that count. */
public enum Crossing {
    /** Every sign change. */
    ANY,
    /** From negative to positive, in the direction of integration. */
    RISING,
    /** From positive to negative, in the direction of integration. */
    FALLING;

    /** Returns whether a step from one value to another has such a sign change; a value of 0 at the beginning is none. */
    boolean isBetween(double before, double after) {
        boolean rises = before < 0 && after >= 0;
        boolean falls = before > 0 && after <= 0;
        return (rises && this != FALLING) || (falls && this != RISING);
    }
}
