package io.adjoint.testkit;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Correction;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.Dropout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

// Long because each fault is a layer of its own, and all share one way of planting.
/** Layers with one fault each: in buffers, modes, states, types, random numbers, passes, rules or copies. */
final class PlantedLayers {
    /**
     * A layer with a fault, and the known reason why the kit does not find it, its excuse; the excuse is empty if the kit finds the fault.
     */
    record Planted(String name, LayerSpec spec, String excuse) {}

    /** A layer of two features whose computation is given, with one of everything that a computation may use. */
    static final class Custom extends Layer {
        final Tensor weight;
        final Buffer mean;
        final RandomGenerator random;
        private final BiFunction<Custom, Tensor, Tensor> body;
        NdArray kept;
        Tensor own;
        int count;

        Custom(Init init, BiFunction<Custom, Tensor, Tensor> body) {
            weight = parameter("weight", init.uniform(Shape.of(2), -1, 1));
            mean = buffer("mean", NdArray.zeros(init.dtype(), Shape.of(2)));
            random = init.generator();
            kept = NdArray.zeros(init.dtype(), Shape.of(2));
            own = Tensor.of(kept);
            this.body = body;
        }

        @Override
        protected Tensor compute(Tensor x) {
            return body.apply(this, x);
        }

        /** The factors of dropout with probability ½. */
        NdArray mask(Shape shape) {
            return NdArray.generate(weight.dtype(), shape, k -> random.nextBoolean() ? 2 : 0);
        }

        /** Moves the buffer a tenth of the way to the mean of a batch, unless it is NaN, as of an empty batch. */
        void follow(NdArray batchMean) {
            if (Double.isFinite(batchMean.sum().item())) {
                followAny(batchMean);
            }
        }

        void followAny(NdArray batchMean) {
            mean.assign(mean.value().mul(0.9).add(batchMean.mul(0.1)));
        }
    }

    private final List<Planted> all = new ArrayList<>();

    private PlantedLayers() {}

    static List<Planted> all() {
        PlantedLayers layers = new PlantedLayers();
        layers.buffers();
        layers.modes();
        layers.sideEffects();
        layers.states();
        layers.types();
        layers.randomNumbers();
        layers.passes();
        layers.rules();
        layers.copies();
        return layers.all;
    }

    // ---- planting ----

    static LayerSpec spec(String name, BiFunction<Custom, Tensor, Tensor> body) {
        return LayerSpec.of(name, init -> new Custom(init, body))
                .shapes("(n,2)->(n,2)")
                .order(2);
    }

    private void add(
            String name, String excuse, UnaryOperator<LayerSpec> setting, BiFunction<Custom, Tensor, Tensor> body) {
        all.add(new Planted(name, setting.apply(spec(name, body)), excuse));
    }

    private void add(String name, BiFunction<Custom, Tensor, Tensor> body) {
        add(name, "", spec -> spec, body);
    }

    /** Adds a layer that is made by a function. */
    private void made(String name, Function<Init, Layer> factory) {
        all.add(new Planted(name, LayerSpec.of(name, factory).shapes("(n,2)->(n,2)"), ""));
    }

    /** A gradient of an input of the product. */
    private interface Rule {
        Tensor of(Custom layer, Tensor x, Tensor g);
    }

    /** Adds the product with the weight, with a wrong rule for its input. */
    private void ofInput(String name, Rule rule) {
        add(
                name,
                (layer, x) ->
                        scale(layer, x, g -> rule.of(layer, x, g), g -> g.mul(x).sum(0)));
    }

    /** Adds the product with the weight, with a wrong rule for the weight. */
    private void ofWeight(String name, Rule rule) {
        add(name, (layer, x) -> scale(layer, x, g -> g.mul(layer.weight), g -> rule.of(layer, x, g)));
    }

    /** The product with the weight as an operation with the given rules. */
    private static Tensor scale(Custom layer, Tensor x, UnaryOperator<Tensor> ofInput, UnaryOperator<Tensor> ofWeight) {
        return op("scale", x.data().mul(layer.weight.data()), edge(x, ofInput), edge(layer.weight, ofWeight));
    }

    // ---- buffers: a layer that takes the mean of the batch from its input, and in evaluation a running mean ----

    static Tensor centred(Custom layer, Tensor x) {
        if (!layer.isTraining()) {
            return x.sub(Tensor.of(layer.mean.value()));
        }
        layer.follow(x.data().mean(0));
        return x.sub(x.mean(0));
    }

    static NdArray expectedOutput(Map<String, NdArray> state, NdArray[] x, boolean training) {
        return x[0].sub(training ? x[0].mean(0) : state.getOrDefault("mean", x[0]));
    }

    static Map<String, NdArray> expectedMean(Map<String, NdArray> state, NdArray... x) {
        return Map.of(
                "mean",
                state.getOrDefault("mean", x[0]).mul(0.9).add(x[0].mean(0).mul(0.1)));
    }

    private static LayerSpec withReferences(LayerSpec spec) {
        return spec.reference(PlantedLayers::expectedOutput).buffers(PlantedLayers::expectedMean);
    }

    private void centring(String name, BiFunction<Custom, Tensor, Tensor> body) {
        add(name, "", PlantedLayers::withReferences, body);
    }

    private void buffers() {
        BiFunction<Custom, Tensor, Tensor> forgotten =
                (layer, x) -> x.sub(layer.isTraining() ? x.mean(0) : Tensor.of(layer.mean.value()));
        centring("buffer never updated", forgotten);
        add("buffer never updated, no reference", "no reference says that it should be", spec -> spec, forgotten);
        centring("buffer updated away from the mean", (layer, x) -> {
            if (!layer.isTraining()) {
                return x.sub(Tensor.of(layer.mean.value()));
            }
            layer.mean.assign(layer.mean.value().mul(1.1).sub(x.data().mean(0).mul(0.1)));
            return x.sub(x.mean(0));
        });
        centring("buffer updated by the mean over the wrong axis", (layer, x) -> {
            if (!layer.isTraining()) {
                return x.sub(Tensor.of(layer.mean.value()));
            }
            layer.follow(x.data().mean(1).mean(Dims.KEEP, 0).broadcastTo(Shape.of(2)));
            return x.sub(x.mean(0));
        });
        centring("buffer updated in evaluation as well", (layer, x) -> {
            NdArray before = layer.mean.value();
            layer.follow(x.data().mean(0));
            return x.sub(layer.isTraining() ? x.mean(0) : Tensor.of(before));
        });
        centring("the mean over the wrong axis taken off", (layer, x) -> {
            if (!layer.isTraining()) {
                return x.sub(Tensor.of(layer.mean.value()));
            }
            layer.follow(x.data().mean(0));
            return x.sub(x.mean(1).unsqueeze(1));
        });
        add("buffer in a plain field", (layer, x) -> {
            if (!layer.isTraining()) {
                return x.sub(Tensor.of(layer.kept));
            }
            layer.kept = layer.kept.mul(0.9).add(x.data().mean(0).mul(0.1));
            return x.sub(x.mean(0));
        });
        add("counter beside its buffer in a plain field", (layer, x) -> {
            if (layer.isTraining()) {
                layer.mean.assign(
                        x.data().mean(0).to(layer.weight.dtype()).mul(0).add(layer.count++));
            }
            return x.add(Tensor.of(layer.mean.value()));
        });
    }

    // ---- modes ----

    private void modes() {
        add("mode ignored: statistics of the batch in evaluation", (layer, x) -> {
            if (layer.isTraining()) {
                layer.follow(x.data().mean(0));
            }
            return x.sub(x.mean(0));
        });
        add("mode inverted: statistics", (layer, x) -> {
            if (layer.isTraining()) {
                return x.sub(Tensor.of(layer.mean.value()));
            }
            layer.follow(x.data().mean(0));
            return x.sub(x.mean(0));
        });
        add("mode ignored: dropout in evaluation", (layer, x) -> x.mul(Tensor.of(layer.mask(x.shape()))));
        add("mode inverted: dropout", (layer, x) -> layer.isTraining() ? x : x.mul(Tensor.of(layer.mask(x.shape()))));
        add("mode ignored: no dropout at all", "no reference for random numbers", spec -> spec, (layer, x) -> x.mul(1));
        made("a child that is not registered stays in training", Unregistered::new);
        ofWeight(
                "wrong gradient of the weight in training only",
                (layer, x, g) -> g.mul(x).sum(0).mul(layer.isTraining() ? 2 : 1));
        add(
                "detached weight in training only",
                (layer, x) -> x.mul(layer.isTraining() ? layer.weight.detach() : layer.weight));
        add("input changed in training only", (layer, x) -> {
            Tensor y = x.mul(layer.weight);
            if (layer.isTraining()) {
                InPlace.assign(x.data(), x.data().mul(0.5));
            }
            return y;
        });
        ofInput("upstream gradient changed in training only", (layer, x, g) -> {
            Tensor result = g.mul(layer.weight);
            if (layer.isTraining()) {
                InPlace.assign(g.data(), g.data().mul(2));
            }
            return result;
        });
    }

    private static final class Unregistered extends Layer {
        private final Dropout dropout;

        Unregistered(Init init) {
            dropout = new Dropout(0.5, init.generator());
        }

        @Override
        protected Tensor compute(Tensor x) {
            return dropout.forward(x);
        }
    }

    // ---- side effects ----

    /** A layer with a part that it puts into evaluation. */
    private static final class Quieting extends Layer {
        private final Dropout dropout;

        Quieting(Init init) {
            dropout = child("dropout", new Dropout(0.5, init.generator()));
        }

        @Override
        protected Tensor compute(Tensor x) {
            dropout.eval();
            return dropout.forward(x);
        }
    }

    private void sideEffects() {
        add("an empty batch makes the running mean NaN", (layer, x) -> {
            if (!layer.isTraining()) {
                return x.sub(Tensor.of(layer.mean.value()));
            }
            layer.followAny(x.data().mean(0));
            return x.sub(x.mean(0));
        });
        add("a single sample makes the running variance NaN", (layer, x) -> {
            if (layer.isTraining() && x.shape().dim(0) > 0) {
                layer.followAny(x.data().std(Correction.BESSEL, Dims.DROP, 0));
            }
            return x.mul(Tensor.of(layer.mean.value()).add(1));
        });
        NdArray[] shared = {NdArray.zeros(DType.FLOAT64, Shape.of(2))};
        add("a running mean in a static field", (layer, x) -> {
            if (!layer.isTraining()) {
                return x.sub(Tensor.of(shared[0]).to(x.dtype()));
            }
            if (x.shape().dim(0) > 0) {
                shared[0] = x.data().mean(0).to(DType.FLOAT64);
            }
            return x.sub(x.mean(0));
        });
        double[] peak = {0};
        add("a largest input in a static field", (layer, x) -> {
            if (layer.isTraining()) {
                peak[0] = Math.max(peak[0], Agreement.largest(x));
                return x;
            }
            return x.div(peak[0] == 0 ? 1 : peak[0]);
        });
        made("a part put into evaluation", Quieting::new);
        add("gradients cleared", (layer, x) -> {
            layer.zeroGrad();
            return x.mul(layer.weight);
        });
        add("the weight decayed after its use", (layer, x) -> {
            Tensor y = x.mul(layer.weight);
            if (layer.isTraining()) {
                layer.weight.assign(layer.weight.data().mul(0.9));
            }
            return y;
        });
        add(
                "samples mixed in evaluation",
                "",
                LayerSpec::separateSamples,
                (layer, x) -> x.mul(layer.weight).sub(x.mean(0)));
        add("a buffer read in the backward pass", (layer, x) -> {
            if (layer.isTraining()) {
                layer.follow(x.data().mean(0));
                return x.mul(layer.weight);
            }
            return scale(
                    layer,
                    x,
                    g -> g.mul(layer.weight),
                    g -> g.mul(x).sum(0).add(Tensor.of(layer.mean.value()).mul(0.5)));
        });
        add("the gradient of the first pass kept", (layer, x) -> {
            List<Tensor> kept = new ArrayList<>();
            return scale(
                    layer,
                    x,
                    g -> {
                        kept.add(g.mul(layer.weight));
                        return kept.get(0);
                    },
                    g -> g.mul(x).sum(0));
        });
        add("another gradient on another thread", (layer, x) -> {
            Thread forward = Thread.currentThread();
            return scale(
                    layer,
                    x,
                    g -> g.mul(layer.weight).mul(Thread.currentThread() == forward ? 1 : 2),
                    g -> g.mul(x).sum(0));
        });
    }

    // ---- states ----

    private void states() {
        made("random parameter not registered", init -> {
            Custom layer = new Custom(init, (self, x) -> x.mul(self.weight).mul(self.own));
            layer.own = init.uniform(Shape.of(2), 1, 2);
            return layer;
        });
        made("parameter of ones not registered", init -> {
            Custom layer = new Custom(init, (self, x) -> x.mul(self.weight).mul(self.own));
            layer.own = init.ones(Shape.of(2));
            return layer;
        });
        made("random table that is neither parameter nor buffer", init -> {
            Custom layer = new Custom(init, (self, x) -> x.mul(Tensor.of(self.kept)));
            layer.kept = init.uniform(Shape.of(2), 1, 2).data();
            return layer;
        });
        add("a count of calls added", (layer, x) -> x.mul(layer.weight).add(1e-3 * layer.count++));
        add("a count of steps in a plain field", (layer, x) -> {
            layer.count += layer.isTraining() ? 1 : 0;
            return x.mul(layer.weight).mul(layer.isTraining() ? 1 : 1 + layer.count);
        });
        add("hidden state kept between calls", (layer, x) -> {
            Tensor y = x.mul(layer.weight).add(Tensor.of(layer.kept).mul(0.5));
            layer.kept = y.data().sum(0);
            return y;
        });
        add("weight clipped in forward", (layer, x) -> {
            layer.weight.assign(layer.weight.data().map(v -> Math.max(-1, Math.min(1, v))));
            return x.mul(layer.weight);
        });
        add("weight of the first call used for ever", (layer, x) -> {
            layer.kept = layer.count++ == 0 ? layer.weight.data().copy() : layer.kept;
            return op(
                    "scale",
                    x.data().mul(layer.kept),
                    edge(x, g -> g.mul(layer.weight)),
                    edge(layer.weight, g -> g.mul(x).sum(0)));
        });
    }

    // ---- types and shapes ----

    private void types() {
        add("FLOAT64 out of a FLOAT32 layer", (layer, x) -> x.mul(layer.weight).to(DType.FLOAT64));
        add(
                "FLOAT32 output rounded to bfloat16",
                (layer, x) -> op(
                        "scale",
                        HiddenFloatFaults.bfloat16(Tensor.of(x.data().mul(layer.weight.data())))
                                .data(),
                        edge(x, g -> g.mul(layer.weight)),
                        edge(layer.weight, g -> g.mul(x))));
        made(
                "FLOAT64 parameter in a FLOAT32 layer",
                init -> new Custom(init.dtype(DType.FLOAT64), (layer, x) -> x.mul(layer.weight)));
        ofInput(
                "gradient wrong in FLOAT32",
                (layer, x, g) -> g.mul(layer.weight).mul(x.dtype() == DType.FLOAT32 ? 0.5 : 1));
        add("throws for an empty batch", (layer, x) -> {
            if (x.shape().dim(0) == 0) {
                throw new IllegalArgumentException("no samples");
            }
            return x.mul(layer.weight);
        });
        ofInput(
                "wrong gradient for a batch of one",
                (layer, x, g) -> g.mul(layer.weight).mul(x.shape().dim(0) == 1 ? 0.5 : 1));
        add("the value of a transposed input read in memory's order", (layer, x) -> {
            NdArray seen =
                    x.data().isContiguous() ? x.data() : x.data().transpose().reshape(x.shape());
            return op(
                    "scale",
                    seen.mul(layer.weight.data()),
                    edge(x, g -> g.mul(layer.weight)),
                    edge(layer.weight, g -> g.mul(x).sum(0)));
        });
        ofInput(
                "wrong gradient above 8,192 elements",
                (layer, x, g) -> g.mul(layer.weight).mul(x.shape().size() > 8192 ? 0.5 : 1));
        ofWeight("the last samples of many left out of a sum", (layer, x, g) -> {
            Tensor each = g.mul(x);
            int n = each.shape().dim(0);
            return each.slice(0, 0, n > 1024 ? n / 1024 * 1024 : n).sum(0);
        });
        LayerSpec table = LayerSpec.of("repeated indices overwrite each other", Table::new)
                .shapes("(n)->(n,2)")
                .within(Values.integers(0, 2));
        all.add(new Planted("repeated indices overwrite each other", table, ""));
        all.add(new Planted(
                "gradient to masked elements",
                LayerSpec.of(
                                "gradient to masked elements",
                                init -> new Custom(init, (layer, x) -> x),
                                (layer, x) -> op(
                                        "masked", x[0].data().mul(x[1].data().to(DType.FLOAT64)), edge(x[0], g -> g)))
                        .shapes("(n,2),(n,2)->(n,2)")
                        .within(Values.between(-2, 2), Values.booleans())
                        .except(OperationCheck.FLOATS),
                ""));
    }

    /** An embedding that gives a row only the gradient of one of its uses. */
    private static final class Table extends Layer {
        private final Tensor weight;

        Table(Init init) {
            weight = parameter("weight", init.uniform(Shape.of(3, 2), -1, 1));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return op("table", Autograd.noGrad(() -> weight.indexSelect(0, x)).data(), edge(weight, g -> {
                double[] rows = new double[6];
                double[] upstream = g.data().toDoubleArray();
                int[] indices = x.data().toIntArray();
                for (int k = 0; k < indices.length; k++) {
                    rows[2 * indices[k]] = upstream[2 * k];
                    rows[2 * indices[k] + 1] = upstream[2 * k + 1];
                }
                return Tensor.of(NdArray.of(Shape.of(3, 2), rows).to(g.dtype()));
            }));
        }
    }

    // ---- random numbers ----

    private void randomNumbers() {
        add(
                "dropout whose gradient has no mask",
                (layer, x) ->
                        layer.isTraining() ? op("drop", x.data().mul(layer.mask(x.shape())), edge(x, g -> g)) : x);
        add(
                "dropout that draws another mask for the gradient",
                (layer, x) -> layer.isTraining()
                        ? op(
                                "drop",
                                x.data().mul(layer.mask(x.shape())),
                                edge(x, g -> g.mul(Tensor.of(layer.mask(x.shape())))))
                        : x);
        add(
                "dropout by random numbers of its own",
                (layer, x) -> layer.isTraining()
                        ? x.mul(Tensor.of(
                                x.data().map(v -> Math.random() < 0.5 ? 0 : 2).to(layer.weight.dtype())))
                        : x);
        add(
                "dropout without its factor",
                "no reference for random numbers",
                spec -> spec,
                (layer, x) -> layer.isTraining()
                        ? x.mul(Tensor.of(layer.mask(x.shape()).mul(0.5)))
                        : x);
    }

    // ---- passes ----

    private void passes() {
        add("last input in a field", (layer, x) -> {
            layer.own = x;
            return scale(
                    layer, x, g -> g.mul(layer.weight), g -> g.mul(layer.own).sum(0));
        });
        add("last output in a field", (layer, x) -> {
            layer.own = Tensor.of(x.data().mul(layer.weight.data()).map(Math::tanh));
            return op(
                    "tanh",
                    layer.own.data(),
                    edge(x, g -> g.mul(layer.own.square().neg().add(1)).mul(layer.weight)),
                    edge(
                            layer.weight,
                            g -> g.mul(layer.own.square().neg().add(1)).mul(x).sum(0)));
        });
        add("a factor computed in the first pass alone", (layer, x) -> {
            layer.own = layer.count++ == 0 ? layer.own.add(2) : layer.own;
            return x.mul(layer.weight).mul(layer.own);
        });
        add("one output array for all calls", (layer, x) -> {
            NdArray value = x.data().mul(layer.weight.data());
            layer.kept = layer.kept.shape().equals(value.shape()) ? layer.kept : value.copy();
            InPlace.assign(layer.kept, value);
            return op(
                    "scale",
                    layer.kept,
                    edge(x, g -> g.mul(layer.weight)),
                    edge(layer.weight, g -> g.mul(x).sum(0)));
        });
        add("scratch array shared by threads", (layer, x) -> {
            layer.kept = x.data();
            LockSupport.parkNanos(1_000_000);
            return x.mul(0)
                    .add(Tensor.of(layer.kept))
                    .mul(layer.weight)
                    .add(x.sub(x.detach()).mul(layer.weight));
        });
        ofInput("wrong for a frozen weight", (layer, x, g) -> layer.weight.requiresGrad() ? g.mul(layer.weight) : g);
        add(
                "no gradient of the input for a frozen weight",
                (layer, x) -> layer.weight.requiresGrad()
                        ? x.mul(layer.weight)
                        : Tensor.of(x.data().mul(layer.weight.data())));
        ofWeight(
                "wrong gradient of the weight for an input without one",
                (layer, x, g) -> g.mul(x).sum(0).mul(x.requiresGrad() ? 1 : 2));
    }

    // ---- rules ----

    private void rules() {
        ofWeight(
                "gradient of the weight scaled",
                (layer, x, g) -> g.mul(x).sum(0).mul(2));
        add("detached weight", (layer, x) -> x.mul(layer.weight.detach()));
        ofInput("detached in its rule", (layer, x, g) -> g.mul(layer.weight.detach()));
        ofInput(
                "first gradient wrong if it is recorded",
                (layer, x, g) -> g.mul(layer.weight).mul(Autograd.isRecording() ? -1 : 1));
        ofInput("gradient in an array of its own that is used again", (layer, x, g) -> {
            NdArray value = g.data().mul(layer.weight.data());
            layer.kept = layer.kept.shape().equals(value.shape()) ? layer.kept : value.copy();
            InPlace.assign(layer.kept, value);
            return Autograd.isRecording() ? g.mul(layer.weight) : Tensor.of(layer.kept);
        });
        add(
                "another function, with its gradient",
                "no reference says which function",
                spec -> spec,
                (layer, x) -> x.mul(layer.weight).mul(1.1));
    }

    // ---- copies ----

    /** A layer that computes by a function that captures its weight. */
    private static final class Capturing extends Layer {
        private final UnaryOperator<Tensor> body;

        Capturing(Init init) {
            Tensor weight = parameter("weight", init.uniform(Shape.of(2), -1, 1));
            body = x -> x.mul(weight);
        }

        @Override
        protected Tensor compute(Tensor x) {
            return body.apply(x);
        }
    }

    private void copies() {
        made("a function that holds the weight", Capturing::new);
        made(
                "the dtype that the layer was made with",
                init -> new Custom(init, (self, x) -> x.mul(self.weight).add(Tensor.ones(init.dtype(), 2))));
    }
}
