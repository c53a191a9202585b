package io.adjoint.testkit.catalogue;

import static java.util.Map.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.BCE;
import io.adjoint.nn.BCEWithLogits;
import io.adjoint.nn.CrossEntropy;
import io.adjoint.nn.Huber;
import io.adjoint.nn.KLDiv;
import io.adjoint.nn.L1;
import io.adjoint.nn.MSE;
import io.adjoint.nn.NLL;
import io.adjoint.nn.Reduction;
import io.adjoint.nn.SmoothL1;
import io.adjoint.testkit.catalogue.Family.Golden;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

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

    private static double number(Arguments arguments, String name, double otherwise) {
        return arguments.has(name) ? arguments.number(name) : otherwise;
    }

    private static double[] weights(Arguments arguments) {
        return arguments.tensor("weight").data().toDoubleArray();
    }

    private static Tensor crossEntropy(Tensor[] inputs, Arguments arguments) {
        CrossEntropy loss = new CrossEntropy()
                .reduction(reduction(arguments))
                .labelSmoothing(number(arguments, "labelSmoothing", 0))
                .ignoreIndex((int) number(arguments, "ignoreIndex", -100));
        return (arguments.has("weight") ? loss.classWeights(weights(arguments)) : loss)
                .forward(inputs[0], inputs.length > 1 ? inputs[1] : arguments.indices("target"));
    }

    private static Tensor nll(Tensor[] inputs, Arguments arguments) {
        NLL loss = new NLL().reduction(reduction(arguments)).ignoreIndex((int) number(arguments, "ignoreIndex", -100));
        return (arguments.has("weight") ? loss.classWeights(weights(arguments)) : loss)
                .forward(inputs[0], arguments.indices("target"));
    }

    private static Tensor bceWithLogits(Tensor[] inputs, Arguments arguments) {
        BCEWithLogits loss = new BCEWithLogits().reduction(reduction(arguments));
        return (arguments.has("posWeight") ? loss.positiveWeight(arguments.tensor("posWeight")) : loss)
                .forward(inputs[0], target(inputs, arguments));
    }

    private static Tensor klDiv(Tensor[] inputs, Arguments arguments) {
        KLDiv loss = arguments.text("reduction").equals("batchmean")
                ? new KLDiv()
                : new KLDiv().reduction(reduction(arguments));
        return loss.forward(inputs[0], target(inputs, arguments));
    }

    private static Tensor graph(Tensor[] inputs, Arguments arguments) {
        Tensor x = inputs[0];
        String expression = arguments.text("expr");
        return switch (expression.replaceFirst("^\\d+x", "x")) {
            case "sin(sin(x)+sin(x))" -> x.sin().add(x.sin()).sin();
            case "x^2+y*x+y^2" -> x.square().add(inputs[1].mul(x)).add(inputs[1].square());
            case "y=x^2; y+y^3" -> x.square().add(x.square().pow(3));
            case "x: t -> 0.5 t + 0.5 sin t" -> {
                Tensor t = x;
                for (int k = Integer.parseInt(expression.substring(0, expression.indexOf('x'))); k > 0; k--) {
                    t = t.mul(0.5).add(t.sin().mul(0.5));
                }
                yield t;
            }
            default -> throw new IllegalArgumentException("graph: no such expression, " + expression);
        };
    }

    static Map<String, Golden> all() {
        Map<String, Golden> losses = Map.ofEntries(
                entry("mseLoss", (t, a) -> new MSE().reduction(reduction(a)).forward(t[0], target(t, a))),
                entry("l1Loss", (t, a) -> new L1().reduction(reduction(a)).forward(t[0], target(t, a))),
                entry(
                        "huberLoss",
                        (t, a) -> new Huber(number(a, "delta", 1))
                                .reduction(reduction(a))
                                .forward(t[0], target(t, a))),
                entry(
                        "smoothL1Loss",
                        (t, a) -> new SmoothL1(number(a, "beta", 1))
                                .reduction(reduction(a))
                                .forward(t[0], target(t, a))),
                entry("bceLoss", (t, a) -> new BCE().reduction(reduction(a)).forward(t[0], target(t, a))),
                entry("bceWithLogitsLoss", GoldenLosses::bceWithLogits),
                entry("crossEntropy", GoldenLosses::crossEntropy),
                entry("nllLoss", GoldenLosses::nll),
                entry("klDiv", GoldenLosses::klDiv),
                entry("graph", GoldenLosses::graph));
        Map<String, Golden> all = new HashMap<>(losses);
        all.putAll(LayerFunctions.golden());
        return all;
    }
}
