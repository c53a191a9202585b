package io.adjoint.proof;

import com.google.gson.JsonObject;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.nn.optim.ASGD;
import io.adjoint.nn.optim.Adadelta;
import io.adjoint.nn.optim.Adafactor;
import io.adjoint.nn.optim.Adagrad;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.AdamW;
import io.adjoint.nn.optim.Adamax;
import io.adjoint.nn.optim.LAMB;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.optim.Muon;
import io.adjoint.nn.optim.NAdam;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.RAdam;
import io.adjoint.nn.optim.RMSprop;
import io.adjoint.nn.optim.Rprop;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.optim.SparseAdam;
import io.adjoint.testkit.OptimizerCheck;
import io.adjoint.testkit.OptimizerSpec;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The catalogue of nn's optimizers and of some optimizers as users write them. Each row creates its optimizer from the arguments of a
 * golden row.
 */
final class OptimizerCatalogue {
    record Row(Class<? extends Optimizer> type, BiFunction<List<Tensor>, Arguments, Optimizer> golden) {
        /** The optimizer with a learning rate of 0.05 and the given flags set. */
        Optimizer create(List<Tensor> parameters, String... flags) {
            JsonObject settings = new JsonObject();
            settings.addProperty("lr", 0.05);
            for (String flag : flags) {
                settings.addProperty(flag, true);
            }
            return golden.apply(parameters, new Arguments(settings));
        }

        /** The parameters of a model that this optimizer accepts. */
        List<Tensor> taken(List<Tensor> parameters) {
            return type == Muon.class
                    ? parameters.stream().filter(p -> p.shape().rank() > 1).toList()
                    : parameters;
        }

        /** The optimizer for the testkit's checks, with the flags under which it keeps the most arrays from step to step. */
        OptimizerSpec spec() {
            OptimizerSpec spec = OptimizerSpec.of(
                    type.getSimpleName(), parameters -> create(parameters, "amsgrad", "centred", "strongWolfe"));
            // L-BFGS treats all parameters as one vector, and its line search may end at another point if results are
            // rounded differently.
            if (type == LBFGS.class) {
                return spec.except(OptimizerCheck.GROUPS).floatRtol(1e-2);
            }
            return type == Muon.class ? spec.shapes(Shape.of(2, 3), Shape.of(3, 2), Shape.of(2, 2, 2)) : spec;
        }
    }

    static final List<Row> ROWS = List.of(
            new Row(SGD.class, OptimizerCatalogue::sgd),
            new Row(Adam.class, (p, a) -> adam(new Adam(p, a.number("lr")), Adam::betas, Adam::eps, Adam::amsgrad, a)),
            new Row(
                    AdamW.class,
                    (p, a) -> adam(new AdamW(p, a.number("lr")), AdamW::betas, AdamW::eps, AdamW::amsgrad, a)),
            new Row(NAdam.class, (p, a) -> {
                NAdam nadam = moments(new NAdam(p, a.number("lr")), NAdam::betas, NAdam::eps, a)
                        .momentumDecay(a.number("momentumDecay", 4e-3));
                return a.flag("decoupled") ? nadam.decoupled() : nadam;
            }),
            new Row(RAdam.class, (p, a) -> {
                RAdam radam = moments(new RAdam(p, a.number("lr")), RAdam::betas, RAdam::eps, a);
                return a.flag("decoupled") ? radam.decoupled() : radam;
            }),
            new Row(Adamax.class, (p, a) -> moments(new Adamax(p, a.number("lr")), Adamax::betas, Adamax::eps, a)),
            new Row(
                    Adagrad.class,
                    (p, a) -> common(new Adagrad(p, a.number("lr")), a)
                            .lrDecay(a.number("lrDecay", 0))
                            .initialAccumulator(a.number("initialAccumulator", 0))
                            .eps(a.number("eps", 1e-10))),
            new Row(
                    Adadelta.class,
                    (p, a) -> common(new Adadelta(p, a.number("lr")), a)
                            .rho(a.number("rho", 0.9))
                            .eps(a.number("eps", 1e-6))),
            new Row(
                    Rprop.class,
                    (p, a) -> common(new Rprop(p, a.number("lr")), a)
                            .etas(a.number("minus", 0.5), a.number("plus", 1.2))
                            .stepSizes(a.number("smallest", 1e-6), a.number("largest", 50))),
            new Row(
                    ASGD.class,
                    (p, a) -> common(new ASGD(p, a.number("lr")), a)
                            .decay(a.number("decay", 1e-4))
                            .power(a.number("power", 0.75))
                            .start(a.number("start", 1e6))),
            new Row(Adafactor.class, OptimizerCatalogue::adafactor),
            new Row(LBFGS.class, OptimizerCatalogue::lbfgs),
            new Row(RMSprop.class, OptimizerCatalogue::rmsprop),
            new Row(
                    SparseAdam.class,
                    (p, a) -> moments(new SparseAdam(p, a.number("lr")), SparseAdam::betas, SparseAdam::eps, a)),
            new Row(
                    LAMB.class,
                    (p, a) -> moments(new LAMB(p, a.number("lr")), LAMB::betas, LAMB::eps, a)
                            .eps(a.number("eps", 1e-6))),
            new Row(Muon.class, OptimizerCatalogue::muon));

    /** The rows of optimizers that are written as users write them. */
    static final List<Row> OWN = List.of(
            new Row(OwnOptimizers.Lion.class, (p, a) -> own(new OwnOptimizers.Lion(p, a.number("lr")), a)),
            new Row(OwnOptimizers.Lamb.class, (p, a) -> own(new OwnOptimizers.Lamb(p, a.number("lr")), a)));

    static final List<Row> ALL = Stream.concat(ROWS.stream(), OWN.stream()).toList();

    private OptimizerCatalogue() {}

    private static Optimizer sgd(List<Tensor> parameters, Arguments a) {
        SGD sgd = common(new SGD(parameters, a.number("lr")), a);
        double momentum = a.number("momentum", 0);
        return a.flag("nesterov")
                ? sgd.nesterov(momentum)
                : sgd.momentum(momentum).dampening(a.number("dampening", 0));
    }

    private interface Betas<S> {
        S of(S optimizer, double first, double second);
    }

    private static <S extends Optimizer> S adam(
            S optimizer, Betas<S> betas, BiFunction<S, Double, S> eps, UnaryOperator<S> amsgrad, Arguments a) {
        S adam = moments(optimizer, betas, eps, a);
        return a.flag("amsgrad") ? amsgrad.apply(adam) : adam;
    }

    private static <S extends Optimizer> S moments(
            S optimizer, Betas<S> betas, BiFunction<S, Double, S> eps, Arguments a) {
        S chained = betas.of(common(optimizer, a), a.number("beta1", 0.9), a.number("beta2", 0.999));
        return eps.apply(chained, a.number("eps", 1e-8));
    }

    /** Applies the settings that the arguments have; the others keep their defaults. */
    private static <S extends Optimizer> S common(S optimizer, Arguments a) {
        if (a.has("weightDecay")) {
            optimizer.weightDecay(a.number("weightDecay"));
        }
        if (a.flag("maximize")) {
            optimizer.maximize();
        }
        return optimizer;
    }

    private static Optimizer muon(List<Tensor> parameters, Arguments a) {
        Muon muon = common(new Muon(parameters, a.number("lr")), a)
                .momentum(a.number("momentum", 0.95))
                .eps(a.number("eps", 1e-7));
        if (a.flag("withoutNesterov")) {
            muon.withoutNesterov();
        }
        return a.flag("matchAdamW") ? muon.matchAdamW() : muon;
    }

    /** Applies the settings that the arguments have, by the settings' names. */
    private static Optimizer own(Optimizer optimizer, Arguments a) {
        optimizer.settings().keySet().stream()
                .filter(a::has)
                .forEach(setting -> optimizer.set(setting, a.number(setting)));
        return optimizer;
    }

    private static Optimizer adafactor(List<Tensor> parameters, Arguments a) {
        Adafactor adafactor = common(new Adafactor(parameters, a.number("lr")), a)
                .beta2Decay(a.number("beta2Decay", -0.8))
                .clipping(a.number("clipping", 1));
        return a.has("eps1") ? adafactor.eps(a.number("eps1"), a.number("eps2")) : adafactor;
    }

    private static Optimizer lbfgs(List<Tensor> parameters, Arguments a) {
        LBFGS lbfgs = new LBFGS(parameters, a.number("lr"))
                .maxIterations(a.integer("maxIterations", 20))
                .history(a.integer("history", 100))
                .tolerances(a.number("gradientTolerance", 1e-7), a.number("changeTolerance", 1e-9));
        if (a.has("maxEvaluations")) {
            lbfgs.maxEvaluations(a.integer("maxEvaluations"));
        }
        return a.flag("strongWolfe") ? lbfgs.strongWolfe() : lbfgs;
    }

    private static Optimizer rmsprop(List<Tensor> parameters, Arguments a) {
        RMSprop rmsprop = common(new RMSprop(parameters, a.number("lr")), a)
                .alpha(a.number("alpha", 0.99))
                .eps(a.number("eps", 1e-8))
                .momentum(a.number("momentum", 0));
        return a.flag("centred") ? rmsprop.centered() : rmsprop;
    }
}
