package io.adjoint.testkit;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.Dense;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests layers that are wrong. */
class LayerPropertiesTest {
    /** A layer with a fault that a test chooses. */
    private static final class Scale extends Layer {
        private final Tensor weight;
        private final String fault;
        private double state = 1;

        Scale(String fault, Init init) {
            this.fault = fault;
            this.weight = parameter("weight", init.uniform(Shape.of(2), -1, 1));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return switch (fault) {
                case "gradient of the parameter" ->
                    op(
                            fault,
                            x.data().mul(weight.data()),
                            edge(x, g -> g.mul(weight)),
                            edge(weight, g -> g.mul(x).mul(2)));
                case "detached parameter" -> x.mul(weight.detach());
                case "wrong in training" -> isTraining() ? x.mul(weight.detach()) : x.mul(weight);
                case "detached in its rule" ->
                    op(
                            fault,
                            x.data().mul(weight.data()),
                            edge(x, g -> g.mul(weight.detach())),
                            edge(weight, g -> g.mul(x)));
                case "state of its own" -> x.mul(weight).add(state++ * 1e-3);
                default -> x.mul(weight);
            };
        }
    }

    private static LayerSpec scale(String fault) {
        SplittableRandom shared = new SplittableRandom(3);
        return LayerSpec.of(
                        "scale",
                        init -> new Scale(
                                fault, fault.equals("another generator") ? new Init(shared, init.dtype()) : init))
                .shapes("(...,2)->(...,2)")
                .order(2);
    }

    private static void check(String fault, OperationCheck check) {
        scale(fault).operation().check(check);
    }

    @Test
    void faultsOfLayersAreFound() {
        scale("none").check();
        assertThatThrownBy(() -> check("gradient of the parameter", OperationCheck.GRADIENT))
                .hasMessageContaining(
                        "scale: gradient: in evaluation (input 1 is weight): gradient of order 1 for input 1 [2]")
                .hasMessageContaining("Tensor x = Tensor.of(1, 1);\n    Tensor weight = Tensor.of(1, 1);\n");
        assertThatThrownBy(() -> LayerCheck.MANY_SAMPLES.run(scale("gradient of the parameter")))
                .hasMessageContaining("scale: many samples: for inputs [4097, 2], [2] in evaluation: ")
                .hasMessageContaining("for input 1 [2] at [")
                .hasMessageContaining("factor: here and at inputs nearby the gradient is 2 times that of differences")
                .hasMessageContaining("; here input 0 is input 0 of the layer at its elements ")
                .hasMessageEndingWith("; input 1 is weight");
        assertThatThrownBy(() -> check("detached parameter", OperationCheck.GRADIENT))
                .hasMessageContaining("scale: gradient: in evaluation");
        assertThatThrownBy(() -> check("wrong in training", OperationCheck.GRADIENT))
                .hasMessageContaining("scale: gradient: in training");
        assertThatThrownBy(() -> check("detached in its rule", OperationCheck.HIGHER_GRADIENTS))
                .hasMessageContaining("scale: higher gradients: in evaluation");
        assertThatThrownBy(() -> check("state of its own", OperationCheck.REPEATABLE))
                .hasMessageContaining("scale: repeatable: in ");
        assertThatThrownBy(() -> scale("another generator").check())
                .hasMessageContaining("scale: same seed: from equal generators, the state is");
    }

    /** The tensors of an output of several, which only this test can read. */
    private record Both(Tensor sum, Tensor product) {}

    @Test
    void anOutputMayBeARecordThatIsNotPublic() {
        LayerSpec.of(
                        "both",
                        init -> new Scale("none", init),
                        (scale, x) -> new Both(scale.forward(x[0]).add(x[1]), scale.forward(x[1])))
                .shapes("(n,2),(n,2)")
                .check();
    }

    /** A layer whose outputs are rounded in its forward, but not in its backward pass. */
    private static final class Rounded extends Layer {
        private final Tensor weight;

        Rounded(Init init) {
            weight = parameter("weight", init.uniform(Shape.of(2), -1, 1));
        }

        @Override
        protected Tensor compute(Tensor x) {
            Tensor y = x.mul(weight);
            return op("round", y.data().map(Math::rint), edge(y, g -> g.mul(1)));
        }
    }

    private static LayerSpec rounded() {
        return LayerSpec.of("rounded", Rounded::new).shapes("(n,2)->(n,2)");
    }

    @Test
    void aLayerMayHaveTheGradientOfASurrogate() {
        rounded()
                .surrogate((Rounded layer, Tensor[] x) -> x[0].mul(layer.weight))
                .check();
        assertThatThrownBy(() -> rounded().check())
                .hasMessageContaining("rounded: gradient: ")
                .hasMessageContaining("flat: the function does not change with this input");
        assertThatThrownBy(() -> rounded()
                        .surrogate((Rounded layer, Tensor[] x) -> x[0].mul(layer.weight.mul(2)))
                        .check())
                .hasMessageContaining("rounded: gradient: ");
    }

    @Test
    void aParameterThatIsZeroIsNamedInTheReport() {
        LayerSpec quotient = LayerSpec.of(
                        "quotient", init -> new Scale("none", init), (scale, x) -> x[0].div(scale.weight))
                .shapes("(n,2)->(n,2)");
        assertThatThrownBy(() -> quotient.check())
                .hasMessageContaining(" with a 0 in weight (if it is never 0, say so by LayerSpec.parametersWithin): ");
        quotient.parametersWithin(Values.between(0.5, 1.5)).check();
    }

    @Test
    void ofSeveralFailuresTheFirstIsToldInFull() {
        assertThatThrownBy(() -> scale("gradient of the parameter").check())
                .hasMessageContaining("scale fails ")
                .hasMessageContaining(" checks. The first:\nscale: gradient: ")
                .hasMessageContaining("\nThe others, in short:\n  scale: ")
                .satisfies(failure -> assertThat(failure.getMessage()).containsOnlyOnce("again with:"));
    }

    @Test
    void failuresWithOneCauseAreToldOnce() {
        LayerSpec broken = LayerSpec.of("broken", init -> new Scale("none", init), (scale, x) -> {
                    throw new IllegalStateException("no forward pass");
                })
                .shapes("(n,2)->(n,2)");
        assertThatThrownBy(() -> broken.check())
                .satisfies(failure -> assertThat(failure.getMessage())
                        .matches(
                                "(?s)broken fails \\d+ checks. The first:\nbroken: value: .*\\(and \\d+ more with the same cause\\).*")
                        .containsOnlyOnce("no forward pass"));
    }

    @Test
    void aStateInAPlainFieldIsReportedAsState() {
        List<LayerCheck> failing = Stream.of(LayerCheck.values())
                .filter(check -> fails(() -> check.run(scale("state of its own"))))
                .toList();
        assertThat(failing).containsSubsequence(LayerCheck.STATE, LayerCheck.INSTANCES);
        assertThatThrownBy(() -> scale("state of its own").operation().check(OperationCheck.GRADIENT))
                .hasMessageContaining("; changes: the function gives different values for equal inputs");
    }

    private static boolean fails(Runnable check) {
        try {
            check.run();
            return false;
        } catch (AssertionError failure) {
            return true;
        }
    }

    @Test
    void samplesAreSeparatedAlongTheBatchAxisOnly() {
        LayerCheck.SAMPLES.run(scale("none").separateSamples());
        LayerSpec sum = LayerSpec.of(
                        "sum",
                        init -> new Scale("none", init),
                        (scale, x) -> scale.forward(x[0]).add(x[1]))
                .separateSamples();
        LayerCheck.SAMPLES.run(sum.shapes("(...,2),(...,2)->(...,2)"));
        LayerCheck.SAMPLES.run(sum.shapes("(n?,2),(n?,2)->(n?,2)"));
        LayerSpec mixed = LayerSpec.of("mixed", init -> new Scale("none", init), (scale, x) -> x[0].sub(x[0].amax(0)))
                .separateSamples();
        for (String shapes : List.of("(...,2)->(...,2)", "(n?,2)->(n?,2)", "(n,2)->(n,2)")) {
            assertThatThrownBy(() -> LayerCheck.SAMPLES.run(mixed.shapes(shapes)))
                    .hasMessageContaining(" by itself");
        }
    }

    private static LayerSpec floats(UnaryOperator<Tensor> forward) {
        return LayerSpec.of(
                        "floats",
                        init -> new Dense(2, 3, init.dtype(DType.FLOAT32)),
                        (dense, x) -> forward.apply(dense.forward(x[0])))
                .shapes("(n,2)->(n,3)")
                .order(2);
    }

    @Test
    void aLayerOfOneTypeSaysSo() {
        assertThatThrownBy(() -> floats(y -> y).check())
                .hasMessageContaining(
                        "the factory made the parameter weight of FLOAT32 by an Init of FLOAT64; take the"
                                + " type of the Init, or, if the block has one type alone, say so by LayerSpec.dtype(DType.FLOAT32)");
        floats(y -> y).dtype(DType.FLOAT32).check();
        assertThatThrownBy(() ->
                        floats(y -> y.to(DType.FLOAT64)).dtype(DType.FLOAT32).check())
                .hasMessageContaining("the output of FLOAT32 inputs and parameters is FLOAT64");
        scale("none").dtype(DType.FLOAT64).check();
        assertThatThrownBy(() -> scale("none").dtype(DType.INT32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("LayerSpec: 'scale' must be of FLOAT64 or FLOAT32, got INT32");
    }
}
