package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Modes;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Models of one architecture that compute and are trained at once: their spread shows how certain they are. The models are copied.
 *
 * <pre>{@code
 * List<Layer> models = Stream.generate(() -> network(rng)).limit(5).toList();
 * Ensemble all = new Ensemble(models);
 * Adam optimizer = new Adam(all.parameters(), 1e-2);
 * all.forward(x).sub(y).square().mean(1, 2).sum().backward();    // the sum of each model's mean loss
 * Tensor spread = all.predict(x).std(0);
 * }</pre>
 *
 * <p>Shapes: input {@code [B, …]}, which each of the n models gets; output {@code [n, B, …]}. {@link #forwardEach} takes a batch for each.
 *
 * <p>Within a {@link Sequential} and a {@link Residual}, the {@link Dense} layers of all models are one batched product with stacked
 * parameters {@code [n, out, in]} and {@code [n, out]}, and activations and dropout run once on the rows of all models, with one mask of
 * the first model's generator. Each model has its own copy of every other layer, or of a whole model of another class, under its number
 * k in the path. Without dropout, each model computes what it would compute alone, up to the rounding of large sums. Optimizers that
 * treat each element by itself, such as {@code SGD} and {@code Adam}, train each model as if alone, unless something else combines the
 * models, such as clipping one norm over all parameters.
 */
public final class Ensemble extends Layer {
    private final int size;
    private final Layer model;
    /** The models as they were given, frozen, of which {@link #member} makes copies: they may differ in constants. */
    private final List<Layer> plain = new ArrayList<>();

    /**
     * The ensemble of copies of some models.
     *
     * @param models at least one, of one architecture: the same text, and parameters and buffers of the same paths, shapes and dtypes
     * @throws IllegalArgumentException if the list is empty, or a model has another architecture, another mode or other frozen parameters
     *     than the first
     */
    public Ensemble(List<? extends Layer> models) {
        if (models.isEmpty()) {
            throw new IllegalArgumentException("Ensemble: expected at least one model, got none");
        }
        size = models.size();
        List<Layer> copies = new ArrayList<>();
        for (Layer each : models) {
            requireAlike(models.get(0), each, copies.size());
            copies.add(each.copy());
            plain.add(each.copy());
        }
        plain.forEach(Layer::freeze);
        model = child("model", copies.get(0));
        combine(this, new Members(copies));
        if (!Modes.anyTraining(models.get(0))) {
            eval();
        }
    }

    private static void requireAlike(Layer first, Layer other, int k) {
        List<String> expected = first.toString().lines().toList();
        List<String> found = other.toString().lines().toList();
        for (int line = 0; line < Math.max(expected.size(), found.size()); line++) {
            String here = line < expected.size() ? expected.get(line).strip() : "nothing";
            String there = line < found.size() ? found.get(line).strip() : "nothing";
            if (!here.equals(there)) {
                throw new IllegalArgumentException("Ensemble: model " + k + " is of another architecture than model 0: "
                        + there + " instead of " + here);
            }
        }
        try {
            first.copy().lerp(other, 1);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Ensemble: model " + k + " doesn't fit model 0: " + e.getMessage(), e);
        }
        if (!modes(other).equals(modes(first))) {
            throw new IllegalArgumentException("Ensemble: model " + k
                    + " and model 0 are not in the same mode; call train() or eval() of the ensemble instead");
        }
        if (!frozen(other).equals(frozen(first))) {
            throw new IllegalArgumentException("Ensemble: the frozen parameters of model " + k + " are " + frozen(other)
                    + ", of model 0 " + frozen(first) + "; freeze the same of all models");
        }
    }

    private static List<Boolean> modes(Layer model) {
        return model.namedBlocks().values().stream().map(Modes::isTraining).toList();
    }

    private static List<String> frozen(Layer model) {
        Map<String, Tensor> parameters = model.namedParameters();
        return parameters.keySet().stream()
                .filter(name -> Internals.isFrozen(Objects.requireNonNull(parameters.get(name))))
                .toList();
    }

    /** Puts combined layers in the place of the layers of the first model. */
    private static void combine(Block block, Members members) {
        block.replace(
                Layer.class,
                layer -> isTransparent(layer) || layer instanceof MemberLayer ? layer : members.combined(layer));
        for (Block child : block.children().values()) {
            if (isTransparent(child)) {
                combine(child, members);
            }
        }
    }

    /** Returns whether a block only calls its layers, each with rows of all models. */
    private static boolean isTransparent(Block block) {
        return block instanceof Sequential || block instanceof Residual;
    }

    /** The number of models. */
    public int size() {
        return size;
    }

    /** The outputs {@code [n, B, …]} of all models for one batch {@code [B, …]}. */
    @Override
    protected Tensor compute(Tensor x) {
        if (x.shape().rank() == 0) {
            throw new ShapeException("ensemble: expected a batch [B, ...], got a scalar");
        }
        return each(x.unsqueeze(0)
                .broadcastTo(Shape.of(size).append("ensemble", x.shape().toArray())));
    }

    /**
     * The outputs {@code [n, B, …]} of all models, each for a batch of its own.
     *
     * @param x {@code [n, B, …]}
     * @throws ShapeException if the first size is not the number of models, or the axis B is missing
     */
    public Tensor forwardEach(Tensor x) {
        return within(x, this::each);
    }

    private Tensor each(Tensor x) {
        Shape shape = x.shape();
        if (shape.rank() < 2 || shape.dim(0) != size) {
            throw new ShapeException(
                    "ensemble: expected a batch for each of " + size + " models, [" + size + ", B, ...], got " + shape);
        }
        return model.forward(x.flatten(0, 1)).unflatten(0, size, shape.dim(1));
    }

    /**
     * A copy of one model as it is now, of the architecture that this ensemble was made of; none of its parameters is frozen.
     *
     * @throws IndexOutOfBoundsException if the number is not from 0 to n − 1
     */
    @CheckReturnValue
    public Layer member(int k) {
        int index = Settings.requireIndex(Ensemble.class, "model", k, size);
        Layer copy = plain.get(index).copy();
        copy.unfreeze();
        write(index, Objects.requireNonNull(children().get("model")), copy);
        return copy;
    }

    /** Gives the layers of a model of the ordinary architecture the parameters and buffers of the k-th model. */
    private static void write(int k, Block from, Block to) {
        if (from instanceof MemberLayer combined) {
            combined.writeTo(k, (Layer) to);
        } else if (isTransparent(from)) {
            from.children()
                    .forEach((name, child) ->
                            write(k, child, Objects.requireNonNull(to.children().get(name))));
        }
    }

    @Override
    protected String describe() {
        return size + " models";
    }

    /** Copies of the models, whose layers at one path become one layer. */
    private static final class Members {
        private final List<Map<String, Block>> blocks = new ArrayList<>();
        private final IdentityHashMap<Block, String> paths = new IdentityHashMap<>();
        /** The parameters of the first model that it has under several paths. */
        private final Set<Tensor> shared = new HashSet<>();

        Members(List<Layer> models) {
            models.forEach(each -> blocks.add(each.namedBlocks()));
            blocks.get(0).forEach((path, block) -> paths.putIfAbsent(block, path));
            Set<Tensor> seen = new HashSet<>();
            models.get(0).namedParameters().values().stream()
                    .filter(parameter -> !seen.add(parameter))
                    .forEach(shared::add);
        }

        /** The layer that computes the rows of all models in place of a layer of the first one. */
        Layer combined(Layer first) {
            if (first instanceof Identity
                    || first instanceof AnyDropout
                    || (first instanceof Activation each && each.isElementwise())) {
                return first;
            }
            String path = paths.get(first);
            List<Layer> all =
                    blocks.stream().map(each -> (Layer) each.get(path)).toList();
            // Stacked copies of a shared parameter would be trained apart.
            return first instanceof Dense && Collections.disjoint(shared, first.parameters())
                    ? new StackedDense(all.stream().map(Dense.class::cast).toList())
                    : new MemberLayers(all);
        }
    }
}
