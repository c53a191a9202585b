package io.adjoint.core;

/**
 * {@link NormalizationLoops} in {@code double[]}. The float version, which is generated from this file, computes in float, for loops
 * that the JIT makes vector instructions of: a centre is rounded, and the shift corrected by the difference; terms of a gradient's
 * sums are added four by four in float, and those in double, since each conversion takes as long as an addition.
 */
final class DoubleNormalizationLoops implements NormalizationLoops<double[]> {
    /** Elements that are summed straight on. */
    private static final int BLOCK = 256;

    @Override
    public void moments(double[] x, int i, /*wide*/ double centre, int n, /*wide*/ double[] sums) {
        for (int from = i; from < i + n; from += BLOCK) {
            int end = Math.min(i + n, from + BLOCK);
            /*wide*/ double a0 = 0;
            /*wide*/ double a1 = 0;
            /*wide*/ double a2 = 0;
            /*wide*/ double a3 = 0;
            /*wide*/ double b0 = 0;
            /*wide*/ double b1 = 0;
            /*wide*/ double b2 = 0;
            /*wide*/ double b3 = 0;
            int e = from;
            for (; e + 3 < end; e += 4) {
                /*wide*/ double d0 = x[e] - centre;
                /*wide*/ double d1 = x[e + 1] - centre;
                /*wide*/ double d2 = x[e + 2] - centre;
                /*wide*/ double d3 = x[e + 3] - centre;
                a0 += d0;
                a1 += d1;
                a2 += d2;
                a3 += d3;
                b0 += d0 * d0;
                b1 += d1 * d1;
                b2 += d2 * d2;
                b3 += d3 * d3;
            }
            for (; e < end; e++) {
                /*wide*/ double d = x[e] - centre;
                a0 += d;
                b0 += d * d;
            }
            sums[0] += (a0 + a1) + (a2 + a3);
            sums[1] += (b0 + b1) + (b2 + b3);
        }
    }

    @Override
    public void scale(
            double[] x,
            int i,
            /*wide*/ double centre,
            /*wide*/ double scale,
            /*wide*/ double shift,
            double[] y,
            int j,
            int n) {
        double c = (double) centre;
        double s = (double) scale;
        double t = (double) (shift + (c - centre) * scale);
        for (int e = 0; e < n; e++) {
            y[j + e] = (x[i + e] - c) * s + t;
        }
    }

    @Override
    public void affine(double[] z, double[] w, double[] b, int n) {
        for (int e = 0; e < n; e++) {
            z[e] = z[e] * w[e] + b[e];
        }
    }

    @Override
    public void weigh(double[] g, double[] w, int n) {
        for (int e = 0; e < n; e++) {
            g[e] *= w[e];
        }
    }

    @Override
    public void sums(double[] g, double[] z, int n, /*wide*/ double[] sums) {
        for (int from = 0; from < n; from += BLOCK) {
            int end = Math.min(n, from + BLOCK);
            /*wide*/ double a = 0;
            /*wide*/ double b = 0;
            int e = from;
            for (; e + 3 < end; e += 4) {
                double g0 = g[e];
                double g1 = g[e + 1];
                double g2 = g[e + 2];
                double g3 = g[e + 3];
                a += (g0 + g1) + (g2 + g3);
                b += (g0 * z[e] + g1 * z[e + 1]) + (g2 * z[e + 2] + g3 * z[e + 3]);
            }
            for (; e < end; e++) {
                a += g[e];
                b += g[e] * z[e];
            }
            sums[0] += a;
            sums[1] += b;
        }
    }

    @Override
    public void columns(double[] g, double[] z, double[] ofWeight, double[] ofBias, int n) {
        for (int e = 0; e < n; e++) {
            ofWeight[e] += g[e] * z[e];
        }
        for (int e = 0; e < n; e++) {
            ofBias[e] += g[e];
        }
    }

    @Override
    public void combine(
            double[] g,
            /*wide*/ double w,
            /*wide*/ double mean,
            double[] z,
            /*wide*/ double q,
            /*wide*/ double scale,
            int n) {
        double ofG = (double) w;
        double m = (double) mean;
        double ofZ = (double) q;
        double s = (double) scale;
        // What cancels is taken from each other before anything is multiplied by the scale, which may be large and is
        // rounded.
        for (int e = 0; e < n; e++) {
            g[e] = ((g[e] * ofG - m) + z[e] * ofZ) * s;
        }
    }
}
