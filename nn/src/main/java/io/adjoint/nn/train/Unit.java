package io.adjoint.nn.train;

/** A unit in which lengths and intervals of a training are counted. */
enum Unit {
    EPOCHS,
    STEPS,
    SECONDS;

    /** A number of it: {@code 1 epoch}, {@code 500 steps}. */
    String text(double count) {
        String number = count == Math.rint(count) ? Long.toString((long) count) : Double.toString(count);
        String plural = name().toLowerCase(java.util.Locale.ROOT);
        return number + " " + (count == 1 ? plural.substring(0, plural.length() - 1) : plural);
    }
}
