package io.adjoint.simd;

import io.adjoint.core.loops.DoubleNormalizationLoops;
import io.adjoint.core.loops.NormalizationLoops;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link NormalizationLoops} in vectors of doubles. Results are cast to their vector class before they are stored, as in
 * {@link DoubleArithmetic}. Elements that do not fill a vector are computed one by one. The float version is generated from this file.
 */
final class DoubleNormalizations extends DoubleNormalizationLoops {
    private static final VectorSpecies<Double> SPECIES = VectorSpecies.of(double.class, Vectors.SHAPE);
    private static final Class<? extends DoubleVector> TYPE =
            DoubleVector.zero(SPECIES).getClass();
    private static final int LANES = SPECIES.length();

    /** The row length below which the default loops run. */
    private static final int FEW = Vectors.from(32);

    private static int whole(int n) {
        return n < FEW ? 0 : n - n % LANES;
    }

    /**
     * The number t with {@code (x − c)·scale + t = (x − centre)·scale + shift}, where c is the centre rounded to the elements' type. With t
     * in place of the shift, the loops can subtract c in the elements' type.
     */
    private static double corrected(/*wide*/ double shift, /*wide*/ double centre, double c, /*wide*/ double scale) {
        return (double) (shift + (c - centre) * scale);
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
        int whole = whole(n);
        double c = (double) centre;
        double s = (double) scale;
        double t = corrected(shift, centre, c, scale);
        for (int e = 0; e < whole; e += LANES) {
            TYPE.cast(DoubleVector.fromArray(SPECIES, x, i + e).sub(c).mul(s).add(t))
                    .intoArray(y, j + e);
        }
        super.scale(x, i + whole, centre, scale, shift, y, j + whole, n - whole);
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
        int whole = whole(n);
        if (whole == 0) {
            super.affine(x, i, centre, scale, w, b, z, y, j, n);
            return;
        }
        double c = (double) centre;
        double s = (double) scale;
        double t = corrected(0, centre, c, scale);
        int e = 0;
        for (; e < whole; e += LANES) {
            DoubleVector normal =
                    DoubleVector.fromArray(SPECIES, x, i + e).sub(c).mul(s).add(t);
            TYPE.cast(normal.mul(DoubleVector.fromArray(SPECIES, w, e)).add(DoubleVector.fromArray(SPECIES, b, e)))
                    .intoArray(y, j + e);
        }
        for (; e < n; e++) {
            y[j + e] = ((x[i + e] - c) * s + t) * w[e] + b[e];
        }
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
        int whole = whole(n);
        if (whole == 0) {
            super.weigh(g, i, x, k, centre, scale, w, gw, z, ofWeight, ofBias, n);
            return;
        }
        double c = (double) centre;
        double s = (double) scale;
        double t = corrected(0, centre, c, scale);
        int e = 0;
        for (; e < whole; e += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, g, i + e);
            DoubleVector normal =
                    DoubleVector.fromArray(SPECIES, x, k + e).sub(c).mul(s).add(t);
            TYPE.cast(normal).intoArray(z, e);
            TYPE.cast(v.mul(normal).add(DoubleVector.fromArray(SPECIES, ofWeight, e)))
                    .intoArray(ofWeight, e);
            TYPE.cast(v.add(DoubleVector.fromArray(SPECIES, ofBias, e))).intoArray(ofBias, e);
            TYPE.cast(v.mul(DoubleVector.fromArray(SPECIES, w, e))).intoArray(gw, e);
        }
        for (; e < n; e++) {
            z[e] = (x[k + e] - c) * s + t;
            ofWeight[e] += g[i + e] * z[e];
            ofBias[e] += g[i + e];
            gw[e] = g[i + e] * w[e];
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
        if (whole(n) == 0) {
            super.combine(g, w, mean, z, q, scale, y, j, n);
            return;
        }
        double ofG = (double) w;
        double m = (double) mean;
        double ofZ = (double) q;
        double s = (double) scale;
        int e = 0;
        for (int whole = whole(n); e < whole; e += LANES) {
            DoubleVector product = DoubleVector.fromArray(SPECIES, z, e).mul(ofZ);
            TYPE.cast(DoubleVector.fromArray(SPECIES, g, e)
                            .mul(ofG)
                            .sub(m)
                            .add(product)
                            .mul(s))
                    .intoArray(y, j + e);
        }
        for (; e < n; e++) {
            y[j + e] = ((g[e] * ofG - m) + z[e] * ofZ) * s;
        }
    }
}
