package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.PadMode;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Tests what the catalogue of operations does not cover in reshapes and reorderings: INT32 tensors, the number of parts, and that views
 * copy nothing.
 */
class ShapingRulesTest {
    private final Tensor labels = Tensor.of(new int[] {1, 2, 3, 4, 5, 6}).reshape(2, 3);

    private static void assertInts(Tensor x, Shape shape, int... expected) {
        assertThat(x.dtype()).isEqualTo(DType.INT32);
        assertThat(x.shape()).isEqualTo(shape);
        assertThat(x.data().toIntArray()).containsExactly(expected);
    }

    private static List<Integer> dims(List<Tensor> parts, int axis) {
        return parts.stream().map(part -> part.shape().dim(axis)).toList();
    }

    @Test
    void int32TensorsMoveAsOthersDo() {
        assertInts(labels.flatten(), Shape.of(6), 1, 2, 3, 4, 5, 6);
        assertInts(labels.moveAxis(0, 1), Shape.of(3, 2), 1, 4, 2, 5, 3, 6);
        assertInts(labels.flip(1), Shape.of(2, 3), 3, 2, 1, 6, 5, 4);
        assertInts(labels.rot90(1), Shape.of(3, 2), 3, 6, 2, 5, 1, 4);
        assertInts(labels.roll(1, 1), Shape.of(2, 3), 3, 1, 2, 6, 4, 5);
        assertInts(labels.select(0, -1), Shape.of(3), 4, 5, 6);
        assertInts(labels.tile(1, 2), Shape.of(2, 6), 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6);
        assertInts(labels.repeatInterleave(1, new int[] {2, 0, 1}), Shape.of(2, 3), 1, 1, 3, 4, 4, 6);
        assertInts(labels.padConstant(-1, 1, 0), Shape.of(2, 4), -1, 1, 2, 3, -1, 4, 5, 6);
        assertInts(labels.pad(PadMode.REFLECT, 0, 1), Shape.of(2, 4), 1, 2, 3, 2, 4, 5, 6, 5);
        assertInts(labels.tril(), Shape.of(2, 3), 1, 0, 0, 4, 5, 0);
        assertInts(labels.diagonal(1), Shape.of(2), 2, 6);
        assertInts(labels.select(0, 0).diag(), Shape.of(3, 3), 1, 0, 0, 0, 2, 0, 0, 0, 3);
        assertInts(Tensor.stack(1, labels.unbind(0)), Shape.of(3, 2), 1, 4, 2, 5, 3, 6);
        assertInts(Tensor.concat(1, labels.split(1, 2)), Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    }

    @Test
    void partsAreAsManyAsTheyMustBe() {
        Tensor x = Tensor.of(new double[7]);

        assertThat(dims(x.split(0, 3), 0)).containsExactly(3, 3, 1);
        assertThat(dims(x.split(0, Integer.MAX_VALUE), 0)).containsExactly(7);
        assertThat(dims(x.split(0, new int[] {0, 7, 0}), 0)).containsExactly(0, 7, 0);
        assertThat(dims(x.chunk(0, 3), 0)).containsExactly(3, 3, 1);
        assertThat(dims(x.chunk(0, 5), 0)).containsExactly(2, 2, 2, 1);
        assertThat(dims(x.chunk(0, Integer.MAX_VALUE), 0)).hasSize(7);
        assertThat(x.unbind(0)).hasSize(7);
        Tensor nothing = x.slice(0, 0, 0);
        assertThat(dims(nothing.split(0, 3), 0)).containsExactly(0);
        assertThat(dims(nothing.chunk(0, 3), 0)).containsExactly(0);
        assertThat(nothing.unbind(0)).isEmpty();
    }

    @Test
    void viewsOfAnyLayoutShareTheElements() {
        List<UnaryOperator<Tensor>> views = List.of(
                x -> x.transpose().unsqueeze(1).squeeze(1),
                x -> x.transpose().moveAxis(0, 1).flatten(),
                x -> x.transpose().unflatten(1, 2, -1),
                x -> x.rot90(0, 1, 1),
                x -> x.narrow(1, -2, 2).select(0, 1),
                x -> x.unsqueeze(0).expand(5, -1, -1),
                x -> x.diagonal(1),
                x -> x.split(1, 3).get(1),
                x -> x.unbind(1).get(2),
                x -> Tensor.meshgrid(x.select(0, 0), x.select(1, 0)).get(1),
                x -> x.pad(-1, -1));
        for (int k = 0; k < views.size(); k++) {
            Tensor x = Tensor.of(new double[16]).reshape(4, 4);
            Tensor view = views.get(k).apply(x);
            InPlace.assign(x.data(), NdArray.full(DType.FLOAT64, x.shape(), 3));

            assertThat(view.data().toDoubleArray())
                    .as("view %d", k)
                    .isNotEmpty()
                    .containsOnly(3);
        }
    }

    @Test
    void whatMovesNothingIsTheTensorItself() {
        assertThat(labels.roll(1, 3)).isSameAs(labels);
        assertThat(labels.rot90(4)).isSameAs(labels);
        assertThat(labels.pad(0, 0)).isSameAs(labels);
        assertThat(labels.expand(-1, 3)).isSameAs(labels);
    }
}
