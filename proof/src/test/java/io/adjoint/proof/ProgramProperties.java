package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Edge;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.OperationCheck;
import io.adjoint.testkit.Tensors;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Tests whole programs of built-in operations, including what happens between the operations. */
class ProgramProperties {
    @Provide
    Arbitrary<Program> programs() {
        return Arbitraries.randomValue(Program::draw);
    }

    @Property
    void gradients(@ForAll("programs") Program program, @ForAll long seed) {
        program.operation().check(OperationCheck.GRADIENT, 1, seed);
        program.operation().check(OperationCheck.HIGHER_GRADIENTS, 1, seed);
    }

    /** Inputs that broadcast with each other, and the upstream gradient of the program's value. */
    private static List<NdArray> inputs(Program program, long seed) {
        Random random = new Random(seed);
        return Tensors.mutuallyBroadcastable(program.inputs(), Values.between(-2, 2))
                .generator(1000)
                .next(random)
                .value()
                .stream()
                .map(Tensor::data)
                .toList();
    }

    private static Tensor[] leaves(List<NdArray> inputs) {
        return inputs.stream().map(x -> Tensor.of(x).requiresGrad(true)).toArray(Tensor[]::new);
    }

    private static NdArray upstream(Tensor value, long seed) {
        double[] numbers = new Random(seed).doubles(value.shape().size(), -2, 2).toArray();
        return NdArray.of(value.shape(), numbers);
    }

    private static NdArray gradient(Tensor leaf) {
        Tensor gradient = leaf.grad();
        return gradient == null ? zeros(leaf) : gradient.data();
    }

    private static NdArray zeros(Tensor like) {
        return NdArray.zeros(like.dtype(), like.shape());
    }

    private static void assertClose(NdArray actual, NdArray expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double[] a = actual.toDoubleArray();
        double[] b = expected.toDoubleArray();
        for (int e = 0; e < a.length; e++) {
            assertThat(a[e]).isCloseTo(b[e], within(1e-11 * Math.max(1, Math.abs(b[e]))));
        }
    }

    private static void assertAgreesWithDuals(Program program, BinaryOperator<Tensor> addition, long seed) {
        List<NdArray> inputs = inputs(program, seed);
        List<NdArray> before = inputs.stream().map(NdArray::copy).toList();
        Tensor[] leaves = leaves(inputs);
        Tensor value = program.run(addition, leaves);
        NdArray weights = upstream(value, seed);
        NdArray weightsBefore = weights.copy();
        if (value.requiresGrad()) {
            value.backward(Tensor.of(weights));
        }
        for (int k = 0; k < leaves.length; k++) {
            assertClose(gradient(leaves[k]), DualProgram.gradient(program, before, k, weightsBefore));
        }
        assertThat(inputs).isEqualTo(before);
        assertThat(weights).isEqualTo(weightsBefore);
    }

    @Property
    void gradientsAgreeWithDualNumbers(@ForAll("programs") Program program, @ForAll long seed) {
        assertAgreesWithDuals(program, Tensor::add, seed);
    }

    @Property
    void everyWayToAskGivesTheSameGradients(@ForAll("programs") Program program, @ForAll long seed) {
        Tensor[] leaves = leaves(inputs(program, seed));
        Tensor value = program.run(leaves);
        Tensor weights = Tensor.of(upstream(value, seed));
        value.backward(weights, GraphMode.KEEP);
        List<NdArray> once =
                Arrays.stream(leaves).map(ProgramProperties::gradient).toList();

        Gradients asked = Autograd.gradients(List.of(value), List.of(weights), List.of(leaves), GraphMode.KEEP);
        Gradients recorded = Autograd.gradients(List.of(value), List.of(weights), List.of(leaves), GraphMode.CREATE);
        value.backward(weights);
        for (int k = 0; k < leaves.length; k++) {
            NdArray zeros = zeros(leaves[k]);
            assertThat(asked.find(leaves[k]).map(Tensor::data).orElse(zeros)).isEqualTo(once.get(k));
            assertClose(recorded.find(leaves[k]).map(Tensor::data).orElse(zeros), once.get(k));
            assertThat(gradient(leaves[k])).isEqualTo(once.get(k).add(once.get(k)));
        }
    }

    /** An addition with a fault: it adds into the gradient that it receives, as if it owned it. */
    private static Tensor sabotagedAdd(Tensor a, Tensor b) {
        return Autograd.op("add", a.data().add(b.data()), Edge.edge(a, g -> g), Edge.edge(b, g -> {
            if (g.data().isContiguous()) {
                InPlace.accumulate(g.data(), g.data().copy());
            }
            return g;
        }));
    }

    private static boolean isSabotaged(Program program) {
        try {
            assertAgreesWithDuals(program, ProgramProperties::sabotagedAdd, 1);
            return false;
        } catch (AssertionError found) {
            return true;
        }
    }

    @Property(tries = 20)
    void aPlantedSharedBufferIsFound(@ForAll Random random) {
        assertThat(Stream.generate(() -> Program.draw(random)).limit(200)).anyMatch(ProgramProperties::isSabotaged);
    }

    @Property
    void views(@ForAll("programs") Program program, @ForAll long seed) {
        program.operation().check(OperationCheck.VIEWS, 1, seed);
        program.operation().check(OperationCheck.REPEATABLE, 1, seed);
        program.operation().check(OperationCheck.EACH_INPUT_ALONE, 1, seed);
    }

    @Property
    void valuesStayModerate(@ForAll("programs") Program program) {
        Tensor[] inputs = new Tensor[program.inputs()];
        Arrays.fill(inputs, Tensor.of(1, -2, 2));
        assertThat(Arrays.stream(program.run(inputs).data().toDoubleArray())).allMatch(value -> Math.abs(value) < 1e6);
        assertThat(program.toString()).startsWith("Tensor y0 = ");
        assertThatThrownBy(() -> program.run(new Tensor[program.inputs() + 1])).hasMessageContaining("inputs, got");
        Shape[] shapes = new Shape[program.inputs()];
        Arrays.fill(shapes, Shape.of(2, 3));
        assertThat(program.code(shapes)).contains(";");
    }
}
