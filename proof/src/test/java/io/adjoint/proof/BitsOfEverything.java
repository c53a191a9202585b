package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Backend;
import io.adjoint.core.DType;
import io.adjoint.testkit.Case;
import io.adjoint.testkit.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;

/** Computes every operation of the catalogue some trainings and fits, and returns digests of all bits of their results. */
public final class BitsOfEverything implements Supplier<Map<String, String>> {
    private static final int CASES = 3;

    @Override
    public Map<String, String> get() {
        Map<String, String> bits = new TreeMap<>(Map.of("backend", Backend.describe()));
        JqwikSession.run(() -> Catalogue.entries().map(Entry::operation).forEach(operation -> {
            RandomGenerator<Case> cases = operation.cases().generator(1000);
            Random random = new Random(operation.name().hashCode());
            for (int k = 0; k < CASES; k++) {
                bits.put(
                        operation.name() + " " + k,
                        results(operation, cases.next(random).value()));
            }
        }));
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
            for (LargeCases.Row row : LargeCases.ROWS) {
                bits.put("large " + row.name() + " " + dtype, results(row.operation(), row.inputs(dtype)));
            }
        }
        bits.putAll(ShortTrainings.digests());
        bits.putAll(ShortFits.digests());
        bits.putAll(ShortDraws.digests());
        return bits;
    }

    /** The digest of the output and the gradients of a case, or the text of the exception that it throws. */
    private static String results(Operation operation, Case some) {
        int[] arguments = some.arguments().stream().mapToInt(k -> k).toArray();
        return results(inputs -> operation.apply(inputs, arguments), some.inputs());
    }

    private static String results(Function<Tensor[], Tensor> function, List<Tensor> given) {
        try {
            Tensor[] inputs = given.stream()
                    .map(input -> input.dtype().isFloating() ? input.detach().requiresGrad(true) : input)
                    .toArray(Tensor[]::new);
            Tensor output = function.apply(inputs);
            if (output.requiresGrad()) {
                output.backward(output.detach());
            }
            StringBuilder digest = new StringBuilder(bits(output));
            for (Tensor input : inputs) {
                digest.append(input.grad() == null ? " none" : bits(input.grad()));
            }
            return digest.toString();
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    private static String bits(Tensor x) {
        return x.shape() + ":" + Arrays.hashCode(x.data().toDoubleArray()) + " ";
    }
}
