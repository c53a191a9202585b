package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionTest {
    private static List<List<Integer>> strips(Partition partition, int start, int end) {
        List<List<Integer>> strips = new ArrayList<>();
        partition.each(start, end, (from, column, width) -> strips.add(List.of(from, column, width)));
        return strips;
    }

    @Test
    void stripsAreNeighbouringPositionsOfTheInnerAxis() {
        Partition partition = new Partition(2, 3, 5, 4);

        assertThat(partition.count()).isEqualTo(4);
        assertThat(strips(partition, 0, 4))
                .containsExactly(List.of(0, 0, 4), List.of(4, 4, 1), List.of(15, 5, 4), List.of(19, 9, 1));
    }

    @Test
    void stripsAreWholeRowsAlongTheLastAxis() {
        Partition partition = Partition.along(1, Shape.of(5, 3), 7, 2);

        assertThat(partition).isEqualTo(new Partition(5, 3, 1, 2));
        assertThat(partition.count()).isEqualTo(3);
        assertThat(strips(partition, 1, 3)).containsExactly(List.of(6, 2, 2), List.of(12, 4, 1));
    }

    @Test
    void noPositionsHaveNoStrip() {
        assertThat(new Partition(0, 3, 1, 4).count()).isZero();
        assertThat(new Partition(0, 3, 2, 2).count()).isZero();
    }

    @Test
    void theLargestNumberOfPositionsIsCovered() {
        int most = Integer.MAX_VALUE;
        int last = most - most % 256;
        for (Partition partition : List.of(new Partition(most, 1, 1, 256), new Partition(1, 1, most, 256))) {
            int count = partition.count();

            assertThat(count).isEqualTo(1 << 23);
            assertThat(strips(partition, count - 2, count))
                    .containsExactly(List.of(last - 256, last - 256, 256), List.of(last, last, 255));
        }
    }
}
