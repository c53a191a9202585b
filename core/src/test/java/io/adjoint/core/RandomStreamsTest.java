package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StreamsTest {
    private final Generator generator = new Generator(1);

    private static List<Long> five(Generator generator) {
        return Stream.generate(generator::nextLong).limit(5).toList();
    }

    private List<Long> within(long key) {
        return RandomStreams.within(key, () -> five(generator));
    }

    @Test
    void theNumbersBelongToTheKeyInWhateverOrderTheyAreAskedFor() {
        List<Long> first = within(1);
        assertThat(within(2)).doesNotContainAnyElementsOf(first);
        assertThat(within(1)).isEqualTo(first);
        Generator other = new Generator(2);
        assertThat(RandomStreams.within(1, () -> five(other))).doesNotContainAnyElementsOf(first);
    }

    @Test
    void theGeneratorStaysAsItIsAlsoAfterAFailure() {
        List<Long> first = within(1);
        assertThatThrownBy(() -> RandomStreams.within(3, () -> {
                    throw new IllegalStateException("shard " + generator.nextLong());
                }))
                .hasMessageStartingWith("shard ");
        assertThat(five(generator)).isEqualTo(five(new Generator(1))).isNotEqualTo(first);
    }

    @Test
    void theNumbersGoOnWithinAndBelongToTheState() {
        List<Long> ten = RandomStreams.within(
                1, () -> Stream.generate(generator::nextLong).limit(10).toList());
        assertThat(ten).startsWith(within(1).toArray(Long[]::new)).doesNotHaveDuplicates();
        assertThat(generator.nextLong()).isEqualTo(new Generator(1).nextLong());
        assertThat(within(1)).doesNotContainAnyElementsOf(ten);
    }

    @Test
    void anInnerStreamEndsWhereTheOuterOneGoesOn() {
        List<Long> both = RandomStreams.within(1, () -> {
            long before = generator.nextLong();
            assertThat(within(2)).doesNotContain(before);
            return List.of(before, generator.nextLong());
        });
        assertThat(both).isEqualTo(within(1).subList(0, 2));
    }

    @Test
    void aGeneratorThatIsMadeOrLoadedWithinGivesItsOwnNumbers() {
        assertThat(RandomStreams.within(1, () -> five(new Generator(2)))).isEqualTo(five(new Generator(2)));
        Generator loaded = new Generator(3);
        assertThat(RandomStreams.within(1, () -> {
                    loaded.load(new Generator(2).state());
                    return five(loaded);
                }))
                .isEqualTo(five(new Generator(2)));
    }

    @Test
    void keysOfOtherNumbersAreOthers() {
        List<Long> keys = Stream.of(
                        new long[] {0, 0}, new long[] {0, 1}, new long[] {1, 0}, new long[] {1L << 48, 0}, new long[] {0
                        })
                .map(RandomStreams::key)
                .toList();
        assertThat(keys).doesNotHaveDuplicates();
    }

    @Test
    void otherThreadsHaveTheGeneratorItself() {
        List<Long> other = RandomStreams.within(
                1, () -> CompletableFuture.supplyAsync(() -> five(generator)).join());
        assertThat(other).isEqualTo(five(new Generator(1)));
    }
}
