package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.SGD;
import java.util.List;
import java.util.Locale;

/** Fits a straight line to noisy points by gradient descent on two parameters, without layers. */
public final class Regression {
    static final double SLOPE = 2;
    static final double INTERCEPT = -1;

    private Regression() {}

    /** Fits and prints the line. */
    public static void main(String[] args) {
        double[] line = fit(1);
        System.out.printf(
                Locale.ROOT,
                "true line: y = %.3f x + %.3f, fitted line: y = %.3f x + %.3f%n",
                SLOPE,
                INTERCEPT,
                line[0],
                line[1]);
    }

    /** Fits slope and intercept to 100 points whose noise has the standard deviation 0.1. */
    static double[] fit(long seed) {
        Generator rng = new Generator(seed);
        Tensor x = Tensor.uniform(-1, 1, rng, 100);
        Tensor noise = Tensor.normal(0, 0.1, rng, 100);
        Tensor y = x.mul(SLOPE).add(INTERCEPT).add(noise);

        Tensor slope = Tensor.scalar(0).requiresGrad(true);
        Tensor intercept = Tensor.scalar(0).requiresGrad(true);
        SGD optimizer = new SGD(List.of(slope, intercept), 0.5);
        for (int step = 0; step < 100; step++) {
            optimizer.zeroGrad();
            new MSE().forward(x.mul(slope).add(intercept), y).backward();
            optimizer.step();
        }
        return new double[] {slope.item(), intercept.item()};
    }
}
