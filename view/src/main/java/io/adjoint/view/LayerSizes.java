package io.adjoint.view;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Block;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures, at some steps, the parameters of each layer: the norm of their gradients, and the norm of their change divided by the norm of
 * the parameters. A layer is a block with parameters of its own. A measurement copies the parameters after one step, and reads them and the
 * gradients after the next one, which has not cleared these yet.
 */
final class LayerSizes implements AutoCloseable {
    /** The number of measurements after which the interval between them, in steps, is doubled. */
    private static final int BEFORE_DOUBLING = 256;

    private final Block model;
    private final Map<String, List<Tensor>> layers = new LinkedHashMap<>();
    /** The elements of the parameters at the beginning of the current measurement; empty between measurements. */
    private final Map<Tensor, NdArray> before = new HashMap<>();

    private long interval;
    private int measured;

    LayerSizes(Block model, long interval) {
        this.model = model;
        this.interval = interval;
        Map<String, Block> blocks = model.namedBlocks();
        model.namedParameters().forEach((path, parameter) -> {
            String layer = path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : path;
            layers.computeIfAbsent(named(layer, blocks.get(layer)), name -> new ArrayList<>())
                    .add(parameter);
        });
    }

    /** The name of a layer: its path, followed by its type if the last name in the path is just a number, as in {@code 0 Dense}. */
    private static String named(String path, @Nullable Block layer) {
        boolean isNumbered = path.matches("(.*\\.)?\\d+");
        String type = layer == null ? "" : layer.getClass().getSimpleName();
        return isNumbered && !type.isEmpty() ? path + " " + type : path;
    }

    /** Returns whether this object measures the layers of the given model. */
    @SuppressWarnings("ReferenceEquality") // identity is meant, since another model may be equal
    boolean isOf(Block other) {
        return model == other;
    }

    /**
     * Handles an optimizer step. If the step ends a measurement, {@code gradients} gets the norm of each layer's gradients, and {@code
     * updates} the norm of the change of each layer's parameters divided by the norm of the parameters.
     */
    void stepped(long step, BiConsumer<String, Double> gradients, BiConsumer<String, Double> updates) {
        if (!before.isEmpty()) {
            layers.forEach((layer, parameters) -> measure(layer, parameters, gradients, updates));
            close();
            if (++measured % BEFORE_DOUBLING == 0) {
                interval *= 2;
            }
        } else if (step % interval == interval - 1) {
            layers.values()
                    .forEach(layer -> layer.forEach(
                            parameter -> before.put(parameter, parameter.data().copy())));
        }
    }

    private void measure(
            String layer,
            List<Tensor> parameters,
            BiConsumer<String, Double> gradients,
            BiConsumer<String, Double> updates) {
        double gradient = 0;
        double update = 0;
        double size = 0;
        boolean hasGradient = false;
        for (Tensor parameter : parameters) {
            Tensor used = parameter.grad();
            if (used != null) {
                gradient += squares(used.data());
                hasGradient = true;
            }
            NdArray old = Objects.requireNonNull(before.get(parameter));
            update += squares(parameter.data().sub(old));
            size += squares(old);
        }
        if (hasGradient) {
            gradients.accept(layer, Math.sqrt(gradient));
        }
        if (size != 0) { // NaN, too
            updates.accept(layer, Math.sqrt(update / size));
        }
    }

    private static double squares(NdArray array) {
        double norm = array.size() == 0 ? 0 : array.vectorNorm(2).item();
        return norm * norm;
    }

    /** Cancels the current measurement, if there is one. */
    @Override
    public void close() {
        before.clear();
    }
}
