package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Program.Op;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/** Random programs: what finds gradients that share a buffer, are lost or are counted twice, wherever the graph joins. */
class AnyGraphProperties {
    private static final double TOLERANCE = 1e-11;

    @Provide
    Arbitrary<Program> programs() {
        return Program.programs(12, Op.values());
    }

    @Provide
    Arbitrary<Program> sums() {
        return Program.programs(6, Op.ADD);
    }

    private static List<NdArray> leaves(Random random) {
        List<NdArray> leaves = new ArrayList<>();
        Program.LEAVES.forEach(
                shape -> leaves.add(Samples.array(shape, Samples.Numbers::real, Samples.Layout.DENSE, random)));
        return leaves;
    }

    private static void assertAgreesWithDuals(Program program, BinaryOperator<Tensor> add, Random random) {
        List<NdArray> values = leaves(random);
        NdArray weights = Samples.normal(Program.LEAVES.get(0), random);
        NdArray weightsBefore = weights.copy();
        List<NdArray> before = values.stream().map(NdArray::copy).toList();
        Tensor[] leaves = Samples.leaves(values);

        program.run(add, leaves).backward(Tensor.of(weights));

        for (int k = 0; k < leaves.length; k++) {
            NdArray expected = program.forwardGradient(before, k, weightsBefore);
            assertThat(Samples.close(Samples.gradient(leaves[k]), expected, TOLERANCE))
                    .as("gradient of leaf %d is %s, by dual numbers %s", k, Samples.gradient(leaves[k]), expected)
                    .isTrue();
        }
        assertThat(values).isEqualTo(before);
        assertThat(weights).isEqualTo(weightsBefore);
    }

    @Property
    void backwardAgreesWithDualNumbers(@ForAll("programs") Program program, @ForAll Random random) {
        assertAgreesWithDuals(program, Tensor::add, random);
    }

    @Property
    void gradientsToSecondOrderAgreeWithFiniteDifferences(@ForAll("programs") Program program, @ForAll Random random) {
        Tensor[] inputs = leaves(random).stream().map(Tensor::of).toArray(Tensor[]::new);
        GradCheck.check(2, leaves -> program.run(Tensor::add, leaves), inputs);
    }

    @Property
    void everyWayToAskGivesTheSameGradients(@ForAll("programs") Program program, @ForAll Random random) {
        List<NdArray> values = leaves(random);
        Tensor weights = Tensor.of(Samples.normal(Program.LEAVES.get(0), random));
        Tensor[] leaves = Samples.leaves(values);
        Tensor output = program.run(Tensor::add, leaves);
        output.backward(weights, Graph.KEEP);
        List<NdArray> once = Arrays.stream(leaves).map(Samples::gradient).toList();

        Gradients asked = Autograd.gradients(List.of(output), List.of(weights), List.of(leaves), Graph.KEEP);
        Gradients recorded = Autograd.gradients(List.of(output), List.of(weights), List.of(leaves), Graph.CREATE);
        output.backward(weights);
        for (int k = 0; k < leaves.length; k++) {
            NdArray zeros = NdArray.zeros(once.get(k).dtype(), once.get(k).shape());
            assertThat(asked.find(leaves[k]).map(Tensor::data).orElse(zeros)).isEqualTo(once.get(k));
            assertThat(Samples.close(recorded.find(leaves[k]).map(Tensor::data).orElse(zeros), once.get(k), TOLERANCE))
                    .isTrue();
            assertThat(Samples.gradient(leaves[k])).isEqualTo(once.get(k).add(once.get(k)));
        }
    }

    /** An addition that adds into the gradient it was handed, as if it were its own. */
    private static Tensor sabotagedAdd(Tensor a, Tensor b) {
        return Autograd.op("add", a.data().add(b.data()), Edge.edge(a, g -> g), Edge.edge(b, g -> {
            InPlace.accumulate(g.data(), g.data());
            return g;
        }));
    }

    /** Turns the failure that it expects into success. */
    static final class MustFailAtXPlusX implements AroundPropertyHook {
        @Override
        public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
            PropertyExecutionResult result = property.execute();
            assertThat(result.status()).isEqualTo(PropertyExecutionResult.Status.FAILED);
            assertThat(result.falsifiedParameters().orElseThrow().get(0)).hasToString("[ADD(0,0)]");
            return result.mapToSuccessful();
        }
    }

    @Property
    @AddLifecycleHook(MustFailAtXPlusX.class)
    void aPlantedSharedBufferIsFoundAndShrunkToXPlusX(@ForAll("sums") Program program, @ForAll Random random) {
        assertAgreesWithDuals(program, AnyGraphProperties::sabotagedAdd, random);
    }
}
