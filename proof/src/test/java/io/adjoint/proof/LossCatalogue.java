package io.adjoint.proof;

import static io.adjoint.proof.GoldenLosses.reduction;
import static io.adjoint.proof.GoldenLosses.target;
import static io.adjoint.proof.GoldenLosses.weights;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.loss.BCE;
import io.adjoint.nn.loss.BCEWithLogits;
import io.adjoint.nn.loss.CTC;
import io.adjoint.nn.loss.CosineEmbedding;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.Focal;
import io.adjoint.nn.loss.FocalCrossEntropy;
import io.adjoint.nn.loss.GaussianNLL;
import io.adjoint.nn.loss.Hinge;
import io.adjoint.nn.loss.HingeEmbedding;
import io.adjoint.nn.loss.Huber;
import io.adjoint.nn.loss.KLDiv;
import io.adjoint.nn.loss.L1;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.loss.MarginRanking;
import io.adjoint.nn.loss.MultiLabelMargin;
import io.adjoint.nn.loss.MultiLabelSoftMargin;
import io.adjoint.nn.loss.MultiMargin;
import io.adjoint.nn.loss.NLL;
import io.adjoint.nn.loss.PoissonNLL;
import io.adjoint.nn.loss.Reduction;
import io.adjoint.nn.loss.SmoothL1;
import io.adjoint.nn.loss.SoftMargin;
import io.adjoint.nn.loss.TripletMargin;
import io.adjoint.nn.loss.TripletMarginWithDistance;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

/**
 * The catalogue of nn's losses, with a row for each. Losses of a prediction and a target are also operations, with entries in
 * {@link LossFamily}.
 */
final class LossCatalogue {
    /** A loss whose arguments are not a prediction and a target. */
    record Row(Class<?> type, Operation operation, Family.Golden golden) {}

    static final Set<Class<?>> IN_LOSS_FAMILY = Set.of(
            MSE.class,
            L1.class,
            Huber.class,
            SmoothL1.class,
            BCE.class,
            BCEWithLogits.class,
            KLDiv.class,
            NLL.class,
            CrossEntropy.class,
            PoissonNLL.class,
            Hinge.class,
            HingeEmbedding.class,
            SoftMargin.class,
            Focal.class,
            FocalCrossEntropy.class);

    static final List<Row> ROWS = List.of(
            new Row(
                    TripletMargin.class,
                    Operation.of(
                                    "triplet margin",
                                    t -> new TripletMargin().margin(9).forward(t[0], t[1], t[2]))
                            .shapes("(n,2),(n,2),(n,2)->()")
                            .within(Values.between(0, 2), Values.between(3, 5), Values.between(6, 8))
                            .order(2),
                    (t, a) -> triplet(a).forward(t[0], t[1], t[2])),
            new Row(
                    TripletMarginWithDistance.class,
                    Operation.of(
                                    "triplet margin with a distance",
                                    t -> new TripletMarginWithDistance(LossCatalogue::squaredDistance)
                                            .margin(100)
                                            .swap()
                                            .reduction(Reduction.NONE)
                                            .forward(t[0], t[1], t[2]))
                            .shapes("(n,2),(n,2),(n,2)->(n)")
                            // The negative is farther from the anchor than the positive, so that the loss is
                            // differentiable.
                            .within(Values.between(2, 3), Values.between(0, 1), Values.between(4, 5))
                            .order(2),
                    (t, a) -> withDistance(a).forward(t[0], t[1], t[2])),
            new Row(
                    GaussianNLL.class,
                    Operation.of(
                                    "gaussian likelihood",
                                    t -> new GaussianNLL().full().forward(t[0], t[1], t[2]))
                            .shapes("(n,d),(n,d),(n,d)->()")
                            .within(Values.between(-2, 2), Values.between(-2, 2), Values.between(0.3, 2))
                            .order(2),
                    (t, a) -> gaussian(a).forward(t[0], t[1], t[2])),
            new Row(
                    GaussianNLL.class,
                    Operation.of(
                                    "gaussian likelihood of one variance a sample",
                                    t -> new GaussianNLL()
                                            .reduction(Reduction.NONE)
                                            .forward(t[0], t[1], t[2]))
                            .shapes("(n,3),(n,3),(n)->(n,3)")
                            .within(Values.between(-2, 2), Values.between(-2, 2), Values.between(0.3, 2))
                            .order(2),
                    (t, a) -> gaussian(a).forward(t[0], t[1], t[2])),
            new Row(
                    MarginRanking.class,
                    Operation.of(
                                    "margin ranking",
                                    t -> new MarginRanking()
                                            .margin(9)
                                            .reduction(Reduction.NONE)
                                            .forward(t[0], t[1], SignLosses.signs(t[2], t[0])))
                            .shapes("(n,d?),(n,d?),(n,d?)->(n,d?)")
                            .within(Values.between(-2, 2), Values.between(-2, 2), Values.integers(0, 1))
                            .order(2),
                    (t, a) -> new MarginRanking(a.number("margin", 0), reduction(a))
                            .forward(t[0], t[1], a.tensor("target").to(t[0].dtype()))),
            new Row(
                    CosineEmbedding.class,
                    Operation.of(
                                    "cosine embedding",
                                    t -> new CosineEmbedding()
                                            .margin(0.3)
                                            .reduction(Reduction.NONE)
                                            .forward(t[0], t[1], SignLosses.signs(t[2], t[0])))
                            .shapes("(n?,2),(n?,2),(n?)->(n?)")
                            .within(Values.between(0.5, 2), Values.between(0.5, 2), Values.integers(0, 1))
                            .order(2),
                    (t, a) -> new CosineEmbedding(a.number("margin", 0), reduction(a))
                            .forward(t[0], t[1], a.tensor("target").to(t[0].dtype()))),
            new Row(
                    MultiMargin.class,
                    Operation.of(
                                    "multi margin",
                                    t -> new MultiMargin()
                                            .p(2)
                                            .margin(9)
                                            .classWeights(1, 0.5, 2)
                                            .reduction(Reduction.NONE)
                                            .forward(t[0], t[1]))
                            .shapes("(n?,3),(n?)->(n?)")
                            .within(Values.between(-2, 2), Values.integers(0, 2))
                            .order(2),
                    (t, a) -> multiMargin(a).forward(t[0], t[1])),
            new Row(
                    MultiLabelMargin.class,
                    Operation.of("multi label margin", t -> new MultiLabelMargin(Reduction.NONE).forward(t[0], t[1]))
                            .shapes("(n?,3),(n?,3)->(n?)")
                            .within(Values.between(-0.4, 0.4), Values.integers(-1, 2))
                            .order(2),
                    (t, a) -> new MultiLabelMargin(reduction(a)).forward(t[0], t[1])),
            new Row(
                    MultiLabelSoftMargin.class,
                    Operation.of(
                                    "multi label soft margin",
                                    t -> new MultiLabelSoftMargin()
                                            .classWeights(1, 0.5, 2)
                                            .reduction(Reduction.NONE)
                                            .forward(t[0], t[1]))
                            .shapes("(n?,d?,3),(n?,d?,3)->(n?,d?)")
                            .within(Values.between(-5, 5), Values.between(0, 1))
                            .order(2),
                    (t, a) -> multiLabelSoftMargin(a).forward(t[0], target(t, a))),
            new Row(
                    CTC.class,
                    Operation.of(
                                    "ctc",
                                    t -> new CTC()
                                            .zeroInfinity()
                                            .reduction(Reduction.NONE)
                                            .forward(t[0], t[1], steps(t[0].shape()), labels(t[1].shape())))
                            .shapes("(t,n,3),(n,3)->(n)")
                            .within(Values.between(-3, 0), Values.integers(1, 2))
                            .order(2),
                    LossCatalogue::ctc));

    private LossCatalogue() {}

    private static Tensor squaredDistance(Tensor a, Tensor b) {
        return a.sub(b).square().sum(-1);
    }

    private static Tensor ofSamples(int samples, IntToDoubleFunction length) {
        return Tensor.of(NdArray.generate(DType.INT32, Shape.of(samples), length));
    }

    /** The numbers of steps of the sequences: every second sequence is one step shorter. */
    private static Tensor steps(Shape logProbs) {
        return ofSamples(logProbs.dim(1), n -> Math.max(0, logProbs.dim(0) - n % 2));
    }

    /** The number of labels of each sequence, from 0 to 3. */
    private static Tensor labels(Shape targets) {
        return ofSamples(targets.dim(0), n -> (n + 2) % 4);
    }

    // ---- settings of golden rows ----

    private static TripletMargin triplet(Arguments a) {
        TripletMargin loss = new TripletMargin()
                .margin(a.number("margin", 1))
                .p(a.number("p", 2))
                .eps(a.number("eps", 1e-6))
                .reduction(reduction(a));
        return a.flag("swap") ? loss.swap() : loss;
    }

    private static TripletMarginWithDistance withDistance(Arguments a) {
        TripletMarginWithDistance loss = new TripletMarginWithDistance(LossCatalogue::squaredDistance)
                .margin(a.number("margin", 1))
                .reduction(reduction(a));
        return a.flag("swap") ? loss.swap() : loss;
    }

    private static GaussianNLL gaussian(Arguments a) {
        GaussianNLL loss = new GaussianNLL().eps(a.number("eps", 1e-6)).reduction(reduction(a));
        return a.flag("full") ? loss.full() : loss;
    }

    private static MultiMargin multiMargin(Arguments a) {
        MultiMargin loss = new MultiMargin()
                .p(a.integer("p", 1))
                .margin(a.number("margin", 1))
                .reduction(reduction(a));
        return a.has("weight") ? loss.classWeights(weights(a)) : loss;
    }

    private static MultiLabelSoftMargin multiLabelSoftMargin(Arguments a) {
        MultiLabelSoftMargin loss = new MultiLabelSoftMargin().reduction(reduction(a));
        return a.has("weight") ? loss.classWeights(weights(a)) : loss;
    }

    private static Tensor ctc(Tensor[] t, Arguments a) {
        CTC loss = new CTC().blank(a.integer("blank", 0)).reduction(reduction(a));
        return (a.flag("zeroInfinity") ? loss.zeroInfinity() : loss)
                .forward(t[0].logSoftmax(-1), t[1], a.indices("inputLengths"), a.indices("targetLengths"));
    }
}
