package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.ranges;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Functional;
import io.adjoint.nn.loss.BCE;
import io.adjoint.nn.loss.BCEWithLogits;
import io.adjoint.nn.loss.ElementwiseLoss;
import io.adjoint.nn.loss.Focal;
import io.adjoint.nn.loss.Huber;
import io.adjoint.nn.loss.KLDiv;
import io.adjoint.nn.loss.L1;
import io.adjoint.nn.loss.Loss;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.loss.PoissonNLL;
import io.adjoint.nn.loss.Reduction;
import io.adjoint.nn.loss.SmoothL1;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The catalogue's entries for losses and for the functions that layers compute. */
final class LossFamily implements Family {
    private static final String ALIKE = "(a?,b?,c?),(a?,b?,c?)";

    @Override
    public String title() {
        return "Losses and layers";
    }

    @Override
    public List<Entry> entries() {
        return Stream.of(
                        ofDifferences(),
                        ofProbabilities(),
                        ofCounts(),
                        SignLosses.entries(),
                        ClassLosses.entries(),
                        LayerFunctions.entries())
                .flatMap(List::stream)
                .toList();
    }

    // ---- losses of each element ----

    static Reduction reduction(int... choice) {
        return choice[0] == 0 ? Reduction.NONE : choice[0] == 1 ? Reduction.SUM : Reduction.MEAN;
    }

    /** The entry of an elementwise loss, tested with each reduction. */
    private static Entry elementwise(
            String name, ElementwiseLoss loss, DoubleBinaryOperator expected, Values... values) {
        return elementwise(name, loss, loss, expected, values);
    }

    /** The entry of an elementwise loss; its wrong calls are tested for another setting of the loss. */
    private static Entry elementwise(
            String name,
            ElementwiseLoss loss,
            ElementwiseLoss rejecting,
            DoubleBinaryOperator expected,
            Values... values) {
        Reference each = Reference.each(expected);
        return entry(name, (t, choice) -> loss.reduction(reduction(choice)).forward(t[0], t[1]))
                .shapes(ALIKE)
                .arguments(shapes -> ranges(0, 2))
                .within(values)
                .reference((inputs, choice) -> reduced(choice[0], each.of(inputs, choice)))
                .order(2)
                .rejects(ofPairs(rejecting));
    }

    static NdArray reduced(int choice, NdArray losses) {
        double[] elements = losses.toDoubleArray();
        double sum = Arrays.stream(elements).sum();
        return choice == 0 ? losses : NdArray.scalar(DType.FLOAT64, choice == 1 ? sum : sum / elements.length);
    }

    /** Adds the wrong calls of an elementwise loss, whose messages name the loss's class. */
    static UnaryOperator<Entry> ofPairs(Loss loss) {
        String type = loss.getClass().getSimpleName();
        return entry -> entry.fails(
                        "unequal shapes",
                        x -> loss.forward(x, x.slice(1, 0, 2)),
                        type + " … [2, 3] … [2, 2] … reshape … broadcastTo")
                .fails(
                        "unequal types",
                        x -> loss.forward(x, x.detach().to(DType.FLOAT32)),
                        type + " … FLOAT64 … FLOAT32 … to(FLOAT32)")
                .fails(
                        "INT32 elements",
                        x -> loss.forward(x.to(DType.INT32), x.to(DType.INT32)),
                        type + " … INT32 … to(FLOAT64)");
    }

    private static double huber(double d, double delta) {
        return Math.abs(d) < delta ? 0.5 * d * d : delta * (Math.abs(d) - 0.5 * delta);
    }

    private static List<Entry> ofDifferences() {
        // Differences of prediction and target stay away from ±1, where the pieces of a loss meet.
        Values[] awayFromJoints = {Values.between(-3, 3).awayFrom(-1, 1).gap(0.3), Values.between(-0.2, 0.2)};
        return List.of(
                elementwise("MSE", new MSE(), (p, t) -> (p - t) * (p - t), Values.between(-2, 2)),
                elementwise("MSE halved", new MSE().halved(), (p, t) -> (p - t) * (p - t) / 2, Values.between(-2, 2)),
                elementwise(
                        "L1",
                        new L1(),
                        (p, t) -> Math.abs(p - t),
                        Values.between(-20, 20).distinct()),
                elementwise("Huber", new Huber(), (p, t) -> huber(p - t, 1), awayFromJoints)
                        .fails("a delta that is not positive", x -> new Huber(0).forward(x, x), "Huber … delta … 0.0"),
                elementwise(
                        "Huber of another delta",
                        (p, t) -> new Huber(0.5).each(p.div(2), t.div(2)),
                        new Huber(0.5),
                        (p, t) -> huber((p - t) / 2, 0.5),
                        awayFromJoints),
                elementwise("SmoothL1", new SmoothL1(), (p, t) -> huber(p - t, 1), awayFromJoints)
                        .fails("a negative beta", x -> new SmoothL1(-1).forward(x, x), "SmoothL1 … beta … -1.0"),
                elementwise(
                        "SmoothL1 of another beta",
                        (p, t) -> new SmoothL1(2).each(p.mul(2), t.mul(2)),
                        new SmoothL1(2),
                        (p, t) -> huber((p - t) * 2, 2) / 2,
                        awayFromJoints));
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static List<Entry> ofProbabilities() {
        Values probability = Values.between(0.02, 0.98);
        return List.of(
                elementwise("BCE", new BCE(), (p, t) -> -t * Math.log(p) - (1 - t) * Math.log1p(-p), probability)
                        .fails(
                                "no probabilities",
                                x -> new BCE().forward(x, x),
                                "BCE … 2.0 … element 1 … BCEWithLogits"),
                elementwise(
                        "BCEWithLogits",
                        new BCEWithLogits(),
                        (x, t) -> t * softplus(-x) + (1 - t) * softplus(x),
                        Values.between(-30, 30),
                        Values.between(0, 1)),
                weighted(
                                "BCE with weights",
                                t -> new BCE()
                                        .weight(t[2])
                                        .reduction(Reduction.NONE)
                                        .forward(t[0], t[1]),
                                (p, t, w) -> w * (-t * Math.log(p) - (1 - t) * Math.log1p(-p)),
                                probability)
                        .rejects(ofPairs(new BCE())),
                weighted(
                                "BCEWithLogits with weights",
                                t -> new BCEWithLogits()
                                        .weight(t[2])
                                        .positiveWeight(t[2].add(1))
                                        .reduction(Reduction.NONE)
                                        .forward(t[0], t[1]),
                                (x, t, w) -> w * ((w + 1) * t * softplus(-x) + (1 - t) * softplus(x)),
                                Values.between(-30, 30))
                        .rejects(ofPairs(new BCEWithLogits()))
                        .fails(
                                "weights that do not broadcast",
                                x -> new BCEWithLogits()
                                        .positiveWeight(Tensor.of(1, 2))
                                        .forward(x, x),
                                "BCEWithLogits … [2] … [2, 3]")
                        .fails(
                                "weights of another type",
                                x -> new BCEWithLogits()
                                        .weight(Tensor.of(new float[] {1}))
                                        .forward(x, x),
                                "BCEWithLogits … weight is FLOAT32 … FLOAT64 … to(FLOAT64)"),
                entry("KLDiv", (t, choice) -> klDiv(choice[0]).forward(t[0], t[1]))
                        .shapes(ALIKE)
                        .arguments(shapes -> ranges(0, 3))
                        .within(Values.between(-5, 0), Values.between(0.05, 1))
                        .reference((in, choice) -> {
                            NdArray losses = Reference.each((double x, double t) -> t * (Math.log(t) - x))
                                    .of(in, choice);
                            int samples = in[0].shape().rank() == 0
                                    ? 1
                                    : in[0].shape().dim(0);
                            return choice[0] < 3
                                    ? reduced(choice[0], losses)
                                    : NdArray.scalar(
                                            DType.FLOAT64,
                                            Arrays.stream(losses.toDoubleArray())
                                                            .sum()
                                                    / samples);
                        })
                        .order(2)
                        .rejects(ofPairs(new KLDiv()))
                        .fails("negative probabilities", x -> new KLDiv().forward(x, x.neg()), "KLDiv … -1.0 … exp()"),
                elementwise(
                        "KLDiv of logarithms",
                        new KLDiv().logTarget(),
                        (x, u) -> Math.exp(u) * (u - x),
                        Values.between(-5, 0)),
                elementwise(
                                "Focal",
                                new Focal(),
                                (x, t) -> focal(x, t, 2) * (0.75 - t / 2),
                                Values.between(-9, 9),
                                Values.between(0, 1))
                        .fails("no probabilities", x -> new Focal().forward(x, x), "Focal … 2.0 … element 1")
                        .fails("a negative gamma", x -> new Focal().gamma(-1).forward(x, x), "Focal … gamma … -1.0"),
                elementwise(
                        "Focal of another gamma",
                        new Focal().gamma(0.5).withoutAlpha(),
                        (x, t) -> focal(x, t, 0.5),
                        Values.between(-9, 9),
                        Values.between(0, 1)));
    }

    @FunctionalInterface
    private interface OfWeighted {
        double applyAsDouble(double x, double target, double weight);
    }

    /** The entry of an elementwise loss with a weight for each element of a row. */
    private static Entry weighted(String name, Function<Tensor[], Tensor> loss, OfWeighted expected, Values values) {
        return entry(name, loss)
                .shapes("(b?,n),(b?,n),(n)->(b?,n)")
                .within(values, Values.between(0, 1), Values.between(0.5, 3))
                .reference((in, none) -> Reference.build(
                        in[0].shape(),
                        at -> expected.applyAsDouble(in[0].get(at), in[1].get(at), Reference.broadcast(in[2], at))))
                .order(2);
    }

    private static double focal(double x, double t, double gamma) {
        double p = 1 / (1 + Math.exp(-x));
        return (t * softplus(-x) + (1 - t) * softplus(x)) * Math.pow(t * (1 - p) + (1 - t) * p, gamma);
    }

    private static double stirling(double t) {
        return t > 1 ? t * Math.log(t) - t + Math.log(2 * Math.PI * t) / 2 : 0;
    }

    private static List<Entry> ofCounts() {
        Values count = Values.between(0, 9).awayFrom(1).gap(0.1);
        return List.of(
                elementwise("PoissonNLL", new PoissonNLL(), (x, t) -> Math.exp(x) - t * x, Values.between(-3, 3), count)
                        .fails("an epsilon of 0", x -> new PoissonNLL().eps(0).forward(x, x), "PoissonNLL … eps … 0.0"),
                elementwise(
                        "PoissonNLL of rates, in full",
                        new PoissonNLL().logInput(false).full(),
                        (x, t) -> x - t * Math.log(x + 1e-8) + stirling(t),
                        Values.between(0.1, 5),
                        count));
    }

    private static Loss klDiv(int choice) {
        return choice < 3 ? new KLDiv().reduction(reduction(choice)) : new KLDiv();
    }

    @Override
    public Map<String, Golden> golden() {
        return GoldenLosses.all();
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        Tensor labels = Tensor.of(1, 0, 1, 0);
        Map<String, Function<Tensor[], Tensor>> all = new HashMap<>(Map.of(
                "bce logits",
                t -> new BCEWithLogits().reduction(Reduction.NONE).forward(t[0], labels),
                "bce prob",
                t -> new BCE().reduction(Reduction.NONE).forward(t[0], labels),
                "huber",
                ofZeros(new Huber()),
                "smooth_l1",
                ofZeros(new SmoothL1()),
                "l1",
                ofZeros(new L1()),
                "kl_div",
                t -> new KLDiv().reduction(Reduction.NONE).forward(t[0], Tensor.of(0, 1)),
                "cosine_sim 0",
                t -> Functional.cosineSimilarity(t[0], t[1], 0)));
        all.putAll(ImageEntries.special());
        all.putAll(GridEntries.special());
        return all;
    }

    private static Function<Tensor[], Tensor> ofZeros(ElementwiseLoss loss) {
        return t -> loss.reduction(Reduction.NONE).forward(t[0], t[0].detach().mul(0));
    }
}
