package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.ParameterGroup;
import io.adjoint.nn.optim.Setting;
import io.adjoint.nn.optim.StateArray;
import io.adjoint.nn.optim.Update;
import java.util.List;

/** Optimizers written as users write them, by public types only, like those on the page about optimizers. */
final class OwnOptimizers {
    private OwnOptimizers() {}

    /** The optimizer Lion (Chen et al., 2023), as a loop over elements for each dtype. */
    static final class Lion extends Optimizer {
        private final Setting beta1 = decayRate("beta1", 0.9);
        private final Setting beta2 = decayRate("beta2", 0.99);

        Lion(List<Tensor> parameters, double learningRate) {
            super(parameters, learningRate);
        }

        @Override
        protected Update update(ParameterGroup group, int t) {
            double rate = group.learningRate();
            double decay = group.weightDecay();
            double b1 = group.get(beta1);
            double b2 = group.get(beta2);
            return new Update(
                    (operands, from, to) -> {
                        double[] p = operands[0];
                        double[] g = operands[1];
                        double[] m = operands[2];
                        for (int i = from; i < to; i++) {
                            p[i] -= rate * (Math.signum(b1 * m[i] + (1 - b1) * g[i]) + decay * p[i]);
                            m[i] = b2 * m[i] + (1 - b2) * g[i];
                        }
                    },
                    (operands, from, to) -> {
                        float[] p = operands[0];
                        float[] g = operands[1];
                        float[] m = operands[2];
                        for (int i = from; i < to; i++) {
                            p[i] -= (float) (rate * (Math.signum(b1 * m[i] + (1 - b1) * g[i]) + decay * p[i]));
                            m[i] = (float) (b2 * m[i] + (1 - b2) * g[i]);
                        }
                    },
                    "momentum");
        }
    }

    /** The optimizer LAMB (You et al., 2020), as a formula of arrays. */
    static final class Lamb extends Optimizer {
        private final Setting beta1 = decayRate("beta1", 0.9);
        private final Setting beta2 = decayRate("beta2", 0.999);
        private final Setting eps = notNegative("eps", 1e-6);

        Lamb(List<Tensor> parameters, double learningRate) {
            super(parameters, learningRate);
        }

        @Override
        protected Update update(ParameterGroup group, int t) {
            double rate = group.learningRate();
            double decay = group.weightDecay();
            double small = group.get(eps);
            double b1 = group.get(beta1);
            double b2 = group.get(beta2);
            double ofMean = 1 / (1 - StrictMath.pow(b1, t));
            double ofSquare = 1 / (1 - StrictMath.pow(b2, t));
            return new Update(
                    List.of(StateArray.like("firstMoment"), StateArray.like("secondMoment")), (p, g, arrays) -> {
                        NdArray mean = arrays[0].mul(b1).add(g.mul(1 - b1));
                        NdArray square = arrays[1].mul(b2).add(g.mul(g).mul(1 - b2));
                        NdArray adam =
                                mean.mul(ofMean).div(square.mul(ofSquare).sqrt().add(small));
                        NdArray step = adam.add(p.mul(decay));
                        double weights = p.vectorNorm(2).item();
                        double length = step.vectorNorm(2).item();
                        NdArray next = p.sub(step.mul(rate * (weights > 0 && length > 0 ? weights / length : 1)));
                        return () -> {
                            InPlace.assign(arrays[0], mean);
                            InPlace.assign(arrays[1], square);
                            InPlace.assign(p, next);
                        };
                    });
        }
    }
}
