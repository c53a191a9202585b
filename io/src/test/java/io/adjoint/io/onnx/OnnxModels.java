package io.adjoint.io.onnx;

import io.adjoint.autograd.Interpolation;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.PadMode;
import io.adjoint.core.Padding;
import io.adjoint.core.Shape;
import io.adjoint.core.Window;
import io.adjoint.io.onnx.OnnxSample.Range;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.BagMode;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Masks;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.*;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

// Long because it has a line for each configuration of each layer.
/**
 * Models that can be exported: every layer in several configurations, with weights and running statistics that are not the initial ones.
 */
final class OnnxModels {
    private final Generator rng = new Generator(7);
    private final Init init = new Init(rng);
    private final List<OnnxSample> samples = new ArrayList<>();

    private OnnxModels() {}

    static List<OnnxSample> all() {
        OnnxModels models = new OnnxModels();
        models.activations();
        models.weighted();
        models.pooling();
        models.normalizations();
        models.shapes();
        models.embeddings();
        models.tables();
        models.recurrent();
        models.attention();
        models.masks();
        models.composed();
        return models.samples;
    }

    // ---- the samples ----

    private void layer(Layer model, int... sample) {
        add(model, DType.FLOAT32, Range.FLOATS, sample);
    }

    private void indices(Layer model, int limit, int... sample) {
        add(model, DType.INT32, Range.indices(limit), sample);
    }

    private void add(Layer model, DType dtype, Range range, int... sample) {
        add(model, OnnxSample.input(dtype, sample), List.of(range), x -> List.of(model.forward(x.get(0))));
    }

    /** Adds a model whose inputs are all floating. */
    private void floating(Block model, OnnxOptions options, UnaryOperator<List<Tensor>> forward) {
        add(model, options, Collections.nCopies(options.inputs.size(), Range.FLOATS), forward);
    }

    private void add(Block model, OnnxOptions options, List<Range> ranges, UnaryOperator<List<Tensor>> forward) {
        // The weights and the running statistics get other values than the initial ones.
        model.namedParameters()
                .values()
                .forEach(parameter ->
                        parameter.assign(Tensor.uniform(parameter.dtype(), parameter.shape(), -0.7, 0.7, rng)
                                .data()));
        model.namedBuffers().forEach((name, buffer) -> {
            if (name.contains("running")) {
                double low = name.endsWith("Variance") ? 0.3 : -1;
                buffer.assign(
                        Tensor.uniform(buffer.value().dtype(), buffer.value().shape(), low, 2, rng)
                                .data());
            }
        });
        String name = samples.size() + ": " + model.toString().replaceAll("\\s+", " ");
        samples.add(new OnnxSample(name, model, options, ranges, forward));
    }

    private void activations() {
        for (Layer layer : List.of(
                new ReLU(),
                new ReLU6(),
                new SELU(),
                new SiLU(),
                new Mish(),
                new Sigmoid(),
                new LogSigmoid(),
                new Hardsigmoid(),
                new Hardswish(),
                new Tanh(),
                new Tanhshrink(),
                new Softsign(),
                new GELU(),
                GELU.tanh(),
                new LeakyReLU(),
                new LeakyReLU(-0.5),
                new ELU(),
                new ELU(0.7),
                new CELU(),
                new CELU(2.5),
                new Softplus(),
                new Softplus(2, 1),
                new Softplus(0.5, 30),
                new Hardtanh(),
                new Hardtanh(-0.3, 2),
                new Softshrink(),
                new Softshrink(1.5),
                new Hardshrink(),
                new Hardshrink(0),
                new Threshold(0.2, -3),
                new RReLU(rng),
                new RReLU(-0.1, 0.7, rng))) {
            layer(layer, 3, 40);
        }
        layer(new PReLU(init), 5);
        layer(new PReLU(init), 3, 4);
        layer(new PReLU(5, init), 5);
        layer(new PReLU(3, init), 3, 4, 5);
        layer(new Softmax(1), 6);
        layer(new Softmax(-2), 4, 6);
        layer(new Softmin(1), 6, 2);
        layer(new LogSoftmax(-1), 4, 6);
        layer(new GLU(1), 6);
        layer(new GLU(-1), 3, 8);
    }

    private void weighted() {
        layer(new Dense(5, 3, init), 5);
        layer(Dense.withoutBias(5, 3, init), 5);
        layer(new Dense(5, 3, init), 4, 5);
        layer(Dense.withoutBias(5, 3, init), 2, 4, 5);
        ConvOptions all = new ConvOptions().stride(2).padding(1).dilation(2).groups(2);
        layer(new Conv1d(2, 4, 3, init), 2, 9);
        layer(new Conv1d(2, 4, Shape.of(3), all, init), 2, 11);
        layer(Conv1d.withoutBias(2, 4, Shape.of(4), new ConvOptions().samePadding(), init), 2, 9);
        layer(new Conv2d(2, 4, 3, init), 2, 7, 6);
        layer(new Conv2d(2, 4, Shape.of(3, 2), all, init), 2, 9, 8);
        layer(new Conv2d(2, 4, Shape.of(3, 3), new ConvOptions().stride(2, 1).padding(0, 2), init), 2, 9, 8);
        layer(
                Conv2d.withoutBias(
                        2, 4, Shape.of(2, 4), new ConvOptions().samePadding().dilation(1, 2), init),
                2,
                7,
                9);
        for (PadMode mode : PadMode.values()) {
            layer(new Conv1d(2, 3, Shape.of(3), new ConvOptions().padding(2).paddingMode(mode), init), 2, 6);
            layer(
                    new Conv2d(
                            2,
                            3,
                            Shape.of(3, 4),
                            new ConvOptions().padding(1, 2).paddingMode(mode),
                            init),
                    2,
                    6,
                    5);
            layer(
                    new Conv2d(
                            2,
                            3,
                            Shape.of(4, 3),
                            new ConvOptions().samePadding().paddingMode(mode),
                            init),
                    2,
                    6,
                    5);
        }
        layer(new Conv3d(2, 3, 2, init), 2, 4, 5, 3);
        layer(new Conv3d(2, 4, Shape.of(3, 2, 1), all, init), 2, 5, 6, 3);
        ConvOptions transposed = new ConvOptions().stride(3).padding(1).outputPadding(2);
        layer(new ConvTranspose1d(2, 4, 3, init), 2, 5);
        layer(new ConvTranspose1d(2, 4, Shape.of(3), transposed.groups(2), init), 2, 5);
        layer(new ConvTranspose2d(2, 4, 3, init), 2, 5, 4);
        layer(new ConvTranspose2d(2, 4, Shape.of(3, 2), transposed, init), 2, 5, 4);
        layer(
                ConvTranspose2d.withoutBias(
                        2,
                        4,
                        Shape.of(3, 2),
                        new ConvOptions().stride(1, 2).dilation(2, 1).outputPadding(1, 0),
                        init),
                2,
                5,
                4);
        layer(new ConvTranspose3d(2, 3, Shape.of(2, 3, 2), new ConvOptions().stride(2), init), 2, 3, 2, 3);
        layer(new AdaptiveLogSoftmax(8, 7, new int[] {2, 4}, init), 8);
        layer(WeightNorm.of(new Dense(4, 3, init)), 4);
        layer(WeightNorm.of(new Conv2d(2, 3, 3, init)), 2, 5, 5);
        layer(WeightNorm.of(new ConvTranspose1d(2, 3, 3, init)), 2, 5);
        layer(SpectralNorm.of(new Dense(4, 3, init), rng), 2, 4);
        layer(SpectralNorm.of(new ConvTranspose2d(2, 3, 3, init), rng), 2, 5, 5);
        for (Bilinear block : List.of(new Bilinear(3, 4, 2, init), Bilinear.withoutBias(3, 4, 2, init))) {
            floating(
                    block,
                    new OnnxOptions()
                            .input("a", DType.FLOAT32, Shape.of(1, 3))
                            .input("b", DType.FLOAT32, Shape.of(1, 4)),
                    x -> List.of(block.forward(x.get(0), x.get(1))));
        }
    }

    private void pooling() {
        List<Window> windows = List.of(
                Window.kernel(2),
                Window.kernel(3).stride(2).padding(1),
                Window.kernel(3).stride(2).ceilMode(),
                Window.kernel(3).stride(2).padding(1).ceilMode(),
                Window.kernel(2).stride(3));
        for (Window window : windows) {
            layer(new MaxPool1d(window), 2, 10);
            layer(new MaxPool2d(window), 2, 10, 9);
            layer(new MaxPool3d(window), 2, 6, 7, 8);
            for (Padding padding : Padding.values()) {
                layer(new AvgPool1d(window, padding), 2, 10);
                layer(new AvgPool2d(window, padding), 2, 10, 9);
                layer(new AvgPool3d(window, padding), 2, 6, 7, 8);
            }
        }
        layer(new MaxPool1d(Window.kernel(3).dilation(2).stride(1).padding(1)), 2, 10);
        layer(new MaxPool2d(Window.kernel(2, 3).dilation(3, 1).stride(4, 2).ceilMode()), 2, 10, 9);
        layer(new AvgPool1d(Window.kernel(3).dilation(2).stride(2).padding(1).ceilMode()), 2, 10);
        layer(new AvgPool2d(Window.kernel(2, 3).dilation(3, 1).stride(2).padding(0, 1), Padding.EXCLUDED), 2, 10, 9);
        layer(new MaxPool2d(2), 3, 2, 8, 8);
        layer(new MaxPool1d(2), 8);
        layer(new AvgPool2d(2), 3, 2, 8, 8);
        Window beyond = Window.kernel(3).stride(2).ceilMode();
        for (double p : new double[] {1, 2, 4}) {
            layer(new LpPool1d(p, 2), 2, 10);
            layer(new LpPool2d(p, Window.kernel(3, 2).stride(2).padding(1)), 2, 10, 9);
            layer(new LpPool2d(p, beyond), 2, 10, 9);
            layer(new LpPool3d(p, Window.kernel(2).stride(2, 1, 3)), 2, 6, 7, 8);
        }
        layer(new LpPool1d(2, Window.kernel(3).dilation(2).stride(1)), 2, 10);
        layer(new Sequential(new Sigmoid(), new LpPool2d(3, 2)), 2, 10, 9);
        layer(new Sequential(new Sigmoid(), new LpPool1d(0.5, beyond)), 2, 10);
        layer(new LpPool2d(2, 2), 3, 2, 8, 8);
        layer(new AdaptiveAvgPool1d(3), 2, 9);
        layer(new AdaptiveAvgPool1d(4), 2, 9);
        layer(new AdaptiveAvgPool2d(1), 2, 5, 6);
        layer(new AdaptiveAvgPool2d(3, 4), 2, 7, 8);
        layer(new AdaptiveAvgPool3d(2, 3, 4), 2, 5, 6, 7);
        layer(new AdaptiveMaxPool1d(3), 2, 9);
        layer(new AdaptiveMaxPool1d(4), 2, 9);
        layer(new AdaptiveMaxPool2d(3, 4), 2, 7, 8);
        layer(new AdaptiveMaxPool2d(6), 2, 3, 8);
        layer(new AdaptiveMaxPool3d(2, 3, 4), 2, 4, 6, 8);
        layer(new AdaptiveAvgPool2d(2), 2, 3, 4, 6);
        layer(new GlobalAvgPool(), 3, 7);
        layer(new GlobalAvgPool(), 3, 4, 5, 2);
        layer(new GlobalMaxPool(), 3, 4, 5);
    }

    private void normalizations() {
        NormOptions plain = new NormOptions().affine(false);
        NormOptions affine = new NormOptions().affine(true).eps(1e-2);
        NormOptions untracked = new NormOptions().trackRunningStats(false);
        NormOptions tracked = new NormOptions().trackRunningStats(true);
        layer(new BatchNorm1d(3, init), 3);
        layer(new BatchNorm1d(3, affine, init), 3, 5);
        layer(new BatchNorm2d(3, init), 3, 4, 5);
        layer(new BatchNorm2d(3, plain, init), 3, 4, 5);
        layer(new BatchNorm2d(3, new NormOptions().withoutBias(), init), 3, 4, 5);
        layer(new BatchNorm2d(3, untracked, init), 3, 4, 5);
        layer(new BatchNorm2d(3, untracked.affine(false), init), 3, 4, 5);
        layer(new BatchNorm3d(3, init), 3, 2, 4, 5);
        layer(new InstanceNorm1d(3, init), 3, 5);
        layer(new InstanceNorm1d(3, affine, init), 3, 5);
        layer(new InstanceNorm2d(3, init), 3, 4, 5);
        layer(new InstanceNorm2d(3, tracked, init), 3, 4, 5);
        layer(new InstanceNorm2d(3, tracked.affine(true), init), 3, 4, 5);
        layer(new InstanceNorm3d(3, affine, init), 3, 2, 4, 5);
        layer(new GroupNorm(2, 4, init), 4);
        layer(new GroupNorm(2, 4, init), 4, 3, 5);
        layer(new GroupNorm(4, 4, plain, init), 4, 3);
        layer(new GroupNorm(1, 4, new NormOptions().withoutBias(), init), 4, 3);
        layer(new LayerNorm(6, init), 6);
        layer(new LayerNorm(Shape.of(3, 6), affine, init), 2, 3, 6);
        layer(new LayerNorm(Shape.of(6), plain, init), 4, 6);
        layer(new LayerNorm(Shape.of(6), new NormOptions().withoutBias(), init), 4, 6);
        layer(new RMSNorm(6, init), 4, 6);
        layer(new RMSNorm(Shape.of(3, 6), affine, init), 2, 3, 6);
        layer(new RMSNorm(Shape.of(6), plain, init), 6);
        layer(new LocalResponseNorm(3, 0.5, 0.75, 1), 5, 4, 3);
        layer(new LocalResponseNorm(4, 0.5, 0.75, 1.5), 5, 4, 3);
        layer(new LocalResponseNorm(2, 0.5, -0.5, 1), 5);
        layer(new LocalResponseNorm(5), 4, 3);
        layer(new LocalResponseNorm(9, 0.3, 2, 0.5), 4, 3, 2, 5);
    }

    private void shapes() {
        layer(new Flatten(), 3, 4, 5);
        layer(new Flatten(2), 3, 4, 5);
        layer(new Flatten(-2), 3, 4, 5);
        layer(new Unflatten(1, 2, -1), 6, 5);
        layer(new Unflatten(-1, 5, 1, 2), 6, 10);
        layer(new Identity(), 3);
        layer(new Dropout(rng), 3);
        layer(new Dropout1d(rng), 3, 4);
        layer(new Dropout2d(rng), 3, 4, 5);
        layer(new Dropout3d(rng), 3, 4, 5, 2);
        layer(new AlphaDropout(rng), 3);
        layer(new Residual(new Dense(4, 4, init)), 4);
        layer(new Residual(new Dense(4, 3, init), Dense.withoutBias(4, 3, init)), 4);
        layer(new PixelShuffle(2), 8, 3, 4);
        layer(new PixelShuffle(3), 2, 9, 3, 2);
        layer(new PixelUnshuffle(2), 2, 6, 4);
        layer(new PixelUnshuffle(3), 4, 2, 6, 3);
        layer(new ChannelShuffle(2), 6, 3, 4);
        layer(new ChannelShuffle(3), 6);
        layer(new Unfold(3), 2, 5, 4);
        layer(new Unfold(Window.kernel(2, 3).stride(2, 1).padding(1, 0).dilation(1, 2)), 2, 5, 6);
        layer(new Unfold(Window.kernel(2).stride(2)), 3, 7);
        layer(new Unfold(2), 2, 3, 4, 3);
        layer(new Fold(Window.kernel(3), 5, 4), 18, 6);
        layer(new Fold(Window.kernel(2, 3).stride(2, 1).padding(1, 0).dilation(1, 2), 5, 6), 12, 6);
        layer(new Fold(Window.kernel(2).stride(2), 7), 6, 3);
        layer(new Fold(Window.kernel(1).stride(2), 3), 2, 2);
        for (PadMode mode : PadMode.values()) {
            layer(new Pad(mode, 2, 1), 3, 5);
            layer(new Pad(mode, 1, 0, 2, 3), 3, 5, 4);
        }
        layer(new Pad(-1, 2, 1, -2), 3, 5, 4);
        for (Interpolation mode : Interpolation.values()) {
            layer(Upsample.by(mode, 2), 3, 4);
            layer(Upsample.by(mode, 3), 3, 4, 5);
            layer(Upsample.to(mode, 7, 3), 3, 4, 5);
            layer(Upsample.to(mode, 1), 3, 4, 5);
            layer(Upsample.by(mode, 1.7), 3, 6, 5);
            layer(Upsample.by(mode, 7.0 / 3), 3, 3, 30);
            layer(Upsample.by(mode, 2, 1, 0.5), 3, 4, 5, 6);
        }
    }

    private void embeddings() {
        indices(new Embedding(10, 4, init), 10);
        indices(new Embedding(10, 4, new EmbeddingOptions().paddingIndex(0), init), 10, 5, 2);
        Lambda remainders =
                new Lambda("remainders", x -> x.sub(7).remainder(4).sub(x.sub(7).remainder(-2)));
        indices(new Sequential(remainders, new Embedding(6, 4, init)), 12, 9);
        Lambda quotients = new Lambda(
                "quotients",
                x -> x.sub(7).floorDivide(3).sub(x.sub(6).floorDivide(-4)).add(4));
        indices(new Sequential(quotients, new Embedding(8, 4, init)), 12, 9);
        indices(new Embedding(10, 4, new EmbeddingOptions().maxNorm(0.5), init), 10, 5);
        indices(new Embedding(10, 4, new EmbeddingOptions().maxNorm(0.9).normType(1), init), 10, 5);
        for (BagMode mode : BagMode.values()) {
            indices(new EmbeddingBag(6, 3, mode, new EmbeddingOptions(), init), 6, 5);
            indices(new EmbeddingBag(3, 3, mode, new EmbeddingOptions().paddingIndex(1), init), 3, 2);
        }
        layer(new SinusoidalPositions(12, 6), 7, 6);
        layer(new LearnedPositions(12, 6, init), 2, 7, 6);
        layer(new RotaryPositions(12, 6), 2, 7, 6);
        layer(new RotaryPositions(12, 6, 100, RotaryPositions.Pairing.NEIGHBOURS), 7, 6);
    }

    private void tables() {
        Tensor numbers =
                Tensor.of(new double[][] {{1, 200, -3}, {Double.NaN, 220, 4}, {2, 250, Double.NaN}, {4, 210, 5}});
        Tensor categories = Tensor.of(new double[][] {{0, Double.NaN}, {3, 1}, {1, 0}, {2, 2}});
        Tensor all = Tensor.concat(1, numbers, categories);
        layer(Standardize.of(numbers), 3);
        layer(FillMissing.with(1, 2, 3), 3);
        table(new FillMissing(3, FillMissing.Strategy.MEDIAN).fit(numbers), numbers);
        table(new MissingIndicator(), numbers);
        table(new OneHot(4, 3), categories);
        table(new OneHot(4, 3), categories.unsqueeze(1));
        Layer vectors = new Sequential(new ToIndices(), new Embedding(4, 2, init), new Flatten(-2));
        table(vectors, categories.slice(1, 0, 1));
        Columns encoder = new Columns()
                .add(0, 3, new Sequential(new FillMissing(3), new Standardize(3)))
                .add(0, 3, new MissingIndicator())
                .add(4, 5, new OneHot(3))
                .add(3, 4, vectors)
                .fit(all);
        table(encoder, all);
        // Its parameters are FLOAT32, what the encoder has learned is FLOAT64.
        Columns floats = new Columns()
                .add(0, 3, new Sequential(new FillMissing(3), new Standardize(3)))
                .add(3, 5, new OneHot(4, 3))
                .fit(all);
        Init ofFloats = new Init(rng).dtype(DType.FLOAT32);
        table(new Sequential(floats, new Dense(10, 4, ofFloats), new ReLU()), all);
    }

    private void table(Layer model, Tensor rows) {
        OnnxOptions options = new OnnxOptions().input("rows", rows.to(DType.FLOAT32));
        add(model, options, List.of(Range.FLOATS), x -> List.of(model.forward(x.get(0))));
    }

    private void recurrent() {
        for (RecurrentOptions options : List.of(
                new RecurrentOptions(),
                new RecurrentOptions().withoutBias(),
                new RecurrentOptions().bidirectional(),
                new RecurrentOptions().layers(2).dropout(0.5, rng),
                new RecurrentOptions().layers(3).bidirectional().withoutBias())) {
            LSTM lstm = new LSTM(3, 4, options, init);
            sequences(lstm, OnnxModels::parts);
            padded(lstm, OnnxModels::parts);
            sequences(new LSTM(3, 4, options.projection(2), init), OnnxModels::parts);
            RNN rnn = new RNN(3, 4, options, init);
            sequences(rnn, state -> List.of(state.hidden()));
            padded(rnn, state -> List.of(state.hidden()));
            sequences(
                    new RNN(3, 4, options.nonlinearity(RNN.Nonlinearity.RELU), init), state -> List.of(state.hidden()));
            GRU gru = new GRU(3, 4, options, init);
            sequences(gru, state -> List.of(state.hidden()));
            padded(gru, state -> List.of(state.hidden()));
        }
        for (boolean hasState : new boolean[] {false, true}) {
            RNNCell rnn = new RNNCell(3, 4, init);
            cells(
                    rnn,
                    hasState ? 1 : 0,
                    x -> List.of((hasState ? rnn.forward(x.get(0), new RNN.State(x.get(1))) : rnn.forward(x.get(0)))
                            .hidden()));
            GRUCell gru = new GRUCell(3, 4, new RecurrentOptions().withoutBias(), init);
            cells(
                    gru,
                    hasState ? 1 : 0,
                    x -> List.of((hasState ? gru.forward(x.get(0), new GRU.State(x.get(1))) : gru.forward(x.get(0)))
                            .hidden()));
            for (RecurrentOptions options : List.of(new RecurrentOptions(), new RecurrentOptions().projection(2))) {
                LSTMCell lstm = new LSTMCell(3, 4, options, init);
                cells(lstm, hasState ? 2 : 0, x -> {
                    LSTM.State state = hasState
                            ? lstm.forward(x.get(0), new LSTM.State(x.get(1), x.get(2)))
                            : lstm.forward(x.get(0));
                    return List.of(state.hidden(), state.cell());
                });
            }
        }
    }

    private static List<Tensor> parts(LSTM.State state) {
        return List.of(state.hidden(), state.cell());
    }

    private static OnnxOptions sequence() {
        return OnnxSample.input(DType.FLOAT32, 5, 3);
    }

    private <S> void sequences(Recurrent<S> model, Function<S, List<Tensor>> parts) {
        floating(model, sequence(), x -> outputs(model.forward(x.get(0)), parts));
    }

    private <S> void padded(Recurrent<S> model, Function<S, List<Tensor>> parts) {
        add(
                model,
                sequence().input("lengths", DType.INT32, Shape.of(1)),
                List.of(Range.FLOATS, Range.lengths(0, 5)),
                x -> outputs(model.forward(x.get(0), x.get(1)), parts));
    }

    private static <S> List<Tensor> outputs(Recurrent.Output<S> output, Function<S, List<Tensor>> parts) {
        List<Tensor> outputs = new ArrayList<>(List.of(output.sequence()));
        outputs.addAll(parts.apply(output.last()));
        return outputs;
    }

    private void cells(RecurrentCell<?> model, int states, UnaryOperator<List<Tensor>> forward) {
        OnnxOptions options = OnnxSample.input(DType.FLOAT32, 3);
        int hidden = model.hiddenWeight().shape().dim(1);
        for (int k = 0; k < states; k++) {
            options = options.input("state_" + k, DType.FLOAT32, Shape.of(1, k == 0 ? hidden : 4));
        }
        floating(model, options, forward);
    }

    private void attention() {
        for (HeadOptions options : List.of(
                new HeadOptions(),
                new HeadOptions().withoutBias().dropout(0.5, rng),
                new HeadOptions().keyValueHeads(2).positions(new RotaryPositions(9, 2)),
                new HeadOptions()
                        .keyValueHeads(1)
                        .positions(new RotaryPositions(9, 2, 50, RotaryPositions.Pairing.NEIGHBOURS)))) {
            MultiHeadAttention self = new MultiHeadAttention(8, 4, options, init);
            floating(
                    self,
                    OnnxSample.input(DType.FLOAT32, 5, 8),
                    x -> List.of(self.forward(x.get(0), x.get(0), x.get(0))));
        }
        MultiHeadAttention other =
                new MultiHeadAttention(8, 2, new HeadOptions().keyDim(3).valueDim(6), init);
        floating(
                other,
                new OnnxOptions()
                        .input("query", DType.FLOAT32, Shape.of(1, 5, 8))
                        .input("key", DType.FLOAT32, Shape.of(1, 4, 3))
                        .input("value", DType.FLOAT32, Shape.of(1, 4, 6)),
                x -> List.of(other.forward(x.get(0), x.get(1), x.get(2))));
        TransformerOptions small = new TransformerOptions().feedForward(12);
        for (TransformerOptions options : List.of(
                small,
                small.normFirst(true).finalNorm(true).activation(new GELU()),
                small.withoutBias().activation(GELU.tanh()).eps(1e-3),
                small.keyValueHeads(1).positions(new RotaryPositions(9, 4)).activation(new SiLU()))) {
            layer(new TransformerEncoderLayer(8, 2, options, init), 5, 8);
            layer(new TransformerEncoder(2, 8, 2, options, init), 5, 8);
            OnnxOptions two = new OnnxOptions()
                    .input("target", DType.FLOAT32, Shape.of(1, 5, 8))
                    .input("memory", DType.FLOAT32, Shape.of(1, 6, 8));
            TransformerDecoderLayer layer = new TransformerDecoderLayer(8, 2, options, init);
            floating(layer, two, x -> List.of(layer.forward(x.get(0), x.get(1))));
            TransformerDecoder decoder = new TransformerDecoder(2, 8, 2, options, init);
            floating(decoder, two, x -> List.of(decoder.forward(x.get(0), x.get(1))));
            Transformer transformer = new Transformer(8, 2, 1, 2, options, init);
            floating(
                    transformer,
                    new OnnxOptions()
                            .input("source", DType.FLOAT32, Shape.of(1, 6, 8))
                            .input("target", DType.FLOAT32, Shape.of(1, 5, 8)),
                    x -> List.of(transformer.forward(x.get(0), x.get(1), new AttentionMask().causal())));
        }
    }

    private void composed() {
        Dense shared = new Dense(4, 4, init);
        layer(new Sequential(shared, new Tanh(), shared), 4);
        indices(
                new Sequential(
                        new Embedding(12, 8, init),
                        new LearnedPositions(9, 8, init),
                        new TransformerEncoder(
                                2,
                                8,
                                2,
                                new TransformerOptions().feedForward(16).normFirst(true),
                                init),
                        new Dense(8, 12, init)),
                12,
                7);
        Layer replaced = new Sequential(new Dense(4, 4, init), new ReLU(), new Dense(4, 4, init));
        replaced.replace(Dense.class, layer -> new Residual(layer));
        layer(replaced, 4);
        TransformerEncoder encoder = new TransformerEncoder(2, 8, 2, new TransformerOptions().feedForward(16), init);
        encoder.replace(Dense.class, dense -> new Adapted(dense, init));
        OnnxOptions adapted = OnnxSample.input(DType.FLOAT32, 5, 8);
        floating(encoder, adapted, x -> List.of(encoder.forward(x.get(0))));
        floating(encoder, adapted.layer(Adapted.class, Adapted::rule), x -> List.of(encoder.forward(x.get(0))));
        traced();
    }

    /** Blocks without a rule, which are exported as they compute. */
    private void traced() {
        Dense dense = new Dense(4, 4, init);
        layer(
                new Traced(dense, x -> {
                    Tensor y = x;
                    for (int k = 0; k < 3; k++) {
                        y = dense.forward(y).tanh().add(x.mul(0.5));
                    }
                    return Tensor.where(y.gt(0.1), y, y.abs().sqrt());
                }),
                4);
        GRU gru = new GRU(4, 5, init);
        layer(new Traced(gru, x -> gru.forward(x).last().hidden().select(0, 0).sin()), 3, 4);
        layer(
                new Traced(gru, x -> {
                    Tensor state = Tensor.full(x.dtype(), 0.3, 1, x.shape().dim(0), 5);
                    return gru.forward(x, new GRU.State(state)).sequence();
                }),
                3,
                4);
        layer(new Lambda("one-hot", x -> x.argMax(-1).oneHot(4).to(x.dtype()).mul(x.softmax(-1))), 3, 4);
        layer(
                new Lambda(
                        "shapes",
                        x -> Tensor.concat(1, x, x.flip(1).roll(2, 1))
                                .permute(0, 2, 1)
                                .tril(1)),
                3,
                4);
        layer(
                new Lambda(
                        "pairs",
                        x -> x.unsqueeze(1)
                                .sub(x.unsqueeze(2))
                                .square()
                                .sum(-1)
                                .add(1)
                                .rsqrt()),
                3,
                4);
        layer(new Lambda("tiled", x -> x.unsqueeze(1).expand(-1, 3, -1).mul(Tensor.ones(x.dtype(), 3, 1))), 4);
        layer(new Lambda("all axes", x -> x.mul(x.mean(0).flip())), 3, 4);
        layer(
                new Lambda(
                        "statistics",
                        x -> x.var(1).add(x.amax(1)).add(x.square().mean(1))),
                3,
                4);
    }

    /** A layer that computes a function with a block. */
    private static final class Traced extends Layer {
        private final UnaryOperator<Tensor> function;

        Traced(Block part, UnaryOperator<Tensor> function) {
            this.function = function;
            child("part", part);
        }

        @Override
        protected Tensor compute(Tensor x) {
            return function.apply(x);
        }
    }

    /** A dense layer with an adapter of low rank, as LoRA has. */
    static final class Adapted extends Layer {
        private final Dense base;
        private final Dense down;
        private final Dense up;

        Adapted(Dense base, Init init) {
            this.base = child("base", base);
            down = child("down", new Dense(base.weight().shape().dim(1), 2, init));
            up = child("up", new Dense(2, base.weight().shape().dim(0), init));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return base.forward(x).add(up.forward(down.forward(x)));
        }

        static OnnxValue rule(OnnxGraph graph, Adapted layer, OnnxValue x) {
            OnnxValue added = graph.layer(layer.up, graph.layer(layer.down, x));
            return graph.op("Add").of(graph.layer(layer.base, x), added);
        }
    }

    /** A block whose export rule gives its part a mask. */
    static final class Masked extends Block {
        Masked(Block part) {
            child("part", part);
        }
    }

    /** Adds a part within a block that passes the inputs and their masks to it. */
    private void masked(Block part, OnnxOptions others, List<Range> ranges, UnaryOperator<List<Tensor>> forward) {
        add(new Masked(part), others.block(Masked.class, (masked, x) -> forward.apply(x)), ranges, forward);
    }

    private void masks() {
        OnnxOptions sequence = OnnxSample.input(DType.FLOAT32, 5, 8);
        OnnxOptions padded = sequence.input("lengths", DType.INT32, Shape.of(1));
        OnnxOptions three = padded.input("memory", DType.FLOAT32, Shape.of(1, 6, 8));
        // These lengths are so short that in some sequences a query sees no key.
        List<Range> two = List.of(Range.FLOATS, Range.lengths(0, 2));
        HeadOptions grouped = new HeadOptions().keyValueHeads(2).positions(new RotaryPositions(9, 2));
        for (HeadOptions options : List.of(new HeadOptions(), grouped)) {
            MultiHeadAttention attention = new MultiHeadAttention(8, 4, options, init);
            masked(attention, padded, two, x -> List.of(attention.forward(x.get(0), keys(5, x.get(1)))));
        }
        TransformerOptions small = new TransformerOptions().feedForward(12);
        TransformerEncoder encoder = new TransformerEncoder(2, 8, 2, small, init);
        masked(
                encoder,
                sequence,
                List.of(Range.FLOATS),
                x -> List.of(encoder.forward(x.get(0), new AttentionMask().causal())));
        masked(
                encoder,
                padded,
                two,
                x -> List.of(encoder.forward(x.get(0), keys(5, x.get(1)).causal())));
        List<Range> floats = List.of(Range.FLOATS, Range.lengths(0, 5), Range.FLOATS);
        TransformerDecoder decoder = new TransformerDecoder(2, 8, 2, small, init);
        AttentionMask all = new AttentionMask();
        masked(decoder, three, floats, x -> List.of(decoder.forward(x.get(0), x.get(2), keys(5, x.get(1)), all)));
        masked(
                decoder,
                three,
                floats,
                x -> List.of(decoder.forward(x.get(0), x.get(2), all.causal(), keys(6, x.get(1)))));
        Transformer transformer = new Transformer(8, 2, 1, 2, small, init);
        masked(transformer, three, floats, x -> {
            AttentionMask real = keys(5, x.get(1));
            return List.of(transformer.forward(x.get(0), x.get(2), real, all.causal(), real));
        });
    }

    private static AttentionMask keys(int size, Tensor lengths) {
        return new AttentionMask().keys(Masks.lengths(size, lengths));
    }
}
