package io.adjoint.examples;

/**
 * One forward and backward pass of the 2-2-1 network of {@link Xor}, derived on paper and written out in plain doubles. The nine parameters
 * are in the order of the network: the weights w of the hidden units row by row, their biases b, and the weights v and the bias c of the
 * output.
 *
 * <pre>{@code
 * forward   hⱼ = σ(wⱼ₀·x₀ + wⱼ₁·x₁ + bⱼ),  y = σ(v₀·h₀ + v₁·h₁ + c),  E = 1/(2n)·Σ(y − t)²
 * output    δ  = ∂E/∂(v·h + c) = (y − t)/n · y·(1 − y)     ∂E/∂vⱼ  = Σ δ·hⱼ     ∂E/∂c  = Σ δ
 * hidden    δⱼ = ∂E/∂(wⱼ·x + bⱼ) = δ·vⱼ · hⱼ·(1 − hⱼ)      ∂E/∂wⱼₖ = Σ δⱼ·xₖ    ∂E/∂bⱼ = Σ δⱼ
 * }</pre>
 */
final class XorByHand {
    private static final int W = 0;
    private static final int B = 4;
    private static final int V = 6;
    private static final int C = 8;

    /** The output y for each sample. {@link #outputDeltas} is the δ of the output unit for each sample. */
    final double[] outputs = new double[4];

    final double[] outputDeltas = new double[4];
    /** The δ of the first and the second hidden unit, for each sample. */
    final double[] hiddenDeltas = new double[8];

    /** The derivative of the loss with respect to each parameter. */
    final double[] gradient = new double[9];

    /** The loss E. */
    double loss;

    XorByHand(double[][] inputs, double[] targets, double[] p) {
        int n = inputs.length;
        for (int s = 0; s < n; s++) {
            double[] x = inputs[s];
            double[] h = new double[2];
            double z = p[C];
            for (int j = 0; j < 2; j++) {
                h[j] = sigmoid(p[W + 2 * j] * x[0] + p[W + 2 * j + 1] * x[1] + p[B + j]);
                z += p[V + j] * h[j];
            }
            double y = sigmoid(z);
            outputs[s] = y;
            loss += (y - targets[s]) * (y - targets[s]) / (2 * n);

            double delta = (y - targets[s]) / n * y * (1 - y);
            outputDeltas[s] = delta;
            gradient[C] += delta;
            for (int j = 0; j < 2; j++) {
                double hidden = delta * p[V + j] * h[j] * (1 - h[j]);
                hiddenDeltas[2 * s + j] = hidden;
                gradient[V + j] += delta * h[j];
                gradient[B + j] += hidden;
                gradient[W + 2 * j] += hidden * x[0];
                gradient[W + 2 * j + 1] += hidden * x[1];
            }
        }
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
