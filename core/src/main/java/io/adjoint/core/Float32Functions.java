package io.adjoint.core;

/** The functions of FLOAT32, computed in double and rounded once. */
final class Float32Functions implements FunctionLoops<float[]> {
    private final FunctionLoops<double[]> wide = new Float64Functions();

    @Override
    public void apply(UnaryFunction f, float[] x, int i, float[] y, int j, int n) {
        Kernel kernel = (a, from, b, to, count) -> wide.apply(f, a, from, b, to, count);
        kernel.apply(x, i, y, j, n);
    }

    @Override
    public void apply(BinaryFunction f, float[] x, int i, float[] y, int j, float[] z, int k, int n) {
        BinaryKernel kernel = (a, p, b, q, c, r, count) -> wide.apply(f, a, p, b, q, c, r, count);
        kernel.apply(x, i, y, j, z, k, n);
    }
}
