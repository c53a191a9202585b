package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.AdamBase;
import io.adjoint.nn.optim.AdamW;
import io.adjoint.nn.optim.ChainedOptimizer;
import io.adjoint.nn.optim.MomentOptimizer;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.RMSprop;
import io.adjoint.nn.optim.SGD;
import java.util.List;
import java.util.function.BiFunction;

/** A row for each optimizer of nn, which creates it from the arguments of a golden row. */
final class OptimizerCatalogue {
    record Row(Class<? extends Optimizer> type, BiFunction<List<Tensor>, Arguments, Optimizer> golden) {}

    static final List<Row> ROWS = List.of(
            new Row(SGD.class, OptimizerCatalogue::sgd),
            new Row(Adam.class, (p, a) -> adam(new Adam(p, a.number("lr")), a)),
            new Row(AdamW.class, (p, a) -> adam(new AdamW(p, a.number("lr")), a)),
            new Row(RMSprop.class, OptimizerCatalogue::rmsprop));

    private OptimizerCatalogue() {}

    private static Optimizer sgd(List<Tensor> parameters, Arguments a) {
        SGD sgd = common(new SGD(parameters, a.number("lr")), a);
        double momentum = a.number("momentum", 0);
        return a.flag("nesterov")
                ? sgd.nesterov(momentum)
                : sgd.momentum(momentum).dampening(a.number("dampening", 0));
    }

    private static <S extends AdamBase<S>> S adam(S adam, Arguments a) {
        moments(adam, a);
        return a.flag("amsgrad") ? adam.amsgrad() : adam;
    }

    private static <S extends MomentOptimizer<S>> S moments(S optimizer, Arguments a) {
        return common(optimizer, a)
                .betas(a.number("beta1", 0.9), a.number("beta2", 0.999))
                .eps(a.number("eps", 1e-8));
    }

    /** Settings that have no entry stay as they are by default. */
    private static <S extends ChainedOptimizer<S>> S common(S optimizer, Arguments a) {
        S decaying = a.has("weightDecay") ? optimizer.weightDecay(a.number("weightDecay")) : optimizer;
        return a.flag("maximize") ? decaying.maximize() : decaying;
    }

    private static Optimizer rmsprop(List<Tensor> parameters, Arguments a) {
        RMSprop rmsprop = common(new RMSprop(parameters, a.number("lr")), a)
                .alpha(a.number("alpha", 0.99))
                .eps(a.number("eps", 1e-8))
                .momentum(a.number("momentum", 0));
        return a.flag("centred") ? rmsprop.centered() : rmsprop;
    }
}
