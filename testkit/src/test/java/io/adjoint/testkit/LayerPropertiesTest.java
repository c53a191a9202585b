package io.adjoint.testkit;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.loss.Reduction;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Losses as operations, and layers that are wrong. */
class LayerPropertiesTest {
    @TestFactory
    Stream<DynamicTest> losses() {
        Operation classes = Operation.of("cross entropy of classes", t -> new CrossEntropy().forward(t[0], t[1]))
                .shapes("(n,3,d?),(n,d?)->()")
                .within(Values.between(-2, 2), Values.integers(0, 2));
        Operation probabilities = Operation.loss(
                        "cross entropy of probabilities", new CrossEntropy().labelSmoothing(0.25))
                .shapes("(n,3),(n,3)->()")
                .within(Values.between(-2, 2), Values.between(0, 1));
        return Stream.concat(
                        Stream.of(classes, probabilities),
                        Stream.of(Reduction.values())
                                .flatMap(reduction -> Stream.of(new MSE(), new MSE().halved())
                                        .map(mse -> Operation.loss("mse, " + reduction, mse.reduction(reduction))
                                                .shapes("(a?,b?),(a?,b?)->"
                                                        + (reduction == Reduction.NONE ? "(a?,b?)" : "()")))))
                .map(loss -> DynamicTest.dynamicTest(loss.name(), () -> OperationProperties.check(loss.order(2))));
    }

    /** A layer whose parts can be made wrong. */
    private static final class Scale extends Layer {
        private final Tensor weight;
        private final String fault;
        private double state = 1;

        Scale(String fault, SplittableRandom rng) {
            this.fault = fault;
            this.weight = parameter("weight", new Init(rng).uniform(Shape.of(2), -1, 1));
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
                        rng -> new Scale(fault, fault.equals("another generator") ? shared : new SplittableRandom(1)))
                .shapes("(...,2)->(...,2)")
                .order(2);
    }

    @Test
    void faultsOfLayersAreFound() {
        LayerProperties.check(scale("none"));
        assertThatThrownBy(() -> LayerProperties.check(scale("gradient of the parameter")))
                .hasMessageContaining("scale in evaluation: gradient: gradient of order 1 for input 1 [2]")
                .hasMessageContaining("Tensor a = Tensor.of(1, 1);\n    Tensor b = Tensor.of(1, 1);");
        assertThatThrownBy(() -> LayerProperties.check(scale("detached parameter")))
                .hasMessageContaining("scale in evaluation: gradient");
        assertThatThrownBy(() -> LayerProperties.check(scale("wrong in training")))
                .hasMessageContaining("scale in training: gradient");
        assertThatThrownBy(() -> LayerProperties.check(scale("detached in its rule")))
                .hasMessageContaining("scale in evaluation: higher gradients");
        assertThatThrownBy(() -> LayerProperties.check(scale("state of its own")))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> LayerProperties.check(scale("another generator")))
                .hasMessageContaining("scale: from equal generators, the state is");
    }

    @Test
    void failingPropertiesOfALayerShowByName() {
        List<String> failing = PropertyRunner.run(WrongLayer.class).stream()
                .filter(outcome -> outcome.failure().isPresent())
                .map(PropertyRunner.Outcome::name)
                .toList();
        org.assertj.core.api.Assertions.assertThat(failing)
                .containsExactlyInAnyOrder("gradientsInEvaluation", "gradientsInTraining");
    }

    /** Run by the test above. */
    static class WrongLayer implements LayerProperties {
        @Override
        public LayerSpec layer() {
            return scale("gradient of the parameter");
        }
    }
}
