package io.adjoint.proof;

import static java.util.Map.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.nn.loss.BCE;
import io.adjoint.nn.loss.BCEWithLogits;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.ElementwiseLoss;
import io.adjoint.nn.loss.Focal;
import io.adjoint.nn.loss.FocalCrossEntropy;
import io.adjoint.nn.loss.Hinge;
import io.adjoint.nn.loss.HingeEmbedding;
import io.adjoint.nn.loss.Huber;
import io.adjoint.nn.loss.KLDiv;
import io.adjoint.nn.loss.L1;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.loss.NLL;
import io.adjoint.nn.loss.PoissonNLL;
import io.adjoint.nn.loss.Reduction;
import io.adjoint.nn.loss.SmoothL1;
import io.adjoint.nn.loss.SoftMargin;
import io.adjoint.proof.Family.Golden;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Computes the rows of the golden file for the operations of {@link LossFamily}. */
final class GoldenLosses {
    private GoldenLosses() {}

    static Reduction reduction(Arguments arguments) {
        return arguments.has("reduction")
                ? Reduction.valueOf(arguments.text("reduction").toUpperCase(Locale.ROOT))
                : Reduction.MEAN;
    }

    static Tensor target(Tensor[] inputs, Arguments arguments) {
        return inputs.length > 1 ? inputs[1] : arguments.tensor("target").to(inputs[0].dtype());
    }

    static double[] weights(Arguments arguments) {
        return arguments.tensor("weight").data().toDoubleArray();
    }

    /** The targets: INT32 classes, or class probabilities if the target has the shape of the scores. */
    private static Tensor classes(Tensor[] inputs, Arguments arguments) {
        Tensor target = target(inputs, arguments);
        return target.shape().equals(inputs[0].shape()) ? target : target.to(DType.INT32);
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

    /** Reads a weight, in the dtype of the scores. */
    private static Tensor weight(String name, Tensor[] inputs, Arguments arguments) {
        return arguments.tensor(name).to(inputs[0].dtype());
    }

    private static Tensor bce(Tensor[] inputs, Arguments arguments) {
        BCE loss = arguments.has("weight") ? new BCE().weight(weight("weight", inputs, arguments)) : new BCE();
        return loss.reduction(reduction(arguments)).forward(inputs[0], target(inputs, arguments));
    }

    private static Tensor bceWithLogits(Tensor[] inputs, Arguments arguments) {
        BCEWithLogits plain = new BCEWithLogits();
        BCEWithLogits loss = arguments.has("weight") ? plain.weight(weight("weight", inputs, arguments)) : plain;
        return (arguments.has("posWeight") ? loss.positiveWeight(weight("posWeight", inputs, arguments)) : loss)
                .reduction(reduction(arguments))
                .forward(inputs[0], target(inputs, arguments));
    }

    private static Tensor klDiv(Tensor[] inputs, Arguments arguments) {
        KLDiv loss = arguments.flag("logTarget") ? new KLDiv().logTarget() : new KLDiv();
        return (arguments.has("reduction") && arguments.text("reduction").equals("batchmean")
                        ? loss
                        : loss.reduction(reduction(arguments)))
                .forward(inputs[0], target(inputs, arguments));
    }

    private static Tensor poisson(Tensor[] inputs, Arguments arguments) {
        PoissonNLL loss = new PoissonNLL()
                .logInput(!arguments.has("logInput") || arguments.flag("logInput"))
                .eps(arguments.number("eps", 1e-8));
        return (arguments.flag("full") ? loss.full() : loss)
                .reduction(reduction(arguments))
                .forward(inputs[0], target(inputs, arguments));
    }

    private static Tensor focal(Tensor[] inputs, Arguments arguments) {
        Focal loss = new Focal().gamma(arguments.number("gamma", 2));
        return (arguments.has("alpha") ? loss.alpha(arguments.number("alpha")) : loss.withoutAlpha())
                .reduction(reduction(arguments))
                .forward(inputs[0], target(inputs, arguments));
    }

    private static Tensor focalCrossEntropy(Tensor[] inputs, Arguments arguments) {
        FocalCrossEntropy loss = new FocalCrossEntropy()
                .gamma(arguments.number("gamma"))
                .reduction(reduction(arguments))
                .ignoreIndex(arguments.integer("ignoreIndex", -100));
        return (arguments.has("weight") ? loss.classWeights(weights(arguments)) : loss)
                .forward(inputs[0], target(inputs, arguments).to(DType.INT32));
    }

    private static Golden elementwise(Function<Arguments, ElementwiseLoss> loss) {
        return (t, a) -> loss.apply(a).reduction(reduction(a)).forward(t[0], target(t, a));
    }

    static Map<String, Golden> all() {
        Map<String, Golden> losses = Map.ofEntries(
                entry("MSE", elementwise(a -> new MSE())),
                entry("L1", elementwise(a -> new L1())),
                entry("Huber", elementwise(a -> new Huber(a.number("delta", 1)))),
                entry("SmoothL1", elementwise(a -> new SmoothL1(a.number("beta", 1)))),
                entry("Hinge", elementwise(a -> a.flag("squared") ? new Hinge().squared() : new Hinge())),
                entry("HingeEmbedding", elementwise(a -> new HingeEmbedding(a.number("margin", 1)))),
                entry("SoftMargin", elementwise(a -> new SoftMargin())),
                entry("PoissonNLL", GoldenLosses::poisson),
                entry("Focal", GoldenLosses::focal),
                entry("FocalCrossEntropy", GoldenLosses::focalCrossEntropy),
                entry("BCE", GoldenLosses::bce),
                entry("BCEWithLogits", GoldenLosses::bceWithLogits),
                entry("CrossEntropy", GoldenLosses::crossEntropy),
                entry("NLL", GoldenLosses::nll),
                entry("KLDiv", GoldenLosses::klDiv),
                entry("graph", (t, a) -> GoldenFormula.value(a.text("expr"), t)));
        Map<String, Golden> all = new HashMap<>(losses);
        all.putAll(LayerFunctions.golden());
        all.putAll(ImageEntries.golden());
        all.putAll(GridEntries.golden());
        all.putAll(TableFunctions.golden());
        return all;
    }
}
