package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Tests how the cost of computations grows, measured by the bytes that they allocate: unlike times, these are the same on a busy machine.
 */
class GrowthTest {
    private static final int FEW = 1_000;

    @Test
    void anOperationOfManyInputsCostsAsMuchAnInputAsOneOfFew() {
        assertLinear(n -> Tensor.stack(0, scalars(n)).sum().backward());
        assertLinear(n -> Tensor.concat(0, vectors(n)).sum().backward());
        assertLinear(n -> edges(scalars(n)).backward());
        assertLinear(n -> fan(scalars(n)).backward());
    }

    private static Tensor edges(Tensor... inputs) {
        Edge[] edges = Arrays.stream(inputs).map(x -> Edge.edge(x, g -> g)).toArray(Edge[]::new);
        return Autograd.op("many", NdArray.scalar(inputs[0].dtype(), 0), edges);
    }

    private static Tensor fan(Tensor... inputs) {
        List<Tensor> all = List.of(inputs);
        return Autograd.op(
                "many",
                NdArray.scalar(inputs[0].dtype(), 0),
                all,
                g -> all.stream().map(x -> g).toList());
    }

    private static Tensor[] scalars(int n) {
        Tensor[] scalars = new Tensor[n];
        Arrays.setAll(scalars, k -> Tensor.scalar(k).requiresGrad(true));
        return scalars;
    }

    private static Tensor[] vectors(int n) {
        Tensor[] vectors = new Tensor[n];
        Arrays.setAll(vectors, k -> Tensor.of(k, 1).requiresGrad(true));
        return vectors;
    }

    @Test
    void aRowOfALargeTableCostsAsMuchInTheBackwardPassAsInTheForwardPass() {
        Tensor table = Tensor.zeros(2_000, 500).requiresGrad(true);
        double whole = 8.0 * table.shape().size();
        List<IntFunction<Tensor>> rows = List.of(
                k -> table.select(0, k),
                k -> table.indexSelect(0, ints(k)),
                k -> table.embedding(ints(k)),
                k -> table.embedding(ints(k), 0),
                k -> table.gather(0, ints(k).expand(1, 500)),
                k -> table.gather(1, ints(k).expand(1, 5)),
                k -> table.take(ints(k)),
                k -> table.get(Index.of(k)),
                k -> table.get(Index.of(k), Index.of(k)));
        for (IntFunction<Tensor> row : rows) {
            IntConsumer all = n -> {
                Tensor sum = Tensor.scalar(0);
                for (int k = 1; k <= n; k++) {
                    sum = sum.add(row.apply(k).sum());
                }
                table.zeroGrad();
                sum.backward();
            };
            // The pass needs two arrays of the table's size: the gradient of the first row, and the engine's own sum.
            assertThat(allocated(all, 400)).isLessThan(2 * whole + 400 * 50_000);
        }
    }

    @Test
    void theSecondDerivativeOfADeterminantAtASingularMatrixTakesNoMinors() {
        Tensor a = Tensor.ones(60, 60).requiresGrad(true);
        IntConsumer hessianProduct =
                n -> Autograd.grad(a.det(), GraphMode.CREATE, a).sum().backward();
        hessianProduct.accept(1);
        // All minors together take 100 MB.
        assertThat(allocated(hessianProduct, 1)).isLessThan(5 << 20);
    }

    private static Tensor ints(int... values) {
        return Tensor.of(NdArray.of(Shape.of(values.length), values));
    }

    /** Asserts that a computation that is 20 times as large allocates about 20 times as many bytes. */
    private static void assertLinear(IntConsumer computation) {
        computation.accept(FEW);
        double few = allocated(computation, FEW);
        assertThat(allocated(computation, 20 * FEW)).isBetween(10 * few, 25 * few);
    }

    private static double allocated(IntConsumer computation, int n) {
        return TestMemory.allocatedBy(() -> computation.accept(n));
    }
}
