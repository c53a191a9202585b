package io.adjoint.view;

import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Block;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures the parameters of each layer at some steps: the norm of their gradients, and that of their update divided by their own. A layer
 * is a block that has parameters itself. A measurement copies the parameters after one step, and looks at the gradients of the next step as
 * they come, since after it they may be gone.
 */
final class LayerSizes implements AutoCloseable {
    /** The number of measurements after which twice as many steps lie between two of them. */
    private static final int BEFORE_DOUBLING = 256;

    private final Block model;
    private final Map<String, List<Watched>> layers = new LinkedHashMap<>();
    private long interval;
    private int measured;
    private boolean isWatching;

    /** A parameter between two steps. */
    private static final class Watched {
        private final Tensor parameter;
        private @Nullable NdArray before;
        private @Nullable Hook hook;
        private double gradient = Double.NaN;

        Watched(Tensor parameter) {
            this.parameter = parameter;
        }

        void begin() {
            before = parameter.data().copy();
            gradient = Double.NaN;
            // A parameter that is frozen has no gradients.
            hook = parameter.requiresGrad() ? parameter.afterAccumulation(this::accumulated) : null;
        }

        private void accumulated(Tensor self) {
            Tensor sum = self.grad();
            gradient = sum == null ? Double.NaN : norm(sum.data());
        }

        void end() {
            if (hook != null) {
                hook.remove();
                hook = null;
            }
            before = null;
        }

        private static double norm(NdArray array) {
            return array.size() == 0 ? 0 : array.vectorNorm(2, false).item();
        }
    }

    LayerSizes(Block model, long interval) {
        this.model = model;
        this.interval = interval;
        Map<String, Block> blocks = model.namedBlocks();
        model.namedParameters().forEach((path, parameter) -> {
            String layer = path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : path;
            layers.computeIfAbsent(named(layer, blocks.get(layer)), name -> new ArrayList<>())
                    .add(new Watched(parameter));
        });
    }

    /** The path of a layer; with its type if its name is a number, which says little: {@code 0 Dense}. */
    private static String named(String path, @Nullable Block layer) {
        boolean isNumbered = path.matches("(.*\\.)?\\d+");
        String type = layer == null ? "" : layer.getClass().getSimpleName();
        return isNumbered && !type.isEmpty() ? path + " " + type : path;
    }

    /** Returns whether these are the layers of a model. */
    @SuppressWarnings("ReferenceEquality") // another model may be equal
    boolean isOf(Block other) {
        return model == other;
    }

    /** Takes notice of a step; the two consumers take the norm and the quotient of each layer. */
    void stepped(long step, BiConsumer<String, Double> gradients, BiConsumer<String, Double> updates) {
        if (isWatching) {
            layers.forEach((layer, parameters) -> measure(layer, parameters, gradients, updates));
            close();
            if (++measured % BEFORE_DOUBLING == 0) {
                interval *= 2;
            }
        } else if (step % interval == interval - 1) {
            isWatching = true;
            layers.values().forEach(layer -> layer.forEach(Watched::begin));
        }
    }

    private static void measure(
            String layer,
            List<Watched> parameters,
            BiConsumer<String, Double> gradients,
            BiConsumer<String, Double> updates) {
        double gradient = 0;
        double update = 0;
        double size = 0;
        boolean hasGradient = false;
        for (Watched watched : parameters) {
            if (!Double.isNaN(watched.gradient)) {
                gradient += watched.gradient * watched.gradient;
                hasGradient = true;
            }
            if (watched.before != null) {
                double change = Watched.norm(watched.parameter.data().sub(watched.before));
                double before = Watched.norm(watched.before);
                update += change * change;
                size += before * before;
            }
        }
        if (hasGradient) {
            gradients.accept(layer, Math.sqrt(gradient));
        }
        if (size > 0) {
            updates.accept(layer, Math.sqrt(update / size));
        }
    }

    /** Ends a measurement that is under way. */
    @Override
    public void close() {
        layers.values().forEach(layer -> layer.forEach(Watched::end));
        isWatching = false;
    }
}
