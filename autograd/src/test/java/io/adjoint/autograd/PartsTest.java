package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the gradients of many parts of one tensor. */
class PartsTest {
    private static final List<Function<Tensor, Tensor>> PARTS = List.of(
            x -> x.select(0, 3),
            x -> x.slice(1, 1, 3),
            x -> x.indexSelect(0, ints(5)),
            x -> x.indexSelect(0, ints(7, 2, 7)),
            x -> x.indexSelect(1, ints(1, 1)),
            x -> x.gather(0, index(new int[][] {{1, 4, 0}})),
            x -> x.gather(1, index(new int[][] {{2, 2}, {0, 0}})),
            x -> x.embedding(ints(9, 30, 9)),
            x -> x.embedding(ints(8, 30, 8), 8),
            x -> x.take(ints(4, 100, 4)),
            x -> x.get(Index.of(6, 6)),
            x -> x.get(Index.of(2, 2), Index.of(1, 1)),
            x -> x.maskedSelect(x.gt(1.5)),
            x -> pickRow(x, 11),
            x -> pickRows(x, 12, 3, 12));

    private static Tensor ints(int... values) {
        return Tensor.of(NdArray.of(Shape.of(values.length), values));
    }

    private static Tensor index(int[][] rows) {
        return Tensor.of(NdArray.of(
                Shape.of(rows.length, rows[0].length),
                Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray()));
    }

    private static Tensor pickRow(Tensor x, int row) {
        UnaryOperator<NdArray> view = all -> all.select(0, row);
        return Autograd.op("pickRow", view.apply(x.data()), Edge.view(x, view));
    }

    private static Tensor pickRows(Tensor x, int... rows) {
        NdArray index = NdArray.of(Shape.of(rows.length), rows);
        Shape whole = x.shape();
        return Autograd.op(
                "pickRows",
                x.data().indexSelect(0, index),
                Edge.adding(
                        x,
                        g -> Tensor.zeros(whole).to(g.dtype()).indexAdd(0, Tensor.of(index), g),
                        (g, sum) -> InPlace.indexAdd(sum, 0, index, g)));
    }

    /**
     * The gradients of parts are added to a sum in place; the bits are the same as by adding arrays of the whole size, as a pass under
     * {@link Debug#detectNaN} does.
     */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void gradientsOfPartsAreTheSumsOfWholeGradientsBitByBit(DType type) {
        SplittableRandom random = new SplittableRandom(7);
        Tensor table = Tensor.randn(Shape.of(40, 3), random).to(type);
        for (Function<Tensor, Tensor> first : PARTS) {
            for (Function<Tensor, Tensor> second : PARTS) {
                Function<Tensor, Tensor> sum = x -> weighted(first, x)
                        .add(weighted(second, x))
                        .add(weighted(first, x))
                        .add(x.square().sum());
                assertThat(gradient(sum, table)).isEqualTo(Debug.detectNaN(() -> gradient(sum, table)));
            }
        }
    }

    private static Tensor weighted(Function<Tensor, Tensor> part, Tensor x) {
        Tensor y = part.apply(x);
        return y.mul(Tensor.of(NdArray.arange(DType.FLOAT64, y.shape().size()))
                        .add(0.1)
                        .reshape(y.shape().toArray())
                        .to(y.dtype()))
                .sum();
    }

    private static NdArray gradient(Function<Tensor, Tensor> f, Tensor at) {
        Tensor x = at.detach().requiresGrad(true);
        f.apply(x).backward();
        return Objects.requireNonNull(x.grad()).data();
    }

    @Test
    void partsBelongingToUsersHaveSecondDerivatives() {
        SplittableRandom random = new SplittableRandom(8);
        for (Function<Tensor, Tensor> part : PARTS.subList(PARTS.size() - 2, PARTS.size())) {
            GradCheck.check(2, x -> part.apply(x[0]).square().sum(), Tensor.rand(Shape.of(40, 3), random));
        }
    }

    @Test
    void aGradientThatSomebodyElseHoldsIsNotAddedTo() {
        Tensor x = Tensor.of(1, 2, 3).requiresGrad(true);
        Tensor y = Tensor.of(4, 5, 6).requiresGrad(true);
        x.select(0, 1).add(x.add(y).sum()).backward();
        assertThat(Objects.requireNonNull(x.grad()).data()).isEqualTo(NdArray.of(Shape.of(3), 1, 2, 1));
        assertThat(Objects.requireNonNull(y.grad()).data()).isEqualTo(NdArray.of(Shape.of(3), 1, 1, 1));
    }

    @Test
    void anEdgesViewThatCopiesOrRepeatsIsRefused() {
        Tensor x = Tensor.of(1, 2, 3).requiresGrad(true);
        assertThatThrownBy(() -> viewed(x, a -> a.indexSelect(0, NdArray.of(Shape.of(1), new int[] {1})))
                        .sum()
                        .backward())
                .hasMessageContaining("by copying elements");
        assertThatThrownBy(() ->
                        viewed(x, a -> a.broadcastTo(Shape.of(2, 3))).sum().backward())
                .hasMessageContaining("by repeating elements");
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is tested
    void anEdgeOrAnOperationWithoutARuleOrAnAdderIsRefusedAtTheCall() {
        Tensor x = Tensor.of(1, 2, 3).requiresGrad(true);
        Function<Tensor, List<Tensor>> none = null;
        assertRefused("op: the backward rule is null", () -> Autograd.op("f", x.data(), List.of(x), none));
        assertRefused("Edge.adding: the adder is null", () -> Edge.adding(x, g -> g, null));
        assertRefused("Edge.adding: the backward rule is null", () -> Edge.adding(x, null, (g, sum) -> {}));
        assertRefused("Edge.view: the view is null", () -> Edge.view(x, null));
        assertRefused("Edge.view: the input is null", () -> Edge.view(null, a -> a));
        assertRefused("Edge.edge: the backward rule is null", () -> Edge.edge(x, (UnaryOperator<Tensor>) null));
        assertRefused("Edge.edge: the backward rule is null", () -> Edge.edge(x, (BinaryOperator<Tensor>) null));
        assertRefused("Edge.edge: the input is null", () -> Edge.edge(null, g -> g));
    }

    private static void assertRefused(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void anAdderThatAssignsToItsSumIsNamed() {
        Tensor x = Tensor.of(1, 2, 3).requiresGrad(true);
        Supplier<Tensor> assigning = () ->
                Autograd.op("mine", x.data(), Edge.adding(x, g -> g, (g, sum) -> InPlace.assign(sum, sum.add(g))));
        Tensor loss = assigning.get().mul(assigning.get()).sum();
        assertThatThrownBy(loss::backward)
                .isInstanceOf(GraphException.class)
                .hasMessage("backward: the adder of 'mine' assigned to its sum [3], which may hold gradients of other"
                        + " operations; add to it by InPlace.accumulate, indexAdd or scatterAdd");
        assertThat(x.grad()).isNull();
    }

    private static Tensor viewed(Tensor x, UnaryOperator<NdArray> view) {
        return Autograd.op("viewed", view.apply(x.data()), Edge.view(x, view));
    }
}
