package io.adjoint.nn;

import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.TestTensors.distance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AttentionTest {
    private static final Generator RNG = new Generator(7);
    private static final AttentionMask ALL = new AttentionMask();

    private final Tensor query = leaf(2, 4, 3, 5);
    private final Tensor key = leaf(2, 4, 6, 5);
    private final Tensor value = leaf(2, 4, 6, 2);

    private static Tensor leaf(int... dims) {
        return Tensor.randn(RNG, dims).requiresGrad(true);
    }

    private static Tensor some(int... dims) {
        return Tensor.uniform(0, 1, RNG, dims).gt(0.4);
    }

    private static Tensor attend(Tensor query, Tensor key, Tensor value, AttentionMask mask, AttentionOptions options) {
        return Functional.scaledDotProductAttention(query, key, value, mask, options);
    }

    // ---- one step, two backward rules ----

    static Stream<AttentionMask> masks() {
        return Stream.of(
                ALL,
                ALL.causal(),
                ALL.causal(2),
                ALL.causal(5),
                ALL.visible(some(3, 6)),
                ALL.visible(some(2, 4, 3, 6)).causal(),
                ALL.keys(Masks.lengths(6, 6, 0)),
                ALL.bias(leaf(4, 3, 1)).keys(Masks.lengths(6, 2, 4)).causal());
    }

    @Test
    void resultsOfHeadsThatWereCutOutOfRowsAreRowsAgain() {
        Tensor rows = leaf(2, 3, 12);
        Tensor[] heads = IntStream.of(0, 4, 8)
                .mapToObj(from ->
                        rows.slice(2, from, from + 4).reshape(2, 3, 2, 2).permute(0, 2, 1, 3))
                .toArray(Tensor[]::new);
        Tensor output = attend(heads[0], heads[1], heads[2], ALL, new AttentionOptions());
        List<Tensor> gradients = Autograd.grad(output, Tensor.randn(RNG, 2, 2, 3, 2), GraphMode.FREE, heads);

        assertThat(Stream.concat(Stream.of(output), gradients.stream()))
                .allMatch(x -> x.data().permute(0, 2, 1, 3).isContiguous());
    }

    @Test
    void valuesMayHaveMoreAxesThanQueriesAndKeysIfTheirSizeIsOne() {
        Tensor x = leaf(2, 3);
        Tensor output = attend(x, x, x.reshape(1, 1, 2, 3), ALL, new AttentionOptions());

        assertThat(output.data().reshape(2, 3))
                .isEqualTo(attend(x, x, x, ALL, new AttentionOptions()).data());
        assertThat(Autograd.grad(output.sum(), x).shape()).isEqualTo(Shape.of(2, 3));
    }

    // ---- masks ----

    @Test
    void aMaskIsTheSameInAllItsForms() {
        Tensor causal = attend(query, key, value, ALL.causal(), new AttentionOptions());
        Tensor pairs = Masks.causal(6).slice(0, 0, 3);
        Tensor added = Tensor.where(pairs, Tensor.zeros(3, 6), Double.NEGATIVE_INFINITY);

        assertThat(attend(query, key, value, ALL.visible(pairs), new AttentionOptions())
                        .data())
                .isEqualTo(causal.data());
        assertThat(attend(query, key, value, ALL.bias(added), new AttentionOptions())
                        .data())
                .isEqualTo(causal.data());
    }

    @Test
    void queriesThatGoOnWithASequenceSeeItsPast() {
        Tensor pairs = Masks.causal(6).slice(0, 2, 5);
        Tensor expected = attend(query, key, value, ALL.visible(pairs), new AttentionOptions());

        assertThat(attend(query, key, value, ALL.causal(2), new AttentionOptions())
                        .data())
                .isEqualTo(expected.data());
        assertThat(attend(query, key, value, ALL.causal(4).causal(2), new AttentionOptions())
                        .data())
                .isEqualTo(expected.data());
        assertThat(attend(query, key, value, ALL.causal(5), new AttentionOptions())
                        .data())
                .isEqualTo(
                        attend(query, key, value, ALL, new AttentionOptions()).data());
        assertThat(attend(query, key, value, ALL.causal(Integer.MAX_VALUE), new AttentionOptions())
                        .data())
                .isEqualTo(
                        attend(query, key, value, ALL, new AttentionOptions()).data());
        assertThatThrownBy(() -> ALL.causal(-1))
                .hasMessage("AttentionMask: the number of keys before the first query must not be negative, got -1");
    }

    @Test
    void paddedKeysChangeNothing() {
        AttentionMask real = ALL.keys(Masks.lengths(6, 4, 4));
        Tensor shorter = attend(query, key.slice(2, 0, 4), value.slice(2, 0, 4), ALL, new AttentionOptions());

        assertThat(attend(query, key, value, real, new AttentionOptions()).data())
                .isEqualTo(shorter.data());
    }

    @Test
    void aMaskThatIsChangedBeforeTheBackwardPassIsNoticed() {
        Tensor mask = Masks.causal(6).slice(0, 0, 3);
        Tensor visible = Tensor.of(mask.data().copy());
        Tensor keys = Tensor.of(Masks.lengths(6, 6, 4).data().copy());
        for (Tensor y : List.of(
                attend(query, key, value, ALL.visible(visible), new AttentionOptions()),
                attend(query, key, value, ALL.keys(keys), new AttentionOptions()))) {
            visible.assign(visible.not().data());
            keys.assign(keys.not().data());
            thrown(GraphException.class, () -> y.sum().backward()).withMessageContaining("was changed in place");
        }
    }

    @Test
    void aQueryThatSeesNoKeyGetsZeroWithGradientZero() {
        Tensor output = attend(query, key, value, ALL.keys(Masks.lengths(6, 6, 0)), new AttentionOptions());
        List<Tensor> gradients = Autograd.grad(output.sum(), GraphMode.CREATE, query, key, value);

        assertThat(output.select(0, 1).eq(0).all().item()).isEqualTo(1);
        for (Tensor gradient : gradients) {
            assertThat(gradient.select(0, 1).eq(0).all().item()).isEqualTo(1);
            assertThat(gradient.select(0, 0).ne(0).any().item()).isEqualTo(1);
        }
        Tensor second = gradients.get(0).square().sum();
        assertThat(Autograd.grad(second, query).isNaN().any().item()).isZero();
    }

    @Test
    void lengthsAndCausalMasksAreAsTheySay() {
        assertThat(Masks.causal(3).data().toDoubleArray()).containsExactly(1, 0, 0, 1, 1, 0, 1, 1, 1);
        assertThat(Masks.lengths(3, 2, 0).data().toDoubleArray()).containsExactly(1, 1, 0, 0, 0, 0);
        assertThat(Masks.causal(0).shape()).isEqualTo(Shape.of(0, 0));
        assertThatThrownBy(() -> Masks.lengths(3, 4))
                .hasMessageContaining("0 to 3")
                .hasMessageContaining("[4]");
        assertThatThrownBy(() -> Masks.causal(-1)).hasMessageContaining("-1");
    }

    @Test
    void aBiasHasAGradientOfItsOwnShape() {
        Tensor bias = leaf(4, 1, 6);
        attend(query, key, value, ALL.bias(bias), new AttentionOptions()).sum().backward();

        assertThat(Objects.requireNonNull(bias.grad()).shape()).isEqualTo(bias.shape());
        // Adding a number to all scores of a query changes no weight, so the gradients of the scores add up to 0.
        assertThat(bias.grad().sum().item()).isCloseTo(0, within(1e-12));
    }

    // ---- groups, dropout, scale ----

    @Test
    void groupedHeadsAttendAsIfTheKeysWereRepeated() {
        Tensor fewKeys = leaf(2, 2, 6, 5);
        Tensor fewValues = leaf(2, 2, 6, 2);
        for (AttentionMask mask : masks().toList()) {
            Tensor grouped = attend(query, fewKeys, fewValues, mask, new AttentionOptions().grouped());
            Tensor repeated = attend(
                    query,
                    fewKeys.repeatInterleave(1, 2),
                    fewValues.repeatInterleave(1, 2),
                    mask,
                    new AttentionOptions());
            assertThat(grouped.data()).isEqualTo(repeated.data());
        }
    }

    @Test
    void theIdentityForValuesGivesTheWeights() {
        Tensor weights = attend(query, key, Tensor.eye(6), ALL.causal(), new AttentionOptions());

        assertThat(weights.shape()).isEqualTo(Shape.of(2, 4, 3, 6));
        assertThat(weights.matmul(value).detach().data())
                .isEqualTo(attend(query, key, value, ALL.causal(), new AttentionOptions())
                        .detach()
                        .data());
    }

    @Test
    void dropoutRemovesWeightsAndScalesTheOthers() {
        AttentionOptions half = new AttentionOptions().dropout(0.5, new Generator(1));
        Tensor plain = attend(query, key, Tensor.eye(6), ALL, new AttentionOptions());
        Tensor dropped = attend(query, key, Tensor.eye(6), ALL, half);
        double[] factors = dropped.div(plain).data().toDoubleArray();

        assertThat(Arrays.stream(factors).map(Math::rint).distinct().sorted().toArray())
                .containsExactly(0, 2);
        assertThat(attend(query, key, value, ALL, new AttentionOptions().dropout(0, new Generator(1)))
                        .data())
                .isEqualTo(
                        attend(query, key, value, ALL, new AttentionOptions()).data());
        assertThat(attend(query, key, value, ALL, new AttentionOptions().dropout(1, new Generator(1)))
                        .eq(0)
                        .all()
                        .item())
                .isEqualTo(1);
    }

    @Test
    void dropoutIsTheSameForValuesWithAxesOfTheirOwn() {
        AttentionOptions options = new AttentionOptions().dropout(0.4, new Generator(3));
        Tensor q = leaf(3, 5);
        Tensor k = leaf(6, 5);
        Tensor v = leaf(7, 6, 2);
        Tensor output = attend(q, k, v, ALL, options);
        List<Tensor> plain = Autograd.grad(output, Tensor.ones(7, 3, 2), GraphMode.KEEP, q, k, v);
        List<Tensor> recorded = Autograd.grad(output, Tensor.ones(7, 3, 2), GraphMode.CREATE, q, k, v);

        assertThat(distance(
                        output.select(0, 4),
                        attend(q, k, v.select(0, 4), ALL, new AttentionOptions().dropout(0.4, new Generator(3)))))
                .isLessThan(1e-12);
        for (int i = 0; i < 3; i++) {
            assertThat(distance(recorded.get(i), plain.get(i))).isLessThan(1e-12);
        }
    }

    // ---- wrong use ----

    @Test
    void shapesThatDoNotFitAreNamed() {
        String name = "scaledDotProductAttention: ";
        thrown(ShapeException.class, () -> Functional.scaledDotProductAttention(query, key, value.slice(2, 0, 5)))
                .withMessageContaining(name)
                .withMessageContaining("[2, 4, 5, 2]");
        thrown(
                        ShapeException.class,
                        () -> Functional.scaledDotProductAttention(query, key, value, ALL.visible(some(6, 3))))
                .withMessage(name + "the mask [6, 3] does not broadcast to the scores [2, 4, 3, 6]");
        thrown(
                        ShapeException.class,
                        () -> Functional.scaledDotProductAttention(query, key, value, ALL.bias(leaf(3, 3))))
                .withMessage(name + "the bias [3, 3] does not broadcast to the scores [2, 4, 3, 6]");
        thrown(
                        ShapeException.class,
                        () -> Functional.scaledDotProductAttention(query, key, value, ALL.keys(some(3, 6))))
                .withMessageContaining(name + "the mask of keys is [3, 6], but must be [N, S] = [2, 6]");
        thrown(
                        ShapeException.class,
                        () -> attend(query, leaf(2, 3, 6, 5), leaf(2, 3, 6, 2), ALL, new AttentionOptions().grouped()))
                .withMessageContaining("G divides H");
    }

    @Test
    void masksOfOtherTypesAreRefusedWhereTheyAreSet() {
        thrown(DTypeException.class, () -> ALL.visible(leaf(3, 6)))
                .withMessageContaining("AttentionMask.visible: the mask is FLOAT64, but must be BOOL");
        assertThatThrownBy(() -> ALL.keys(leaf(2, 6))).isInstanceOf(DTypeException.class);
        thrown(ShapeException.class, () -> ALL.keys(some(2, 3, 6))).withMessageContaining("visible");
        assertThatThrownBy(() -> ALL.bias(some(3, 6))).isInstanceOf(DTypeException.class);
        Tensor single = leaf(3, 6).to(DType.FLOAT32);
        thrown(DTypeException.class, () -> Functional.scaledDotProductAttention(query, key, value, ALL.bias(single)))
                .withMessageContaining("FLOAT32");
        assertThatThrownBy(() -> new AttentionOptions().dropout(1.5, RNG)).hasMessageContaining("1.5");
        assertThatThrownBy(() -> new AttentionOptions().scale(Double.NaN)).hasMessageContaining("NaN");
        assertThat(ALL.causal(3)).hasToString("AttentionMask(causal after 3)");
        assertThat(ALL.causal().keys(some(2, 6))).hasToString("AttentionMask(causal, keys [2, 6])");
    }

    /** There are 2³² scores; by the causal mask each query sees one key. */
    @Test
    void thereMayBeMoreScoresThanAnArrayHolds() {
        int queries = 1 << 12;
        int keys = 1 << 20;
        Tensor q = Tensor.ones(DType.FLOAT32, queries, 1, 1).requiresGrad(true);
        Tensor k = Tensor.ones(DType.FLOAT32, 1, 1).expand(keys, 1);
        Tensor v = Tensor.arange(DType.FLOAT32, 3, keys + 3, 1).unsqueeze(1);
        AttentionMask seen = ALL.causal();

        Tensor output = attend(q, k, v, seen, new AttentionOptions());
        output.sum().backward();

        assertThat(output.shape()).isEqualTo(Shape.of(queries, 1, 1));
        assertThat(output.amin().item()).isEqualTo(3);
        assertThat(output.amax().item()).isEqualTo(3);
        assertThat(Objects.requireNonNull(q.grad()).abs().amax().item()).isZero();
        Tensor bias = Tensor.zeros(DType.FLOAT32, 1, 1).requiresGrad(true);
        Tensor biased = attend(q, k, v, seen.bias(bias), new AttentionOptions());
        thrown(ShapeException.class, () -> biased.sum().backward())
                .withMessageContaining("[4096, 1, 1048576] has more than 2147483647 elements");
        assertThatThrownBy(() -> attend(q, k, v, seen.visible(some(2, 1)), new AttentionOptions()))
                .hasMessageContaining("the mask [2, 1] does not broadcast to the scores [4096, 1, 1048576]");
    }
}
