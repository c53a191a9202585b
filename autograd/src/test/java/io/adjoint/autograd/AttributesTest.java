package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.view.GraphView;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Tests of the arguments that are not tensors, and of operations without a gradient, as a tape has them. */
class AttributesTest {
    private final Tensor x = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});

    private static List<String> operations(Supplier<Tensor> computation) {
        Tape tape = new Tape(name -> false);
        Tensor unused = tape.write(computation);
        return tape.operations().stream().map(Tape.Operation::toString).toList();
    }

    @Test
    void aTapeHasTheArgumentsOfOperations() {
        assertThat(operations(() -> x.slice(1, 0, 2).sum(Dims.KEEP, 1).mul(2.5).clampMin(1)))
                .containsExactly(
                        "slice(axis=1, from=0, to=2)",
                        "sum(dims=KEEP, axes=[1])",
                        "mul(number=2.5)",
                        "clampMin(min=1)");
        assertThat(operations(() -> x.permute(1, 0).softmax(-1).sum()))
                .containsExactly("permute(axes=[1, 0])", "softmax(axis=-1)", "sum");
    }

    @Test
    void aTapeHasOperationsWithoutAGradient() {
        assertThat(operations(() -> Tensor.where(x.gt(2), x, 0).to(DType.INT32)))
                .containsExactly("gt(number=2)", "where", "to(dtype=INT32)");
        Tensor leaf = x.requiresGrad(true);
        assertThat(operations(() -> leaf.detach().argMax(1).oneHot(3)))
                .containsExactly("detach", "argMax(axis=1)", "oneHot(classes=3)");
    }

    @Test
    void masksAndIndicesAreInputsOfTheirOperations() {
        Tape tape = new Tape(name -> false);
        Tensor index = Tensor.of(new int[] {1, 0});
        Tensor unused = tape.write(() -> Tensor.where(x.gt(2), x, 0).indexSelect(0, index));
        List<Tape.Operation> operations = tape.operations();
        assertThat(operations.get(1).inputs()).startsWith(operations.get(0).output(), x);
        assertThat(operations.get(2).inputs()).containsExactly(operations.get(1).output(), index);
    }

    @Test
    void aFusedOperationIsWrittenAsItsCompositionIfTheTapeAsks() {
        Supplier<Tensor> computation = () -> Autograd.fusedOp(
                "twice",
                x.data().mul(2),
                List.of(x),
                (Tensor g) -> List.of(g.mul(2)),
                inputs -> inputs.get(0).add(inputs.get(0)));
        assertThat(operations(computation)).containsExactly("twice");
        Tape tape = new Tape(name -> name.equals("twice"));
        Tensor unused = tape.write(computation);
        assertThat(tape.operations()).extracting(Tape.Operation::op).containsExactly("add");
    }

    @Test
    void picturesAndExplanationsPrintThem() {
        Tensor leaf = x.requiresGrad(true);
        assertThat(GraphView.of(() -> leaf.slice(1, 0, 2).sum(1).pow(3).sum()).text())
                .contains("= slice(axis=1, from=0, to=2) [2, 2]", "= sum(axes=[1]) [2]", "= pow(exponent=3) [2]");
        assertThat(GraphView.of(() -> leaf.slice(1, 0, 2).cumsum(1).sub(0.5).sum())
                        .explain())
                .contains("part of ", " with axis=1, from=0, to=2", " with axis=1, reverse=false", " - 0.5");
    }
}
