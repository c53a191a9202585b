package io.adjoint.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import org.junit.jupiter.api.Test;

/** Tests tensors written as Java code, and messages about signatures, domains and properties that make no sense. */
class LiteralsTest {
    @Test
    void tensorsAsJava() {
        assertThat(Literals.of(Tensor.scalar(1))).isEqualTo("Tensor.scalar(1)");
        assertThat(Literals.of(Tensor.of(1, -0.0, 0.25))).isEqualTo("Tensor.of(1, -0.0, 0.25)");
        assertThat(Literals.of(Tensor.of(Double.NaN, Double.NEGATIVE_INFINITY).reshape(2, 1)))
                .isEqualTo("Tensor.of(Double.NaN, Double.NEGATIVE_INFINITY).reshape(2, 1)");
        assertThat(Literals.of(Tensor.of(new float[] {1, 0.5f, Float.NaN})))
                .isEqualTo("Tensor.of(new float[] {1, 0.5f, Float.NaN})");
        assertThat(Literals.of(Tensor.of(new int[] {7}).reshape(Shape.scalar())))
                .isEqualTo("Tensor.of(new int[] {7}).reshape(Shape.scalar())");
        assertThat(Literals.of(Tensor.of(NdArray.zeros(DType.FLOAT32, Shape.of(2, 0)))))
                .isEqualTo("Tensor.of(NdArray.zeros(DType.FLOAT32, Shape.of(2, 0)))");
        assertThat(Literals.of(Layout.FLIPPED.of(Tensor.of(1, 2)).requiresGrad(false)))
                .isEqualTo("Layout.FLIPPED.of(Tensor.of(1, 2))");
        assertThat(Literals.of(Tensor.of(1, 2).requiresGrad(true))).isEqualTo("Tensor.of(1, 2).requiresGrad(true)");
        assertThat(Literals.of(Tensor.of(new double[2000]))).contains("FLOAT64 [2000]", "too long");
    }

    @Test
    void viewsLieBetweenPoison() {
        Tensor view = Layout.SLICED.of(Tensor.of(1, 2));
        assertThat(view.data().isContiguous()).isTrue();
        assertThat(Layout.STEPPED.of(NdArray.of(Shape.of(2), 1, 2)).isContiguous())
                .isFalse();
        assertThat(Layout.STEPPED.of(NdArray.of(Shape.of(2), new int[] {1, 2})).toIntArray())
                .containsExactly(1, 2);
    }

    @Test
    void signaturesThatMakeNoSense() {
        assertThatThrownBy(() -> Shapes.fitting("n,k"))
                .hasMessage("signature 'n,k': expected shapes in parentheses with commas between them, as in"
                        + " (...,n?,k),(...,k,m?)->(...,n?,m?)");
        assertThatThrownBy(() -> Shapes.fitting("(n)->(m)")).hasMessageContaining("no input has the axis m");
        assertThatThrownBy(() -> Shapes.fitting("(n)->(n),(n)")).hasMessageContaining("expected one result");
        assertThatThrownBy(() -> Shapes.fitting("(n,...)")).hasMessageContaining("'...' is neither a name");
        assertThatThrownBy(() -> Shapes.fitting("(3?)")).hasMessageContaining("a number cannot be left out");
        assertThatThrownBy(() -> Shapes.fitting("")).hasMessageContaining("expected shapes");
        assertThatThrownBy(() -> Shapes.fitting("(n)(n)")).hasMessageContaining("with commas");
    }

    @Test
    void limitsThatMakeNoSense() {
        assertThatThrownBy(() -> Shapes.any(2, 1, 1, 3)).hasMessageContaining("impossible limits");
        assertThatThrownBy(() -> Values.between(2, 1)).hasMessageContaining("min <= max");
        assertThatThrownBy(() -> Values.between(1, 1).openMin()).hasMessageContaining("nothing lies between");
        assertThatThrownBy(() -> Values.between(0, 0.01).awayFrom(0).draw(new java.util.Random(1)))
                .hasMessageContaining("found no number");
        assertThatThrownBy(() -> Axes.one(Shape.scalar())).hasMessageContaining("has no axes");
        assertThatThrownBy(() -> Axes.index(Shape.of(0))).hasMessageContaining("has no elements");
        assertThatThrownBy(() -> Axes.slice(Shape.of(0))).hasMessageContaining("has no elements");
        assertThatThrownBy(() -> Tensors.indices(Shapes.any(), 0)).hasMessageContaining("has none");
        assertThatThrownBy(() ->
                        Tensors.fitting("(n),(n)", Values.between(0, 1), Values.between(0, 1), Values.between(0, 1)))
                .hasMessageContaining("2 inputs, got 3");
    }
}
