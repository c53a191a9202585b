package io.adjoint.nn.optim;

import io.adjoint.core.loops.UpdateKernel;

/** The loop of {@link Rprop}, whose Javadoc has the formula; {@code minus} and {@code plus} are η₋ and η₊. */
record DoubleRprop(
        /*wide*/ double minus, /*wide*/ double plus, /*wide*/ double smallest, /*wide*/ double largest)
        implements UpdateKernel<double[]> {
    @Override
    public void apply(double[][] operands, int from, int to) {
        double[] p = operands[0];
        double[] g = operands[1];
        double[] before = operands[2];
        double[] s = operands[3];
        double shrink = (double) minus;
        double grow = (double) plus;
        double low = (double) smallest;
        double high = (double) largest;
        for (int i = from; i < to; i++) {
            double both = g[i] * before[i];
            double factor = both > 0 ? grow : both < 0 ? shrink : 1;
            double size = Math.min(Math.max(s[i] * factor, low), high);
            double gradient = both < 0 ? 0 : g[i];
            s[i] = size;
            before[i] = gradient;
            p[i] -= Math.signum(gradient) * size;
        }
    }
}
