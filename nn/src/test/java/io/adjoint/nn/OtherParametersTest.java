package io.adjoint.nn;

import static io.adjoint.autograd.Autograd.noGrad;
import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.TestTensors.gradient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.optim.SGD;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Calls with other parameters, interpolation between the parameters of two models, and parameters as a vector. */
class OtherParametersTest {
    private final Generator rng = new Generator(1);
    private final Tensor x = Tensor.randn(new Generator(2), 5, 4);

    /** A layer with a shared part and a buffer. */
    private static final class Rich extends Layer {
        private final Dense first;
        private final Dense again;
        private final Dense last;
        private final Buffer calls;

        Rich(Generator rng) {
            first = child("first", new Dense(4, 4, rng));
            again = child("again", first);
            last = child("last", new Dense(4, 4, rng));
            calls = buffer("calls", NdArray.zeros(DType.INT32, Shape.of(1)));
        }

        @Override
        protected Tensor compute(Tensor x) {
            calls.assign(
                    Tensor.of(new int[] {calls.value().toIntArray()[0] + 1}).data());
            return last.forward(again.forward(first.forward(x).tanh()));
        }
    }

    private static void train(Layer model, Tensor x) {
        SGD sgd = new SGD(model.parameters(), 0.1);
        model.forward(x).square().mean().backward();
        sgd.step();
        model.zeroGrad();
    }

    @Test
    void aBlockComputesWithOtherParametersAndGradientsReachThem() {
        Dense model = new Dense(4, 2, rng);
        Tensor weight = Tensor.randn(rng, 2, 4).requiresGrad(true);
        Layer other = model.withParameters(Map.of("weight", weight.mul(2)));

        other.forward(x).sum().backward();

        assertThat(other.forward(x).data())
                .isEqualTo(Functional.linear(x, weight.mul(2), model.bias()).data());
        assertThat(weight.grad()).isNotNull();
        assertThat(model.weight().grad()).isNull();
        assertThat(model.bias()).isNotNull();
        assertThat(Objects.requireNonNull(model.bias()).grad()).isNotNull();
    }

    /** MAML: the gradient of a loss after a step of training, with respect to the parameters before the step. */
    @Test
    void gradientsReachTheParametersThroughAStepOfTraining() {
        Sequential model = new Sequential(new Dense(4, 3, rng), new Tanh(), new Dense(3, 1, rng));
        Map<String, Tensor> before = model.namedParameters();
        Tensor inner = model.forward(x).square().mean();
        List<Tensor> leaves = List.copyOf(before.values());
        Gradients steps = Autograd.gradients(List.of(inner), List.of(Tensor.scalar(1)), leaves, GraphMode.CREATE);
        Map<String, Tensor> after = new HashMap<>();
        for (Map.Entry<String, Tensor> entry : before.entrySet()) {
            after.put(
                    entry.getKey(),
                    entry.getValue().sub(steps.of(entry.getValue()).mul(0.1)));
        }
        Layer adapted = model.withParameters(after);
        adapted.forward(x).add(1).square().mean().backward();

        Tensor leaf = leaves.get(0);
        double difference = (outer(model, leaf, 1e-5) - outer(model, leaf, -1e-5)) / 2e-5;
        assertThat(gradient(leaf).toDoubleArray()[0]).isCloseTo(difference, Offset.offset(1e-7));
    }

    /** The loss after a step of training, where the first element of a leaf was moved before the step. */
    private double outer(Sequential model, Tensor leaf, double by) {
        Sequential moved = (Sequential) model.copy();
        Tensor own = moved.parameters().get(model.parameters().indexOf(leaf));
        double[] elements = own.data().toDoubleArray();
        elements[0] += by;
        own.assign(NdArray.of(own.shape(), elements));
        train(moved, x);
        return noGrad(() -> moved.forward(x).add(1).square().mean()).item();
    }

    @Test
    void parametersThatDoNotFitAreRefused() {
        Rich model = new Rich(rng);
        Tensor good = Tensor.zeros(4, 4);

        refused(() -> model.withParameters(Map.of("third.weight", good)))
                .withMessageContaining("no parameter 'third.weight'");
        refused(() -> model.withParameters(Map.of("last.weight", Tensor.zeros(3, 4))))
                .withMessage("withParameters: 'last.weight' is FLOAT64 [3, 4] instead of FLOAT64 [4, 4]");
        refused(() -> model.withParameters(Map.of("first.weight", good, "again.weight", Tensor.ones(4, 4))))
                .withMessageContaining("are one shared parameter, but got two tensors");
    }

    // ---- lerp and vectors ----

    @Test
    void lerpMovesPartOfTheWay() {
        Sequential model = new Sequential(new Dense(4, 3, rng), new BatchNorm1d(3, rng));
        Layer target = model.copy();
        Map<String, NdArray> before = target.state();
        train(model, x);
        target.lerp(model, 0.25);

        target.state()
                .forEach((path, array) -> assertThat(array)
                        .isEqualTo(Tensor.of(Objects.requireNonNull(before.get(path)))
                                .lerp(
                                        Tensor.of(Objects.requireNonNull(
                                                model.state().get(path))),
                                        0.25)
                                .data()));
        target.lerp(model, 1);
        assertThat(target.state()).isEqualTo(model.state());

        Tensor weight = model.parameters().get(0);
        weight.assign(Tensor.full(weight.dtype(), weight.shape(), Double.POSITIVE_INFINITY)
                .data());
        target.lerp(model, 1);
        target.lerp(model, 1);
        assertThat(target.state()).isEqualTo(model.state());
    }

    @Test
    void lerpCopiesWhatIsNotFloatingAndMovesASharedParameterOnce() {
        Rich model = new Rich(rng);
        Rich target = (Rich) model.copy();
        train(model, x);
        NdArray before = target.first.weight().data().copy();
        target.lerp(model, 0.5);

        assertThat(target.calls.value().toIntArray()).containsExactly(1);
        assertThat(target.first.weight().data())
                .isEqualTo(Tensor.of(before).lerp(model.first.weight(), 0.5).data());
    }

    @Test
    void lerpTowardsAnotherModelIsRefusedAsAWhole() {
        Sequential model = new Sequential(new Dense(4, 3, rng));
        Map<String, NdArray> before = model.state();

        refused(() -> model.lerp(new Sequential(new Dense(4, 2, rng)), 0.5))
                .withMessageStartingWith("lerp: ")
                .withMessageContaining("'0.weight' is FLOAT64 [2, 4] instead of FLOAT64 [3, 4]");
        refused(() -> model.lerp(model, 1.5)).withMessage("lerp: the weight must be from 0 to 1, got 1.5");
        assertThat(model.state()).isEqualTo(before);
    }

    @Test
    void parametersBecomeAVectorAndComeBack() {
        Rich model = new Rich(rng);
        Tensor vector = Parameters.toVector(model.parameters());
        assertThat(vector.shape()).isEqualTo(Shape.of(40));

        Rich other = new Rich(rng);
        Parameters.assign(other.parameters(), vector.data());
        assertThat(other.state()).isEqualTo(model.state());

        Tensor moved = vector.detach().mul(2).requiresGrad(true);
        Layer doubled = model.withParameters(Parameters.fromVector(moved, model.namedParameters()));
        doubled.forward(x).sum().backward();
        assertThat(Objects.requireNonNull(moved.grad()).shape()).isEqualTo(Shape.of(40));
        assertThat(doubled.parameters().get(3).data())
                .isEqualTo(model.parameters().get(3).data().mul(2));

        vector.sum().backward();
        assertThat(gradient(model.first.weight())).isEqualTo(NdArray.full(DType.FLOAT64, Shape.of(4, 4), 1));
        assertThatThrownBy(() -> Parameters.assign(model.parameters(), NdArray.zeros(DType.FLOAT64, Shape.of(39))))
                .hasMessage("Parameters.assign: expected a vector [40] for the elements of all parameters, got [39]");
    }
}
