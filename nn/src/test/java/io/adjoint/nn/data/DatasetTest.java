package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private final Tensor x = Tensor.of(new double[][] {{1, 2}, {3, 4}, {5, 6}});
    private final Tensor y = Tensor.of(new int[] {7, 8, 9});

    @Test
    void samplesLieAlongAxisZero() {
        Dataset<Batch> dataset = Dataset.of(x, y);
        Batch batch = dataset.batch(2, 0, 2);

        assertThat(dataset.size()).isEqualTo(3);
        assertThat(batch.x().data()).isEqualTo(NdArray.of(Shape.of(3, 2), 5, 6, 1, 2, 5, 6));
        assertThat(batch.y().data()).isEqualTo(NdArray.of(Shape.of(3), new int[] {9, 7, 9}));
    }

    @Test
    void inputsAndTargetsAreEquallyMany() {
        thrown(ShapeException.class, () -> Dataset.of(x, Tensor.of(1, 2)))
                .withMessage("Dataset: x [3, 2] has 3 samples, but y [2] has 2");
    }

    @Test
    void scalarsAreNotSamples() {
        thrown(ShapeException.class, () -> Dataset.of(x, Tensor.scalar(1)))
                .withMessage("Dataset: samples lie along axis 0, but y is a scalar");
    }

    @Test
    void anIndexOutOfRangeIsNamed() {
        thrown(ShapeException.class, () -> Dataset.of(x, y).batch(3)).withMessageContaining("3 is out of range");
    }

    record Rating(Tensor user, Batch rest) {}

    private final Dataset<Rating> ratings = Dataset.of(new Rating(Tensor.of(new int[] {3, 1, 2}), new Batch(x, y)));

    @Test
    void aRecordOfTensorsHasASampleInEachRow() {
        Rating sample = ratings.get(1);

        assertThat(ratings.size()).isEqualTo(3);
        assertThat(sample.user().item()).isEqualTo(1);
        assertThat(sample.rest().x().data()).isEqualTo(NdArray.of(Shape.of(2), 3, 4));
        assertThat(sample.rest().y().item()).isEqualTo(8);
        thrown(IndexOutOfBoundsException.class, () -> ratings.get(3));
    }

    @Test
    void aBatchOfARecordOfTensorsIsTheStackOfItsSamplesAndCanBeSplit() {
        Rating batch = ratings.subset(2, 0, 1).batch(0, 2);
        Rating stacked = Collate.stack(List.of(ratings.get(2), ratings.get(1)));

        assertThat(batch.user().data()).isEqualTo(stacked.user().data());
        assertThat(batch.rest().x().data()).isEqualTo(stacked.rest().x().data());
        assertThat(batch.rest().y().data()).isEqualTo(stacked.rest().y().data());
        assertThat(Collate.rows(batch)).isEqualTo(2);
        assertThat(Collate.split(batch, 2).get(1).user().data()).isEqualTo(NdArray.of(Shape.of(1), new int[] {1}));
        assertThat(ratings.all().user().data()).isEqualTo(NdArray.of(Shape.of(3), new int[] {3, 1, 2}));
    }

    @Test
    void oneTensorIsADataSetToo() {
        List<Tensor> batches = new ArrayList<>();
        new DataLoader<>(Dataset.of(x), 2).forEach(batches::add);

        assertThat(batches).hasSize(2);
        assertThat(batches.get(1).data()).isEqualTo(NdArray.of(Shape.of(1, 2), 5, 6));
        thrown(ShapeException.class, () -> Dataset.of(Tensor.scalar(1)))
                .withMessage("Dataset: samples lie along axis 0, but x is a scalar");
    }

    record Named(Tensor x, String name) {}

    record Nothing() {}

    record Pair(Tensor a, @Nullable Tensor b) {}

    @Test
    void recordsThatAreNoRowsAreRefused() {
        thrown(ShapeException.class, () -> Dataset.of(new Rating(Tensor.of(1, 2), new Batch(x, y))))
                .withMessage("Dataset: user [2] has 2 samples, but rest.x [3, 2] has 3");
        refused(() -> Dataset.of(new Named(x, "name")))
                .withMessage(
                        "Dataset: name is a String, but only tensors and records of them have rows; samples of any other"
                                + " kind are a list: Dataset.of(samples)");
        refused(() -> Dataset.of(new Pair(x, null))).withMessageStartingWith("Dataset: b is null");
        refused(() -> Dataset.of(new Nothing()))
                .withMessage("Dataset: the record has no tensor, so there are no samples");
    }

    @Test
    void aFilterKeepsTheSamplesThatMeetItsConditionInOrder() {
        Dataset<Integer> numbers = Dataset.of(List.of(3, 1, 4, 1, 5));

        Dataset<Integer> kept = numbers.filter(n -> n > 2);

        assertThat(kept.size()).isEqualTo(3);
        assertThat(List.of(kept.get(0), kept.get(1), kept.get(2))).containsExactly(3, 4, 5);
    }
}
