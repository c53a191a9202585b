package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SplittingTest {
    record Inner(Tensor lengths, List<String> names) {}

    record Words(Tensor letters, Inner inner) {}

    record Scaled(Tensor x, double scale) {}

    record Refusing(Tensor x) {
        Refusing {
            if (x.shape().dim(0) < 3) {
                throw new IllegalArgumentException("too few");
            }
        }
    }

    private static Words words(int rows) {
        return new Words(
                Tensor.arange(2 * rows).reshape(rows, 2),
                new Inner(
                        Tensor.arange(rows),
                        IntStream.range(0, rows).mapToObj(k -> "word " + k).toList()));
    }

    @Property
    void thePartsAreTheBatchAndDifferByARowAtMost(
            @ForAll @IntRange(max = 20) int rows, @ForAll @IntRange(min = 1, max = 9) int parts) {
        Words batch = words(rows);
        List<Words> all = Collate.split(batch, parts);
        assertThat(all).hasSize(Math.min(rows, parts));
        if (rows == 0) {
            return;
        }
        List<Integer> sizes = all.stream().map(Collate::rows).toList();
        assertThat(sizes).isSortedAccordingTo((a, b) -> b - a);
        assertThat(sizes.get(0) - sizes.get(sizes.size() - 1)).isLessThanOrEqualTo(1);
        assertThat(NdArray.concat(
                        0, all.stream().map(part -> part.letters().data()).toList()))
                .isEqualTo(batch.letters().data());
        assertThat(NdArray.concat(
                        0,
                        all.stream().map(part -> part.inner().lengths().data()).toList()))
                .isEqualTo(batch.inner().lengths().data());
        assertThat(all.stream().flatMap(part -> part.inner().names().stream()))
                .containsExactlyElementsOf(batch.inner().names());
    }

    @Test
    void whatHasNoRowsIsRefusedByItsName() {
        refused(() -> Collate.split(new Scaled(Tensor.arange(3), 2), 2))
                .withMessage(
                        "Collate.split: 'scale' of Scaled is a Double, but only tensors with rows, lists and records of"
                                + " them are split; give functions of your own that split the batch and, by batchSize, weigh its parts");
        refused(() -> Collate.split(new Batch(Tensor.arange(3), Tensor.arange(2)), 2))
                .withMessageStartingWith("Collate.split: 'y' of Batch has 2 rows, but another component has 3;");
        refused(() -> Collate.split(Tensor.scalar(1), 2))
                .withMessageStartingWith("Collate.split: the batch is a scalar, but");
        refused(() -> Collate.split(Tensor.arange(3), 0))
                .withMessage("Collate.split: the number of parts must be at least 1, got 0");
        refused(() -> Collate.split(new Refusing(Tensor.arange(4)), 2))
                .withMessageContaining("record Refusing refuses parts of its components: ");
    }
}
