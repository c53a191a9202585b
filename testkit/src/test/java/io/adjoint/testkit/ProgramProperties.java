package io.adjoint.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whole programs of built-in operations: what happens between them is right as well. */
class ProgramProperties {
    @Property
    void gradients(@ForAll Program program, @ForAll long seed) {
        OperationProperties.check(program.operation(), OperationCheck.GRADIENT, 1, seed);
        OperationProperties.check(program.operation(), OperationCheck.HIGHER_GRADIENTS, 1, seed);
    }

    @Property
    void views(@ForAll Program program, @ForAll long seed) {
        OperationProperties.check(program.operation(), OperationCheck.VIEWS, 1, seed);
        OperationProperties.check(program.operation(), OperationCheck.REPEATABLE, 1, seed);
        OperationProperties.check(program.operation(), OperationCheck.EACH_INPUT_ALONE, 1, seed);
    }

    @Property
    void valuesStayModerate(@ForAll Program program) {
        Tensor[] inputs = new Tensor[program.inputs()];
        java.util.Arrays.fill(inputs, Tensor.of(1, -2, 2));
        assertThat(java.util.Arrays.stream(program.run(inputs).data().toDoubleArray()))
                .allMatch(value -> Math.abs(value) < 1e6);
        assertThat(program.toString()).startsWith("Tensor y0 = ");
        assertThatThrownBy(() -> program.run(new Tensor[program.inputs() + 1])).hasMessageContaining("inputs, got");
        Shape[] shapes = new Shape[program.inputs()];
        java.util.Arrays.fill(shapes, Shape.of(2, 3));
        assertThat(program.code(shapes)).contains(";");
    }
}
