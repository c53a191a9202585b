package io.adjoint.autograd.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MapTest {
    private final Tensor rows = Tensor.of(new double[][] {{1, 2}, {3, 4}, {5, 6}});

    private record Sample(Tensor x, Tensor label, String name) {}

    private record Line(Tensor slope, Tensor offset) {}

    private final Sample batch = new Sample(rows, Tensor.of(new int[] {7, 8, 9}), "three");

    @Test
    void theResultsOfTheEntriesAreStackedInOrder() {
        List<Tensor> seen = new ArrayList<>();
        Tensor sums = Transforms.map(
                x -> {
                    seen.add(x);
                    return x.sum();
                },
                rows);

        assertThat(sums.data()).isEqualTo(Tensor.of(3, 7, 11).data());
        assertThat(seen).hasSize(3).allSatisfy(x -> assertThat(x.shape()).isEqualTo(Shape.of(2)));
    }

    @Test
    void tensorsOfEveryDtypeAreTakenApartAndStacked() {
        Sample doubled = Transforms.map(
                s -> {
                    assertThat(s.label().shape().rank()).isZero();
                    assertThat(s.name()).isEqualTo("three");
                    return new Sample(
                            s.x().mul(2), s.label().add(1), s.name() + s.label().item());
                },
                batch);

        assertThat(doubled.x().data()).isEqualTo(rows.mul(2).data());
        assertThat(doubled.label().data())
                .isEqualTo(Tensor.of(new int[] {8, 9, 10}).data());
        assertThat(doubled.name()).isEqualTo("three7.0");
    }

    @Test
    void gradientsOfEachSampleAreAMapOfGradients() {
        Line at = new Line(Tensor.of(2, -1), Tensor.scalar(0.5));
        Transforms.ValueAndGrad<Line> each = Transforms.map(
                x -> Transforms.valueAndGrad(
                        (Line line) ->
                                line.slope().mul(x).sum().add(line.offset()).square(),
                        at),
                rows);
        Tensor errors = rows.matmul(at.slope()).add(at.offset());

        assertThat(each.value().data()).isEqualTo(errors.square().data());
        assertThat(each.gradient().offset().data()).isEqualTo(errors.mul(2).data());
        assertThat(each.gradient().slope().data())
                .isEqualTo(errors.mul(2).unsqueeze(1).mul(rows).data());
    }

    @Test
    void gradientsReachTheBatchAndWhatTheFunctionCaptured() {
        Tensor weight = Tensor.of(0.3, -0.7);

        GradCheck.check(2, x -> Transforms.map(row -> row.mul(x[1]).tanh().cumsum(0), x[0]), rows.mul(0.1), weight);
    }

    @Test
    void mapsNest() {
        Tensor products = Transforms.map(a -> Transforms.map(b -> a.mul(b).sum(), rows), rows);

        assertThat(products.data()).isEqualTo(rows.matmul(rows.transpose()).data());
    }

    @Test
    void randomNumbersAreDrawnInTheOrderOfTheEntries() {
        Generator one = new Generator(1);
        Generator other = new Generator(1);
        Tensor mapped = Transforms.map(row -> row.add(Tensor.randn(one, 2)), rows);

        assertThat(mapped.data()).isEqualTo(rows.add(Tensor.randn(other, 3, 2)).data());
    }

    @Test
    void theEntriesStackedAreTheBatch() {
        List<Sample> samples = new ArrayList<>();
        Sample again = Transforms.map(
                sample -> {
                    samples.add(sample);
                    return sample;
                },
                batch);

        assertThat(samples).hasSize(3);
        assertThat(samples.get(1).x().data()).isEqualTo(Tensor.of(3, 4).data());
        assertThat(samples.get(1).label().item()).isEqualTo(8);
        assertThat(again.x().data()).isEqualTo(rows.data());
        assertThat(again.label().data()).isEqualTo(batch.label().data());
    }

    @Test
    void aBatchWithoutEntriesIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transforms.map(Tensor::exp, Tensor.zeros(0, 2)))
                .withMessageContaining("map: the argument has no entries along axis 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transforms.map(x -> Tensor.scalar(1), List.of("a")))
                .withMessageContaining("contains no tensor");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transforms.map(Tensor::item, Tensor.of(1, 2)))
                .withMessage("map: the function's result, a Double, contains no tensor");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trees.stack(List.of()))
                .withMessage("Trees.stack: expected at least one tree, got none");
    }

    @Test
    void tensorsWithoutTheCommonAxisAreNamed() {
        assertThatExceptionOfType(ShapeException.class)
                .isThrownBy(() -> Transforms.map(Line::slope, new Line(rows, Tensor.scalar(1))))
                .withMessage(
                        "map: the argument at .offset is a scalar, which has no entries along axis 0; expand it, or"
                                + " let the function capture it");
        assertThatExceptionOfType(ShapeException.class)
                .isThrownBy(() -> Transforms.map(Line::slope, new Line(rows, Tensor.of(1, 2))))
                .withMessage("map: the argument at .offset is [2], but at .slope it is [3, 2]; all tensors must have as"
                        + " many entries along axis 0");
    }

    @Test
    void resultsThatDifferAreNamed() {
        assertThatExceptionOfType(ShapeException.class)
                .isThrownBy(() ->
                        Transforms.map(x -> x.slice(0, 0, x.select(0, 0).item() < 4 ? 2 : 1), rows))
                .withMessage(
                        "map: the function's result for entry 2 is FLOAT64 [1], but the function's result for entry 0"
                                + " is FLOAT64 [2] there");
        assertThatExceptionOfType(DTypeException.class)
                .isThrownBy(() ->
                        Transforms.map(x -> new Line(x, x.select(0, 0).item() < 2 ? x : x.to(DType.FLOAT32)), rows))
                .withMessageContaining("entry 1 at .offset is FLOAT32 [2], but the function's result for entry 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trees.stack(List.of(Map.of("a", rows), Map.of("b", rows))))
                .withMessage("Trees.stack: tree 0 at [\"a\"] is FLOAT64 [3, 2], but tree 1 has no such tensor there");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trees.stack(List.of(List.of(rows, rows), List.of(rows))))
                .withMessage("Trees.stack: tree 0 at [1] is FLOAT64 [3, 2], but tree 1 has no such tensor there");
    }
}
