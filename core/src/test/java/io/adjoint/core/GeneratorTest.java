package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private static Generator from(int... halves) {
        Generator generator = new Generator(0);
        generator.load(Map.of("state", NdArray.of(Shape.of(8), halves)));
        return generator;
    }

    private static long[] draw(RandomGenerator generator, int n) {
        return LongStream.generate(generator::nextLong).limit(n).toArray();
    }

    /** The numbers with which other implementations of xoshiro256++ are tested, too. */
    @Test
    void givesThePublishedNumbersFromThePublishedState() {
        assertThat(draw(from(1, 0, 2, 0, 3, 0, 4, 0), 6))
                .containsExactly(
                        41943041L,
                        58720359L,
                        3588806011781223L,
                        3591011842654386L,
                        Long.parseUnsignedLong("9228616714210784205"),
                        Long.parseUnsignedLong("9973669472204895162"));
    }

    @Test
    void givesTheNumbersOfTheJdksImplementationFromTheSameState() {
        int[] halves =
                Objects.requireNonNull(new Generator(7).state().get("state")).toIntArray();
        ByteBuffer seed = ByteBuffer.allocate(32);
        for (int k = 0; k < 4; k++) {
            seed.putInt(halves[2 * k + 1]).putInt(halves[2 * k]);
        }
        RandomGenerator other = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed.array());

        assertThat(draw(new Generator(7), 1000)).containsExactly(draw(other, 1000));
    }

    @Test
    void continuesFromASavedState() {
        Generator generator = new Generator(1);
        assertThat(draw(generator, 5)).hasSize(5);
        Map<String, NdArray> state = generator.state();
        long[] next = draw(generator, 20);
        Generator other = new Generator(2);
        other.load(state);

        assertThat(draw(other, 20)).containsExactly(next);
    }

    @Test
    void seedsGiveDifferentNumbers() {
        assertThat(LongStream.range(-500, 500).map(seed -> new Generator(seed).nextLong()))
                .doesNotHaveDuplicates();
    }

    @Test
    void refusesWhatIsNoState() {
        Generator generator = new Generator(1);
        long[] numbers = draw(new Generator(1), 3);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.load(Map.of("state", NdArray.zeros(DType.INT32, Shape.of(8)))))
                .withMessage(
                        "Generator: the state does not fit, and nothing was loaded: the state of a generator is not"
                                + " all zeros");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.load(Map.of("state", NdArray.zeros(DType.FLOAT64, Shape.of(4)))))
                .withMessage(
                        "Generator: the state does not fit, and nothing was loaded: 'state' is FLOAT64 [4] instead of"
                                + " INT32 [8]");
        assertThat(draw(generator, 3)).containsExactly(numbers);
    }

    @Test
    void drawsItsNumbersByTheLibrarysAlgorithms() {
        Generator generator = new Generator(1);
        assertThat(generator.nextGaussian()).isEqualTo(-1.3153632773431607);
        assertThat(generator.nextGaussian(10, 2)).isEqualTo(10 + 2 * -1.1433452275829936);
        Generator other = new Generator(1);
        assertThat(other.nextExponential()).isEqualTo(0.20873268977024168);
        assertThat(new Generator(1).nextInt(-5, 100)).isEqualTo(80);
        assertThat(new Generator(1).nextInt(105)).isEqualTo(85);
        assertThat(new Generator(1).ints(4, -5, 100)).containsExactly(80, 73, 5, 73);
        assertThat(new Generator(1).nextDouble()).isEqualTo((new Generator(1).nextLong() >>> 11) * 0x1p-53);
        assertThat(new Generator(1).nextFloat()).isEqualTo((new Generator(1).nextLong() >>> 40) * 0x1p-24f);
        byte[] bytes = new byte[11];
        new Generator(1).nextBytes(bytes);
        ByteBuffer expected = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        new Generator(1).longs(2).forEach(expected::putLong);
        assertThat(bytes).containsExactly(Arrays.copyOf(expected.array(), 11));
    }

    @Test
    void staysWithinItsBounds() {
        Generator generator = new Generator(4);
        for (int k = 0; k < 1000; k++) {
            assertThat(generator.nextDouble(1, Math.nextUp(1.0))).isEqualTo(1);
            assertThat(generator.nextFloat(1, Math.nextUp(1f))).isEqualTo(1);
            assertThat(generator.nextDouble(3)).isBetween(0.0, Math.nextDown(3.0));
            assertThat(generator.nextFloat(3)).isBetween(0f, Math.nextDown(3f));
            assertThat(generator.nextLong(5)).isBetween(0L, 4L);
            assertThat(generator.nextLong(-1L << 62, (1L << 62) + 1)).isBetween(-1L << 62, 1L << 62);
            assertThat(generator.nextLong((1L << 62) + 1)).isBetween(0L, 1L << 62);
            assertThat(generator.nextLong(7, 8)).isEqualTo(7);
        }
        assertThat(LongStream.generate(() -> generator.nextLong(3)).limit(100)).contains(0L, 1L, 2L);
    }

    @Test
    void refusesEmptyRanges() {
        Generator generator = new Generator(5);
        Map<String, NdArray> state = generator.state();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.nextInt(0))
                .withMessage("nextInt: expected a range of finite numbers, origin < bound, got 0 and 0");
        assertThatIllegalArgumentException().isThrownBy(() -> generator.nextLong(3, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> generator.nextDouble(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.nextDouble(-Double.MAX_VALUE, Double.MAX_VALUE));
        assertThatIllegalArgumentException().isThrownBy(() -> generator.nextFloat(2, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.nextGaussian(0, -1))
                .withMessageContaining("standard deviation");
        assertThat(generator.state()).isEqualTo(state);
    }
}
