package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.ranges;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.loss.ElementwiseLoss;
import io.adjoint.nn.loss.Hinge;
import io.adjoint.nn.loss.HingeEmbedding;
import io.adjoint.nn.loss.SoftMargin;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/** The entries of {@link LossFamily} for losses whose targets are −1 or 1. */
final class SignLosses {
    private SignLosses() {}

    /** Converts zeros and ones to −1 and 1 in the dtype of x. */
    static Tensor signs(Tensor bits, Tensor x) {
        return bits.mul(2).sub(1).to(x.dtype());
    }

    private static Entry ofSigns(String name, ElementwiseLoss loss, DoubleBinaryOperator expected, Values scores) {
        Reference each = Reference.each((double x, double bit) -> expected.applyAsDouble(x, 2 * bit - 1));
        String type = loss.getClass().getSimpleName();
        return entry(
                        name,
                        (t, choice) ->
                                loss.reduction(LossFamily.reduction(choice)).forward(t[0], signs(t[1], t[0])))
                .shapes("(a?,b?,c?),(a?,b?,c?)")
                .arguments(shapes -> ranges(0, 2))
                .within(scores, Values.integers(0, 1))
                .reference((in, choice) -> LossFamily.reduced(choice[0], each.of(in, choice)))
                .order(2)
                .rejects(LossFamily.ofPairs(loss))
                .fails("labels of 0 and 1", x -> loss.forward(x, x.mul(0)), type + " … -1 or 1 … 0.0 … mul(2).sub(1)");
    }

    private static double hinge(double z) {
        return Math.max(0, z);
    }

    static List<Entry> entries() {
        Values awayFromMargins = Values.between(-3, 3).awayFrom(-1, 1).gap(0.3);
        return List.of(
                ofSigns("Hinge", new Hinge(), (x, t) -> hinge(1 - t * x), awayFromMargins),
                ofSigns(
                        "Hinge squared",
                        new Hinge().squared(),
                        (x, t) -> hinge(1 - t * x) * hinge(1 - t * x),
                        awayFromMargins),
                ofSigns("HingeEmbedding", new HingeEmbedding(), (x, t) -> t == 1 ? x : hinge(1 - x), awayFromMargins),
                ofSigns(
                        "SoftMargin",
                        new SoftMargin(),
                        (x, t) -> Math.log1p(Math.exp(-t * x)),
                        Values.between(-30, 30)));
    }
}
