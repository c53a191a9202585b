package io.adjoint.proof;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.testkit.Case;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.sessions.JqwikSession;

/** Draws random programs from a fixed seed, and computes digests of their values, gradients and second-order gradients. */
final class RandomPrograms {
    private static final int PER_DIGEST = 100;

    private RandomPrograms() {}

    /** The digest of each hundred of the first {@code count} programs, by the number of the hundred's first program. */
    static Map<String, String> digests(int count) {
        Map<String, String> digests = new TreeMap<>();
        JqwikSession.run(() -> {
            Random random = new Random(1);
            for (int from = 0; from < count; from += PER_DIGEST) {
                Digest float64 = new Digest();
                Digest float32 = new Digest();
                for (int k = 0; k < PER_DIGEST; k++) {
                    Program program = Program.draw(random);
                    Case inputs = program.operation()
                            .cases()
                            .generator(1000)
                            .next(random)
                            .value();
                    add(float64, program, DType.FLOAT64, inputs.inputs());
                    add(float32, program, DType.FLOAT32, inputs.inputs());
                }
                String range = String.format(Locale.ROOT, "%04d to %04d ", from, from + PER_DIGEST - 1);
                digests.put(range + DType.FLOAT64, float64.text());
                digests.put(range + DType.FLOAT32, float32.text());
            }
        });
        return digests;
    }

    private static void add(Digest digest, Program program, DType dtype, List<Tensor> drawn) {
        Tensor[] inputs = drawn.stream()
                .map(input -> input.detach().to(dtype).requiresGrad(true))
                .toArray(Tensor[]::new);
        Tensor value = program.run(inputs);
        digest.add(value);
        Gradients gradients =
                Autograd.gradients(List.of(value), List.of(value.detach()), List.of(inputs), GraphMode.CREATE);
        Tensor squares = Tensor.of(0).to(dtype);
        for (Tensor input : inputs) {
            Optional<Tensor> gradient = gradients.find(input);
            gradient.ifPresentOrElse(digest::add, digest::addNone);
            squares = gradient.isPresent() ? squares.add(gradient.get().square().sum()) : squares;
        }
        if (squares.requiresGrad()) {
            squares.backward();
        }
        for (Tensor input : inputs) {
            Tensor second = input.grad();
            if (second == null) {
                digest.addNone();
            } else {
                digest.add(second);
            }
        }
    }
}
