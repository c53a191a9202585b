package io.adjoint.spark;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.optim.Schedule;
import java.util.List;

/** Gradient descent whose rate falls to half in the middle, by factories that can be saved. */
public final class HalvedSgd implements OptimizerFactory, ScheduleFactory {
    /** Spark calls this constructor when it loads an estimator. */
    public HalvedSgd() {}

    @Override
    public Optimizer of(List<Tensor> parameters, double learningRate) {
        return new SGD(parameters, learningRate).momentum(0.5);
    }

    @Override
    public Schedule of(double learningRate, long steps) {
        return step -> 2 * step < steps ? learningRate : learningRate / 2;
    }
}
