package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.OneCycle;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.RMSprop;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.optim.Schedule;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A row for each optimizer and each schedule of nn, which creates it from the arguments of a golden row. */
final class OptimizerCatalogue {
    record OptimizerRow(Class<? extends Optimizer> type, BiFunction<List<Tensor>, Arguments, Optimizer> golden) {}

    record ScheduleRow(Class<? extends Schedule> type, Function<Arguments, Schedule> golden) {}

    static final List<OptimizerRow> OPTIMIZERS = List.of(
            new OptimizerRow(SGD.class, OptimizerCatalogue::sgd),
            new OptimizerRow(
                    Adam.class,
                    (p, a) -> new Adam(p, a.number("lr"))
                            .betas(a.number("beta1", 0.9), a.number("beta2", 0.999))
                            .eps(a.number("eps", 1e-8))
                            .weightDecay(a.number("weightDecay", 0))),
            new OptimizerRow(RMSprop.class, OptimizerCatalogue::rmsprop));

    static final List<ScheduleRow> SCHEDULES = List.of(new ScheduleRow(OneCycle.class, OptimizerCatalogue::oneCycle));

    private OptimizerCatalogue() {}

    private static Optimizer sgd(List<Tensor> parameters, Arguments a) {
        SGD sgd = new SGD(parameters, a.number("lr")).weightDecay(a.number("weightDecay", 0));
        double momentum = a.number("momentum", 0);
        return a.flag("nesterov")
                ? sgd.nesterov(momentum)
                : sgd.momentum(momentum).dampening(a.number("dampening", 0));
    }

    private static Optimizer rmsprop(List<Tensor> parameters, Arguments a) {
        RMSprop rmsprop = new RMSprop(parameters, a.number("lr"))
                .alpha(a.number("alpha", 0.99))
                .eps(a.number("eps", 1e-8))
                .momentum(a.number("momentum", 0))
                .weightDecay(a.number("weightDecay", 0));
        return a.flag("centred") ? rmsprop.centered() : rmsprop;
    }

    private static Schedule oneCycle(Arguments a) {
        OneCycle cycle = new OneCycle(
                a.number("max"),
                a.integer("steps"),
                a.number("warmUp", 0.3),
                a.number("divFactor", 25),
                a.number("finalDivFactor", 1e4));
        return a.has("lowMomentum") ? cycle.momentum(a.number("lowMomentum"), a.number("highMomentum")) : cycle;
    }
}
