package io.adjoint.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Shrinkable;

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
    void shrinkToOneStep(@ForAll Random random) {
        Shrinkable<Program> current = Program.any().generator(1000).next(random);
        for (Optional<Shrinkable<Program>> next = Optional.of(current); next.isPresent(); ) {
            current = next.get();
            next = current.shrink()
                    .filter(smaller -> smaller.value().toString().contains("tanh()"))
                    .findFirst();
        }
        Assume.that(current.value().toString().contains("tanh()"));
        assertThat(current.value().toString()).isEqualTo("Tensor y0 = x0.tanh();");
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
