package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.ParameterGroup;
import io.adjoint.nn.optim.StateArray;
import io.adjoint.nn.optim.Update;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests an optimizer of whole arrays that uses only public types, LAMB (You et al., 2020), whose expected steps are NumPy's. */
class LambTest {
    private static final class Lamb extends Optimizer {
        Lamb(List<Tensor> parameters, double rate) {
            super(parameters, rate);
        }

        @Override
        protected Update update(ParameterGroup group, int t) {
            double rate = group.learningRate();
            double weightDecay = group.weightDecay();
            double ofMean = 1 / (1 - StrictMath.pow(0.9, t));
            double ofSquare = 1 / (1 - StrictMath.pow(0.999, t));
            return new Update(List.of(StateArray.like("mean"), StateArray.like("square")), (p, g, arrays) -> {
                NdArray mean = arrays[0].mul(0.9).add(g.mul(0.1));
                NdArray square = arrays[1].mul(0.999).add(g.mul(g).mul(0.001));
                NdArray adam = mean.mul(ofMean).div(square.map(v -> Math.sqrt(v * ofSquare) + 1e-6));
                NdArray step = adam.add(p.mul(weightDecay));
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

    @Test
    void anOptimizerOfWholeArraysHasAllProperties() {
        OptimizerSpec.of("LAMB", parameters -> new Lamb(parameters, 0.1).weightDecay(0.01))
                .trajectory(
                        new double[] {0.5, -1, 2},
                        new double[][] {{1, -2, 0.5}, {0.25, 1, -0.5}, {-1, 0.5, 2}},
                        new double[][] {
                            {0.3685866566375874, -0.8679327928791314, 1.866625392260722},
                            {0.17011994761220386, -0.8025094193316898, 1.8747053499767663},
                            {0.16434028763807149, -0.7792889962713297, 1.6714758476334475}
                        })
                .check();
    }
}
