package io.adjoint.core.loops;

import io.adjoint.core.Internal;

/**
 * {@link NormalizationLoops} in {@code double[]}. The float version, which is generated from this file, computes in float, so that the JIT
 * can vectorise the loops. The float version of {@code scale} rounds the centre to float, and adds the rounding error times the scale to
 * the shift. Loops over three or more arrays use rows, which begin at index 0 (see {@link NormalizationLoops}): operands that begin at
 * another index are first copied to a row, and results are computed in a row and then copied.
 *
 * @hidden
 */
@Internal
public class DoubleNormalizationLoops implements NormalizationLoops<double[]> {
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
    public void affine(
            double[] x,
            int i,
            /*wide*/ double centre,
            /*wide*/ double scale,
            double[] w,
            double[] b,
            double[] z,
            double[] y,
            int j,
            int n) {
        scale(x, i, centre, scale, 0, z, 0, n);
        for (int e = 0; e < n; e++) {
            z[e] = z[e] * w[e] + b[e];
        }
        System.arraycopy(z, 0, y, j, n);
    }

    @Override
    public void weigh(
            double[] g,
            int i,
            double[] x,
            int k,
            /*wide*/ double centre,
            /*wide*/ double scale,
            double[] w,
            double[] gw,
            double[] z,
            double[] ofWeight,
            double[] ofBias,
            int n) {
        System.arraycopy(g, i, gw, 0, n);
        scale(x, k, centre, scale, 0, z, 0, n);
        for (int e = 0; e < n; e++) {
            ofWeight[e] += gw[e] * z[e];
        }
        for (int e = 0; e < n; e++) {
            ofBias[e] += gw[e];
        }
        for (int e = 0; e < n; e++) {
            gw[e] *= w[e];
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
            double[] y,
            int j,
            int n) {
        double ofG = (double) w;
        double m = (double) mean;
        double ofZ = (double) q;
        double s = (double) scale;
        // Terms that may cancel are subtracted first, and only the difference is multiplied by the scale, which may be
        // large: if each term were multiplied, the rounding errors of the products would not cancel.
        for (int e = 0; e < n; e++) {
            g[e] = ((g[e] * ofG - m) + z[e] * ofZ) * s;
        }
        System.arraycopy(g, 0, y, j, n);
    }
}
