package io.adjoint.proof;

import static java.util.Map.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.nn.loss.BCE;
import io.adjoint.nn.loss.BCEWithLogits;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.Huber;
import io.adjoint.nn.loss.KLDiv;
import io.adjoint.nn.loss.L1;
import io.adjoint.nn.loss.Loss;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.loss.NLL;
import io.adjoint.nn.loss.Reduction;
import io.adjoint.nn.loss.SmoothL1;
import io.adjoint.proof.Family.Golden;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** How the rows of the golden file are computed that are of {@link LossFamily}. */
final class GoldenLosses {
    private GoldenLosses() {}

    private static Reduction reduction(Arguments arguments) {
        return arguments.has("reduction")
                ? Reduction.valueOf(arguments.text("reduction").toUpperCase(Locale.ROOT))
                : Reduction.MEAN;
    }

    private static Tensor target(Tensor[] inputs, Arguments arguments) {
        return inputs.length > 1 ? inputs[1] : arguments.tensor("target");
    }

    private static double[] weights(Arguments arguments) {
        return arguments.tensor("weight").data().toDoubleArray();
    }

    /** Classes, as whole numbers, or of the shape of the scores the probability of each. */
    private static Tensor classes(Tensor[] inputs, Arguments arguments) {
        Tensor target = target(inputs, arguments);
        return target.shape().equals(inputs[0].shape()) ? target : target.to(DType.INT32);
    }

    /** With a weight for the loss of each element, if there is one. */
    private static Golden weighted(Function<Reduction, Loss> loss) {
        return (inputs, arguments) -> {
            if (!arguments.has("weight")) {
                return loss.apply(reduction(arguments)).forward(inputs[0], target(inputs, arguments));
            }
            Tensor losses = loss.apply(Reduction.NONE)
                    .forward(inputs[0], target(inputs, arguments))
                    .mul(arguments.tensor("weight"));
            return switch (reduction(arguments)) {
                case NONE -> losses;
                case SUM -> losses.sum();
                case MEAN -> losses.mean();
            };
        };
    }

    private static Tensor crossEntropy(Tensor[] inputs, Arguments arguments) {
        CrossEntropy loss = new CrossEntropy()
                .reduction(reduction(arguments))
                .labelSmoothing(arguments.number("labelSmoothing", 0))
                .ignoreIndex(arguments.integer("ignoreIndex", -100));
        return (arguments.has("weight") ? loss.classWeights(weights(arguments)) : loss)
                .forward(inputs[0], classes(inputs, arguments));
    }

    private static Tensor nll(Tensor[] inputs, Arguments arguments) {
        NLL loss = new NLL().reduction(reduction(arguments)).ignoreIndex(arguments.integer("ignoreIndex", -100));
        return (arguments.has("weight") ? loss.classWeights(weights(arguments)) : loss)
                .forward(inputs[0], target(inputs, arguments).to(DType.INT32));
    }

    private static Golden bceWithLogits() {
        return (inputs, arguments) -> weighted(reduction -> arguments.has("posWeight")
                        ? new BCEWithLogits()
                                .positiveWeight(arguments.tensor("posWeight"))
                                .reduction(reduction)
                        : new BCEWithLogits().reduction(reduction))
                .apply(inputs, arguments);
    }

    private static Tensor klDiv(Tensor[] inputs, Arguments arguments) {
        Loss loss = arguments.has("reduction") && arguments.text("reduction").equals("batchmean")
                ? new KLDiv()
                : new KLDiv().reduction(reduction(arguments));
        Tensor target = target(inputs, arguments);
        return loss.forward(inputs[0], arguments.flag("logTarget") ? target.exp() : target);
    }

    static Map<String, Golden> all() {
        Map<String, Golden> losses = Map.ofEntries(
                entry("mseLoss", (t, a) -> new MSE().reduction(reduction(a)).forward(t[0], target(t, a))),
                entry("l1Loss", (t, a) -> new L1().reduction(reduction(a)).forward(t[0], target(t, a))),
                entry(
                        "huberLoss",
                        (t, a) -> new Huber(a.number("delta", 1))
                                .reduction(reduction(a))
                                .forward(t[0], target(t, a))),
                entry(
                        "smoothL1Loss",
                        (t, a) -> new SmoothL1(a.number("beta", 1))
                                .reduction(reduction(a))
                                .forward(t[0], target(t, a))),
                entry("bceLoss", weighted(reduction -> new BCE().reduction(reduction))),
                entry("bceWithLogitsLoss", bceWithLogits()),
                entry("crossEntropy", GoldenLosses::crossEntropy),
                entry("nllLoss", GoldenLosses::nll),
                entry("klDiv", GoldenLosses::klDiv),
                entry("graph", (t, a) -> GoldenFormula.value(a.text("expr"), t)));
        Map<String, Golden> all = new HashMap<>(losses);
        all.putAll(LayerFunctions.golden());
        return all;
    }
}
