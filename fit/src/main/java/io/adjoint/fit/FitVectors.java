package io.adjoint.fit;

/** Sums over vectors, in the order of their elements. */
final class FitVectors {
    private FitVectors() {}

    static double norm(double[] x) {
        return Math.sqrt(dot(x, x));
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    static double[] difference(double[] a, double[] b) {
        double[] result = new double[a.length];
        for (int k = 0; k < a.length; k++) {
            result[k] = a[k] - b[k];
        }
        return result;
    }
}
