package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

class EqualRowsTest {
    private static final List<BinaryOperator<NdArray>> OPERATIONS = List.of(
            NdArray::mul,
            NdArray::atan2,
            (a, b) -> a.tanh(),
            (a, b) -> NdArray.where(a.gt(b), a, b),
            (a, b) -> a.matmul(b.transpose()),
            (a, b) -> b.matmul(a.transpose()));

    private final NdArray copies =
            NdArray.generate(DType.FLOAT64, Shape.of(1, 40), StrictMath::sin).broadcastTo(Shape.of(7, 40));
    private final NdArray other = NdArray.generate(DType.FLOAT64, Shape.of(5, 40), StrictMath::cos);

    @Test
    void resultsOfCopiesHaveTheSameBitsInTheScopeAndOutside() {
        for (BinaryOperator<NdArray> operation : OPERATIONS) {
            for (NdArray right : List.of(copies, other.select(0, 0).unsqueeze(0))) {
                NdArray outside = operation.apply(copies, right);
                NdArray inside = EqualRows.shared(() -> operation.apply(copies, right));

                assertThat(inside.shape()).isEqualTo(outside.shape());
                assertThat(inside.toDoubleArray()).isEqualTo(outside.toDoubleArray());
                assertThat(outside.isContiguous()).isTrue();
            }
        }
    }

    @Test
    void productsOfCopiesAreViewsInTheScope() {
        List<NdArray> views = EqualRows.shared(() -> List.of(
                copies.matmul(other.transpose()),
                other.matmul(copies.transpose()),
                copies.tanh(),
                copies.mul(other.select(0, 0))));

        assertThat(views).noneMatch(NdArray::isContiguous);
    }
}
