package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Compares the frequencies of random numbers with the expected frequencies by χ², whose 99.9 % quantiles are the limits; seeds are fixed.
 */
class SamplingKernelsTest {
    private static final NdArray WEIGHTS = NdArray.of(Shape.of(4), 1, 0, 3, 6);

    private static double chiSquare(int[] counts, double... probabilities) {
        double draws = Arrays.stream(counts).sum();
        return IntStream.range(0, counts.length)
                .filter(k -> probabilities[k] > 0)
                .mapToDouble(k -> Math.pow(counts[k] - draws * probabilities[k], 2) / (draws * probabilities[k]))
                .sum();
    }

    @Test
    void permutationsHaveEachNumberOnceAndAllOrdersAreEquallyLikely() {
        SplittableRandom random = new SplittableRandom(1);
        int[] counts = new int[24];
        for (int draw = 0; draw < 24_000; draw++) {
            int[] order = SamplingKernels.permutation(4, random).toIntArray();
            assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3);
            int code = 0;
            for (int k = 0; k < 4; k++) {
                int before = order[k];
                code = code * (4 - k)
                        + (int) Arrays.stream(order, k + 1, 4)
                                .filter(v -> v < before)
                                .count();
            }
            counts[code]++;
        }
        double[] even = new double[24];
        Arrays.fill(even, 1.0 / 24);

        // The limit is for 23 degrees of freedom.
        assertThat(chiSquare(counts, even)).isLessThan(49.7);
        assertThat(SamplingKernels.permutation(0, random).size()).isZero();
    }

    @Test
    void drawsWithReplacementAreInProportionToTheWeights() {
        int[] counts = new int[4];
        IntConsumer count = k -> counts[k]++;
        Arrays.stream(SamplingKernels.multinomial(WEIGHTS, 100_000, Replacement.WITH, new SplittableRandom(2))
                        .toIntArray())
                .forEach(count);

        assertThat(counts[1]).isZero();
        assertThat(chiSquare(counts, 0.1, 0, 0.3, 0.6)).isLessThan(13.8);
    }

    @Test
    void drawsWithoutReplacementAreOfWhatIsLeft() {
        SplittableRandom random = new SplittableRandom(3);
        // The counts of the draws 0 then 2, 0 then 3, 2 then 0, …
        int[] counts = new int[6];
        for (int draw = 0; draw < 60_000; draw++) {
            int[] two = SamplingKernels.multinomial(WEIGHTS, 2, Replacement.WITHOUT, random)
                    .toIntArray();
            counts[
                    switch (two[0] * 10 + two[1]) {
                        case 2 -> 0;
                        case 3 -> 1;
                        case 20 -> 2;
                        case 23 -> 3;
                        case 30 -> 4;
                        case 32 -> 5;
                        default -> throw new AssertionError(Arrays.toString(two));
                    }]++;
        }

        // The limit is for 5 degrees of freedom.
        assertThat(chiSquare(counts, 0.1 * 3 / 9, 0.1 * 6 / 9, 0.3 * 1 / 7, 0.3 * 6 / 7, 0.6 * 1 / 4, 0.6 * 3 / 4))
                .isLessThan(20.5);
    }

    @Test
    void eachRowHasItsOwnWeights() {
        NdArray weights = NdArray.of(Shape.of(3, 2), new float[] {1, 0, 0, 5, 0, 1e-30f});

        assertThat(SamplingKernels.multinomial(weights, 3, Replacement.WITH, new SplittableRandom(4))
                        .toArray(int[][].class))
                .isEqualTo(new int[][] {{0, 0, 0}, {1, 1, 1}, {1, 1, 1}});
    }

    @Test
    void aSeedFixesTheDraws() {
        assertThat(SamplingKernels.permutation(20, new SplittableRandom(5)))
                .isEqualTo(SamplingKernels.permutation(20, new SplittableRandom(5)))
                .isNotEqualTo(SamplingKernels.permutation(20, new SplittableRandom(6)));
        assertThat(SamplingKernels.multinomial(WEIGHTS, 3, Replacement.WITHOUT, new SplittableRandom(5)))
                .isEqualTo(SamplingKernels.multinomial(WEIGHTS, 3, Replacement.WITHOUT, new SplittableRandom(5)));
    }

    @Test
    void nothingCanBeDrawnFromNothing() {
        NdArray nothing = NdArray.of(Shape.of(0));

        assertThat(SamplingKernels.multinomial(nothing, 0, Replacement.WITH, new SplittableRandom(7))
                        .size())
                .isZero();
        assertThat(SamplingKernels.multinomial(
                                NdArray.zeros(DType.FLOAT64, Shape.of(0, 3)),
                                2,
                                Replacement.WITH,
                                new SplittableRandom(7))
                        .shape())
                .isEqualTo(Shape.of(0, 2));
        assertThatThrownBy(() -> SamplingKernels.multinomial(nothing, 1, Replacement.WITH, new SplittableRandom(7)))
                .hasMessage("multinomial: row 0 has 0 positive weights, too few for 1 draws");
    }

    @Test
    void wrongArgumentsAreRejected() {
        SplittableRandom random = new SplittableRandom(8);

        assertThatThrownBy(() -> SamplingKernels.permutation(-1, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("permutation:", "-1");
        assertThatThrownBy(() -> SamplingKernels.multinomial(WEIGHTS, -1, Replacement.WITH, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("multinomial:", "-1");
        assertThatThrownBy(() -> SamplingKernels.multinomial(WEIGHTS, 4, Replacement.WITHOUT, random))
                .hasMessage("multinomial: row 0 has 3 positive weights, too few for 4 draws without replacement;"
                        + " draw fewer, or with Replacement.WITH");
        assertThatThrownBy(() ->
                        SamplingKernels.multinomial(NdArray.of(Shape.of(2), 1, -0.5), 1, Replacement.WITH, random))
                .hasMessage("multinomial: weight 1 of row 0 is -0.5; weights must be numbers from 0 on");
        assertThatThrownBy(() -> SamplingKernels.multinomial(
                        NdArray.of(Shape.of(1, 1), Double.NaN), 1, Replacement.WITH, random))
                .hasMessageContaining("weight 0 of row 0 is NaN");
        assertThatThrownBy(() ->
                        SamplingKernels.multinomial(NdArray.of(Shape.of(2), 1e308, 1e308), 1, Replacement.WITH, random))
                .hasMessageContaining("add up to infinity");
        assertThatThrownBy(() ->
                        SamplingKernels.multinomial(NdArray.scalar(DType.FLOAT64, 1), 1, Replacement.WITH, random))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("their shape is []");
        assertThatThrownBy(() -> SamplingKernels.multinomial(WEIGHTS.to(DType.INT32), 1, Replacement.WITH, random))
                .isInstanceOf(DTypeException.class)
                .hasMessageContainingAll("multinomial:", "INT32");
    }
}
