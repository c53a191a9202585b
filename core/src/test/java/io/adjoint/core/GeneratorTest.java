package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private static Generator from(int... halves) {
        Generator generator = new Generator(0);
        generator.load(NdArray.of(Shape.of(8), halves));
        return generator;
    }

    private static long[] draw(RandomGenerator generator, int n) {
        return LongStream.generate(generator::nextLong).limit(n).toArray();
    }

    /** The vector that other implementations of xoshiro256++ are tested with. */
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
        int[] halves = new Generator(7).state().toIntArray();
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
        NdArray state = generator.state();
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
                .isThrownBy(() -> generator.load(NdArray.zeros(DType.INT32, Shape.of(8))))
                .withMessage("load: the state of a generator is not all zeros");
        assertThat(catchThrowable(() -> generator.load(NdArray.zeros(DType.INT32, Shape.of(4)))))
                .isInstanceOf(ShapeException.class)
                .hasMessage("load: the state of a generator is [8], got [4]");
        assertThat(catchThrowable(() -> generator.load(NdArray.zeros(DType.FLOAT64, Shape.of(8)))))
                .isInstanceOf(DTypeException.class)
                .hasMessage("load: the state of a generator is INT32, as state() gives it, got FLOAT64");
        assertThat(draw(generator, 3)).containsExactly(numbers);
    }
}
