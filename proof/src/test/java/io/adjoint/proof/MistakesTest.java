package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.proof.Entry.Mistake;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Tests that wrong calls throw exceptions that say what is wrong and what to do, and change nothing. */
class MistakesTest {
    @TestFactory
    Stream<DynamicNode> wrongCallsSayWhatIsWrongAndChangeNothing() {
        return Catalogue.entries()
                .map(entry -> DynamicContainer.dynamicContainer(
                        entry.name(),
                        entry.mistakes().stream()
                                .map(mistake ->
                                        DynamicTest.dynamicTest(mistake.what(), () -> assertRejected(mistake)))));
    }

    private static void assertRejected(Mistake mistake) {
        Tensor x = Tensor.of(NdArray.arange(DType.FLOAT64, 6).reshape(2, 3).add(NdArray.scalar(DType.FLOAT64, 1)))
                .requiresGrad(true);
        x.square().sum().backward();
        NdArray gradient = gradientOf(x);
        NdArray elements = x.data().copy();

        Throwable thrown = catchThrowable(() -> mistake.call().apply(x));

        assertThat(thrown)
                .isInstanceOfAny(
                        ShapeException.class,
                        DTypeException.class,
                        GraphException.class,
                        ArithmeticException.class,
                        IllegalArgumentException.class)
                .hasMessageContainingAll(mistake.parts().toArray(CharSequence[]::new));
        assertThat(x.data()).isEqualTo(elements);
        assertThat(gradientOf(x)).isEqualTo(gradient);
        assertThat(x.shape()).isEqualTo(Shape.of(2, 3));
    }

    private static NdArray gradientOf(Tensor x) {
        Tensor gradient = x.grad();
        return gradient == null ? NdArray.of(Shape.of(0)) : gradient.data().copy();
    }
}
