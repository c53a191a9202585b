package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.adjoint.core.NdArray;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** What computations cost, measured in bytes that they allocate: as exact as a count, and the same on a busy machine. */
class GrowthTest {
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();
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

    /** That 20 times as much costs 20 times as much, or little more. */
    private static void assertLinear(IntConsumer computation) {
        computation.accept(FEW);
        double few = allocated(computation, FEW);
        assertThat(allocated(computation, 20 * FEW)).isBetween(10 * few, 25 * few);
    }

    private static double allocated(IntConsumer computation, int n) {
        long before = THREAD.getThreadAllocatedBytes(Thread.currentThread().getId());
        computation.accept(n);
        return THREAD.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }
}
