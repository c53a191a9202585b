package io.adjoint.core;

/**
 * {@link NormalizationLoops} in {@code double[]}. The float version, which is generated from this file, sums in double; elsewhere it
 * computes in float, for loops that the JIT makes vector instructions of, and adds by how much its centre differs from the double.
 */
final class DoubleNormalizationLoops implements NormalizationLoops<double[]> {
    /** Elements that are summed straight on. */
    private static final int BLOCK = 128;

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
    public void scale(
            double[] x,
            int i,
            /*wide*/ double centre,
            /*wide*/ double scale,
            double[] w,
            int k,
            double[] b,
            int l,
            double[] y,
            int j,
            int n) {
        double c = (double) centre;
        double s = (double) scale;
        double t = (double) ((c - centre) * scale);
        for (int e = 0; e < n; e++) {
            y[j + e] = ((x[i + e] - c) * s + t) * w[k + e] + b[l + e];
        }
    }

    @Override
    public void sums(double[] g, int h, double[] x, int i, /*wide*/ double centre, int n, /*wide*/ double[] sums) {
        for (int from = 0; from < n; from += BLOCK) {
            int end = Math.min(n, from + BLOCK);
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
                /*wide*/ double g0 = g[h + e];
                /*wide*/ double g1 = g[h + e + 1];
                /*wide*/ double g2 = g[h + e + 2];
                /*wide*/ double g3 = g[h + e + 3];
                a0 += g0;
                a1 += g1;
                a2 += g2;
                a3 += g3;
                b0 += g0 * (x[i + e] - centre);
                b1 += g1 * (x[i + e + 1] - centre);
                b2 += g2 * (x[i + e + 2] - centre);
                b3 += g3 * (x[i + e + 3] - centre);
            }
            for (; e < end; e++) {
                a0 += g[h + e];
                b0 += g[h + e] * (x[i + e] - centre);
            }
            sums[0] += (a0 + a1) + (a2 + a3);
            sums[1] += (b0 + b1) + (b2 + b3);
        }
    }

    @Override
    public void sums(
            double[] g,
            int h,
            double[] w,
            int k,
            double[] x,
            int i,
            /*wide*/ double centre,
            int n,
            /*wide*/ double[] sums) {
        for (int from = 0; from < n; from += BLOCK) {
            int end = Math.min(n, from + BLOCK);
            /*wide*/ double a0 = 0;
            /*wide*/ double a1 = 0;
            /*wide*/ double b0 = 0;
            /*wide*/ double b1 = 0;
            int e = from;
            for (; e + 1 < end; e += 2) {
                /*wide*/ double g0 = g[h + e] * w[k + e];
                /*wide*/ double g1 = g[h + e + 1] * w[k + e + 1];
                a0 += g0;
                a1 += g1;
                b0 += g0 * (x[i + e] - centre);
                b1 += g1 * (x[i + e + 1] - centre);
            }
            for (; e < end; e++) {
                /*wide*/ double own = g[h + e] * w[k + e];
                a0 += own;
                b0 += own * (x[i + e] - centre);
            }
            sums[0] += a0 + a1;
            sums[1] += b0 + b1;
        }
    }

    @Override
    public void columns(
            double[] g,
            int h,
            double[] x,
            int i,
            /*wide*/ double centre,
            /*wide*/ double scale,
            double[] ofWeight,
            double[] ofBias,
            int n) {
        double c = (double) centre;
        double s = (double) scale;
        double t = (double) ((c - centre) * scale);
        for (int e = 0; e < n; e++) {
            ofWeight[e] += g[h + e] * ((x[i + e] - c) * s + t);
        }
        for (int e = 0; e < n; e++) {
            ofBias[e] += g[h + e];
        }
    }

    @Override
    public void combine(
            double[] g,
            int h,
            /*wide*/ double p,
            double[] x,
            int i,
            /*wide*/ double centre,
            /*wide*/ double q,
            /*wide*/ double r,
            double[] y,
            int j,
            int n) {
        double c = (double) centre;
        double ofG = (double) p;
        double ofX = (double) q;
        double t = (double) (r + (c - centre) * q);
        for (int e = 0; e < n; e++) {
            y[j + e] = g[h + e] * ofG + ((x[i + e] - c) * ofX + t);
        }
    }

    @Override
    public void combine(
            double[] g,
            int h,
            double[] w,
            int k,
            /*wide*/ double p,
            double[] x,
            int i,
            /*wide*/ double centre,
            /*wide*/ double q,
            /*wide*/ double r,
            double[] y,
            int j,
            int n) {
        double c = (double) centre;
        double ofG = (double) p;
        double ofX = (double) q;
        double t = (double) (r + (c - centre) * q);
        for (int e = 0; e < n; e++) {
            y[j + e] = g[h + e] * w[k + e] * ofG + ((x[i + e] - c) * ofX + t);
        }
    }
}
