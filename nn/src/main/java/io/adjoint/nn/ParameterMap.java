package io.adjoint.nn;

import io.adjoint.autograd.Tensor;
import java.util.Map;
import java.util.stream.Collectors;

/** The parameters that a block registers together by {@link Block#parameters(String, Map)}; it computes nothing. */
final class ParameterMap extends Block {
    /** Registers the leaves; {@code owner} and {@code name} are those that the caller knows, for messages. */
    ParameterMap(Block owner, String name, Map<String, Tensor> leaves) {
        leaves.forEach((key, leaf) -> {
            if (key == null || leaf == null) {
                throw new IllegalArgumentException("parameters: "
                        + (key == null ? "a key of '" + name + "'" : "'" + name + "." + key + "'") + " of "
                        + owner.typeName() + " is null");
            }
            parameter(key, leaf);
        });
    }

    /** The parameters, each in a line of its own, as {@link #toString()} prints blocks. */
    @Override
    protected String describe() {
        String lines = namedParameters().entrySet().stream()
                .map(each -> "\n" + indent(1) + "(" + each.getKey() + "): "
                        + each.getValue().dtype() + " " + each.getValue().shape())
                .collect(Collectors.joining());
        return lines.isEmpty() ? lines : lines + "\n";
    }
}
