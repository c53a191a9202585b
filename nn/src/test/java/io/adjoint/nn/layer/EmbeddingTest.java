package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.TestTensors.gradient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.BagMode;
import io.adjoint.nn.Init;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.AdamW;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.SGD;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of vectors and bilinear forms: padding, bags, errors. */
class EmbeddingTest {
    private static final EmbeddingOptions PADDED = new EmbeddingOptions().paddingIndex(1);
    private static final NdArray TABLE = NdArray.of(Shape.of(3, 2), 1, 2, 30, 40, 500, 600);

    private final Init init = new Init(new Generator(1));

    private static Tensor numbers(int... numbers) {
        return Tensor.of(numbers);
    }

    private EmbeddingBag bag(BagMode mode, EmbeddingOptions options) {
        EmbeddingBag bag = new EmbeddingBag(3, 2, mode, options, init);
        bag.weight().assign(TABLE);
        return bag;
    }

    // ---- tables ----

    @Test
    void numbersOfAnyShapeAreLookedUpAndGradientsAddUp() {
        Embedding table = Embedding.of(TABLE);
        Tensor y = table.forward(Tensor.of(new int[][] {{2, 0}, {2, 2}}));

        assertThat(y.data()).isEqualTo(NdArray.of(Shape.of(2, 2, 2), 500, 600, 1, 2, 500, 600, 500, 600));
        y.sum().backward();
        assertThat(gradient(table.weight())).isEqualTo(NdArray.of(Shape.of(3, 2), 1, 1, 0, 0, 3, 3));
        assertThat(table.forward(Tensor.zeros(DType.INT32, 0, 4)).shape()).isEqualTo(Shape.of(0, 4, 2));
        assertThat(table.forward(Tensor.zeros(DType.INT32, Shape.scalar())).shape())
                .isEqualTo(Shape.of(2));
    }

    static Stream<Function<List<Tensor>, Optimizer>> optimizers() {
        return Stream.of(
                parameters -> new Adam(parameters, 0.1).weightDecay(0.5),
                parameters -> new AdamW(parameters, 0.1).weightDecay(0.5),
                parameters -> new SGD(parameters, 0.1).momentum(0.9).weightDecay(0.5));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void thePaddingRowBeginsAsZerosGetsNoGradientAndStaysZero(Function<List<Tensor>, Optimizer> make) {
        Embedding table = new Embedding(3, 2, new EmbeddingOptions().paddingIndex(-2), init);
        Optimizer optimizer = make.apply(table.parameters());
        NdArray before = table.weight().data().copy();
        for (int step = 0; step < 5; step++) {
            optimizer.zeroGrad();
            table.forward(numbers(0, 1, 1, 2)).square().sum().backward();
            assertThat(row(Objects.requireNonNull(table.weight().grad()), 1)).containsExactly(0, 0);
            optimizer.step();
        }

        assertThat(row(table.weight(), 1)).containsExactly(0, 0);
        assertThat(row(table.weight(), 0)).isNotEqualTo(row(Tensor.of(before), 0));
    }

    private static double[] row(Tensor table, int row) {
        return table.detach().select(0, row).data().toDoubleArray();
    }

    @Test
    void thePaddingRowOfGivenVectorsIsKept() {
        Embedding table = Embedding.of(TABLE, PADDED);
        Tensor y = table.forward(numbers(1, 2));

        assertThat(y.data()).isEqualTo(NdArray.of(Shape.of(2, 2), 30, 40, 500, 600));
        y.sum().backward();
        assertThat(row(Objects.requireNonNull(table.weight().grad()), 1)).containsExactly(0, 0);
        assertThat(table).hasToString("Embedding(3 -> 2, padding index 1)");
        assertThat(Embedding.of(
                        TABLE, new EmbeddingOptions().maxNorm(3).normType(1).scaleGradByFreq()))
                .hasToString("Embedding(3 -> 2, max norm 3.0, norm type 1.0, gradients scaled by frequency)");
    }

    @Test
    void givenVectorsAreCopied() {
        NdArray own = TABLE.copy();
        Embedding table = Embedding.of(own);
        table.weight().assign(NdArray.zeros(DType.FLOAT64, own.shape()));

        assertThat(own).isEqualTo(TABLE);
    }

    @Test
    void aFrozenTableIsAConstant() {
        Embedding table = Embedding.of(TABLE);
        table.freeze();

        assertThat(table.forward(numbers(0)).requiresGrad()).isFalse();
    }

    // ---- bags ----

    @ParameterizedTest
    @EnumSource(BagMode.class)
    void paddingIsLeftOutAndAnEmptyBagIsZero(BagMode mode) {
        EmbeddingBag bag = bag(mode, PADDED);
        // The bags are {0}, {}, {1} and {1, 2}; 1 is the padding.
        Tensor y = bag.forward(numbers(0, 1, 1, 2), numbers(0, 1, 1, 2));

        assertThat(y.data()).isEqualTo(NdArray.of(Shape.of(4, 2), 1, 2, 0, 0, 0, 0, 500, 600));
        y.sum().backward();
        assertThat(gradient(bag.weight())).isEqualTo(NdArray.of(Shape.of(3, 2), 1, 1, 0, 0, 1, 1));
    }

    @ParameterizedTest
    @EnumSource(BagMode.class)
    void emptyBagsHaveAGradientOfZeros(BagMode mode) {
        EmbeddingBag bag = bag(mode, PADDED);
        Tensor y = bag.forward(numbers(), numbers(0, 0));

        assertThat(y.requiresGrad()).isTrue();
        y.sum().backward();
        assertThat(gradient(bag.weight())).isEqualTo(NdArray.zeros(DType.FLOAT64, Shape.of(3, 2)));
        assertThat(bag.forward(numbers(1), numbers(0)).requiresGrad())
                .as("of padding")
                .isTrue();
    }

    @Test
    void theFirstOfEqualMaximaGetsTheGradient() {
        EmbeddingBag bag = bag(BagMode.MAX, new EmbeddingOptions());
        bag.weight().assign(NdArray.of(Shape.of(3, 2), 7, 1, 7, 1, 0, 1));
        bag.forward(Tensor.of(new int[][] {{2, 1, 0}})).sum().backward();

        assertThat(gradient(bag.weight())).isEqualTo(NdArray.of(Shape.of(3, 2), 0, 0, 1, 0, 0, 1));
    }

    @Test
    void weightsOfASumAreDifferentiable() {
        EmbeddingBag bag = bag(BagMode.SUM, new EmbeddingOptions());
        Tensor weights = Tensor.of(2, -1, 0.5).requiresGrad(true);
        Tensor y = bag.weighted(numbers(0, 1, 2), numbers(0, 2), weights);
        assertThat(bag.weighted(numbers(0, 1, 2).unsqueeze(0), weights.unsqueeze(0))
                        .data())
                .isEqualTo(y.sum(0).unsqueeze(0).data());

        assertThat(y.data()).isEqualTo(NdArray.of(Shape.of(2, 2), -28, -36, 250, 300));
        y.sum().backward();
        assertThat(gradient(weights).toDoubleArray()).containsExactly(3, 70, 1100);
    }

    // ---- bilinear forms ----

    @Test
    void aBilinearFormMultipliesFromBothSides() {
        Bilinear form = new Bilinear(2, 3, 1, init);
        form.weight().assign(NdArray.of(Shape.of(1, 2, 3), 1, 2, 3, 4, 5, 6));
        Objects.requireNonNull(form.bias()).assign(NdArray.of(Shape.of(1), 10));

        assertThat(form.forward(Tensor.of(1, 10), Tensor.of(1, 0, -1)).item()).isCloseTo(10 - 2 - 20, within(1e-12));
        assertThat(form.forward(Tensor.zeros(4, 0, 2), Tensor.zeros(4, 0, 3)).shape())
                .isEqualTo(Shape.of(4, 0, 1));
        assertThat(Bilinear.withoutBias(2, 3, 1, init).namedParameters()).containsOnlyKeys("weight");
    }

    // ---- wrong use ----

    @Test
    void wrongSizesAreRefused() {
        refused(() -> new Embedding(0, 2, init)).withMessage("Embedding: the number of rows must be at least 1, got 0");
        refused(() -> new EmbeddingBag(3, -1, init))
                .withMessage("EmbeddingBag: the number of features must be at least 1, got -1");
        refused(() -> new Bilinear(2, 0, 3, init))
                .withMessage("Bilinear: expected at least 1 element of each input and 1 output, got 2, 0 and 3");
        for (int padding : new int[] {3, -4}) {
            EmbeddingOptions options = new EmbeddingOptions().paddingIndex(padding);
            refused(() -> new Embedding(3, 2, options, init))
                    .withMessage("Embedding: the padding index " + padding + " is out of range for a table of 3 rows");
            refused(() -> Embedding.of(TABLE, options));
            refused(() -> bag(BagMode.SUM, options));
        }
        thrown(ShapeException.class, () -> Embedding.of(NdArray.of(Shape.of(2), 1, 2)))
                .withMessage("Embedding: expected weights [count, features], got [2]");
        thrown(DTypeException.class, () -> Embedding.of(NdArray.zeros(DType.INT32, Shape.of(2, 2))))
                .withMessage("Embedding: expected FLOAT64 or FLOAT32 elements, got INT32; convert with to(FLOAT64)");
    }

    @Test
    void aNumberOutOfRangeIsRefusedWithItsPositionAndTheLayersPath() {
        Sequential net = new Sequential(new Identity(), Embedding.of(TABLE));
        for (int wrong : new int[] {3, -1}) {
            thrown(ShapeException.class, () -> net.forward(Tensor.of(new int[][] {{0, 1}, {2, wrong}})))
                    .withMessage("1: Embedding(3 -> 2): embedding: index " + wrong
                            + " at position [1, 1] is out of range for a table of 3 rows; expected 0 to 2");
        }
        thrown(DTypeException.class, () -> net.forward(Tensor.of(0, 1)))
                .withMessageStartingWith("1: Embedding(3 -> 2): embedding: ")
                .withMessageContaining("INT32")
                .withMessageContaining("FLOAT64");
        // The first index of the bag is padding, which is left out of the bag, but still counts for the position.
        thrown(ShapeException.class, () -> bag(BagMode.MAX, PADDED).forward(numbers(1, 7), numbers(0)))
                .withMessage("EmbeddingBag(3 -> 2, padding index 1, max): embedding: index 7 at position [1] is out of"
                        + " range for a table of 3 rows; expected 0 to 2");
    }

    @Test
    void wrongBagsAreRefused() {
        EmbeddingBag bag = bag(BagMode.SUM, new EmbeddingOptions());
        Tensor x = numbers(0, 1, 2);

        assertRefused("expected input [N, L], got [3]; bags of different sizes need offsets", () -> bag.forward(x));
        assertRefused(
                "expected input [T], as there are offsets, got [1, 3]", () -> bag.forward(x.unsqueeze(0), numbers(0)));
        assertRefused(
                "expected offsets [N], got [1, 1]",
                () -> bag.forward(x, numbers(0).unsqueeze(0)));
        assertRefused(
                "offset 0 is 1, expected 0; offsets begin with 0, do not fall, and end within the input of 3 numbers",
                () -> bag.forward(x, numbers(1)));
        assertRefused(
                "offset 2 is 1, expected 2 to 3; offsets begin with 0, do not fall, and end within the input of 3"
                        + " numbers",
                () -> bag.forward(x, numbers(0, 2, 1)));
        assertRefused(
                "offset 1 is 4, expected 0 to 3; offsets begin with 0, do not fall, and end within the input of 3"
                        + " numbers",
                () -> bag.forward(x, numbers(0, 4)));
        assertRefused(
                "there are no offsets, and so no bag for the 3 numbers",
                () -> bag.forward(x, Tensor.zeros(DType.INT32, 0)));
        assertRefused(
                "the weights must have the input's shape [3], but are [2]",
                () -> bag.weighted(x, numbers(0), Tensor.of(1, 2)));
        assertRefused(
                "cannot mix FLOAT64 with FLOAT32; convert one with to(FLOAT64) or to(FLOAT32)",
                () -> bag.weighted(x, numbers(0), Tensor.of(new float[] {1, 2, 3})));
        refused(() -> new EmbeddingBag(3, 2, init).weighted(x, numbers(0), Tensor.of(1, 2, 3)))
                .withMessage("EmbeddingBag(3 -> 2, mean): embeddingBag: weights are for mode SUM, not MEAN");
        thrown(DTypeException.class, () -> bag.forward(x, Tensor.of(0)));
        assertThat(bag.forward(numbers(), Tensor.zeros(DType.INT32, 0)).shape()).isEqualTo(Shape.of(0, 2));
    }

    private static void assertRefused(String message, Supplier<Tensor> call) {
        thrown(RuntimeException.class, call::get).withMessage("EmbeddingBag(3 -> 2, sum): embeddingBag: " + message);
    }

    @Test
    void wrongInputsOfABilinearFormAreRefused() {
        Bilinear form = new Bilinear(2, 3, 4, init);

        thrown(ShapeException.class, () -> form.forward(Tensor.zeros(5, 3), Tensor.zeros(5, 3)))
                .withMessage("Bilinear(2, 3 -> 4): bilinear: expected an input [..., 2], got [5, 3];"
                        + " the weight [out, in1, in2] is [4, 2, 3]");
        thrown(ShapeException.class, () -> form.forward(Tensor.zeros(5, 2), Tensor.scalar(1)))
                .withMessage("Bilinear(2, 3 -> 4): bilinear: expected an input [..., 3], got [];"
                        + " the weight [out, in1, in2] is [4, 2, 3]");
        thrown(ShapeException.class, () -> form.forward(Tensor.zeros(5, 2), Tensor.zeros(6, 3)))
                .withMessage("Bilinear(2, 3 -> 4): bilinear: the inputs [5, 2] and [6, 3] must be of one shape but for"
                        + " their last axes");
        thrown(DTypeException.class, () -> form.forward(Tensor.zeros(5, 2), Tensor.zeros(DType.FLOAT32, 5, 3)))
                .withMessageStartingWith("Bilinear(2, 3 -> 4): bilinear: cannot mix FLOAT64 with FLOAT32");
    }
}
