package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import io.adjoint.examples.TrainingsTest.ShortRun;
import io.adjoint.io.onnx.OnnxGraph;
import io.adjoint.io.onnx.OnnxOptions;
import io.adjoint.io.onnx.OnnxSample;
import io.adjoint.io.onnx.OnnxSample.Range;
import io.adjoint.io.onnx.OnnxValue;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Padded;
import java.util.ArrayList;
import java.util.List;

/** The models of all examples after an epoch, with the rules by which they are exported. */
final class OnnxExports {
    /** The length of padded texts in a file. */
    private static final int LONGEST = 20;
    /** The length of a date such as 2024-02-29. */
    private static final int ISO = 10;

    private static final OnnxOptions TEXT = text(LONGEST);
    private static final OnnxOptions PADDED = TEXT.input("lengths", DType.INT32, Shape.of(1));

    private OnnxExports() {}

    static List<OnnxSample> all() throws Exception {
        List<OnnxSample> samples = new ArrayList<>();
        Xor xor = new Xor();
        Printed.by(() -> xor.run(new CheckpointOptions()));
        samples.add(plain("XOR", xor.network, 2));
        samples.add(plain("DIGITS", trained(new Digits(new Digits.Options())), 64));
        for (ShortRun run : ShortRun.values()) {
            samples.addAll(samples(run, trained(run.start())));
        }
        return samples;
    }

    private static Block trained(Training training) {
        training.trainUntil(1);
        return training.parts().model();
    }

    private static List<OnnxSample> samples(ShortRun run, Block model) {
        String name = run.name();
        return switch (run) {
            case CNN -> List.of(plain(name, model, 64));
            case FASHION -> List.of(plain(name, model, 1, 28, 28));
            case NAMES, NAMES_TRANSFORMER -> List.of(names(name, (Layer) model));
            case OSCILLATOR -> List.of(plain(name, model, 1));
            case PACKAGES, PACKAGES_TRANSFORMER -> List.of(packages(name, (TextClassifier) model));
            case SPARSE -> List.of(sparse(name, (Sparse.Functions) model));
            case TRANSLATE -> List.of(encoder(name, (Translator) model), decoder(name, (Translator) model));
            case VOWELS -> List.of(plain(name, model, 9));
            case WEATHER -> List.of(weather(name, (Weather.Forecast) model));
        };
    }

    private static OnnxSample plain(String name, Block model, int... sample) {
        return OnnxSample.of(name, (Layer) model, OnnxSample.input(DType.FLOAT32, sample), Range.FLOATS);
    }

    private static OnnxSample weather(String name, Weather.Forecast model) {
        OnnxOptions options = OnnxSample.input(DType.FLOAT32, 14, 6)
                .layer(Weather.Forecast.class, (g, forecast, days) -> {
                    OnnxValue hidden = g.block(forecast.memory, days).get(1);
                    OnnxValue last = g.reshape(hidden, OnnxValue.BATCH, hidden.dim(2));
                    return g.reshape(g.layer(forecast.output, last), OnnxValue.BATCH);
                });
        return OnnxSample.of(name, model, options, Range.FLOATS);
    }

    /** The example Sparse, with an output for each kind of penalty. */
    private static OnnxSample sparse(String name, Sparse.Functions model) {
        OnnxOptions options = OnnxSample.input(DType.FLOAT32, 40)
                .block(
                        Sparse.Functions.class,
                        (g, functions, x) -> layers(functions).stream()
                                .map(function -> g.layer(function, x.get(0)))
                                .toList(),
                        OnnxExports::sparse);
        return new OnnxSample(name, model, options, List.of(Range.FLOATS), x -> sparse(model, x));
    }

    private static List<Tensor> sparse(Sparse.Functions model, List<Tensor> x) {
        return layers(model).stream()
                .map(function -> function.forward(x.get(0)))
                .toList();
    }

    private static List<Layer> layers(Block model) {
        return model.children().values().stream().map(Layer.class::cast).toList();
    }

    // ---- letters ----

    private static OnnxOptions text(int length) {
        return OnnxSample.input(DType.INT32, length).layer(Letters.class, (g, letters, x) -> {
            OnnxValue vectors = g.layer(letters.positions, g.layer(letters.embedding, x));
            return g.op("Mul").of(vectors, g.constant(Letters.SCALE));
        });
    }

    /** The first parameter of each model is its table of letters. */
    private static Range letters(Block model) {
        return Range.indices(model.parameters().get(0).shape().dim(0));
    }

    private static OnnxSample names(String name, Layer model) {
        OnnxOptions options = TEXT.layer(NextLetter.Recurrent.class, (g, network, text) -> {
                    OnnxValue features = g.layer(network.embedding, text);
                    return g.layer(
                            network.output, g.block(network.lstm, features).get(0));
                })
                .layer(NextLetter.Attentive.class, (g, network, text) -> {
                    OnnxValue features = g.layer(network.letters, text);
                    return g.layer(network.output, g.causal().layer(network.encoder, features));
                });
        return OnnxSample.of(name, model, options, letters(model));
    }

    private static OnnxSample packages(String name, TextClassifier model) {
        OnnxOptions options = PADDED.block(
                        TextClassifier.Recurrent.class,
                        (g, classifier, inputs) -> {
                            OnnxValue features = g.layer(classifier.embedding, inputs.get(0));
                            OnnxValue states = g.block(classifier.gru, features, inputs.get(1))
                                    .get(0);
                            OnnxValue real = g.op("Where")
                                    .to(
                                            states.dims(),
                                            column(g, inputs.get(1)),
                                            states,
                                            g.constant(Double.NEGATIVE_INFINITY));
                            OnnxValue largest = g.op("ReduceMax")
                                    .integers("axes", 1)
                                    .integer("keepdims", 0)
                                    .to(new int[] {OnnxValue.BATCH, states.dim(2)}, real);
                            return List.of(g.layer(classifier.output, largest));
                        },
                        OnnxExports::classified)
                .block(
                        TextClassifier.Attentive.class,
                        (g, classifier, inputs) -> {
                            OnnxValue features = g.layer(classifier.letters, inputs.get(0));
                            OnnxValue states =
                                    g.keys(g.lengths(LONGEST, inputs.get(1))).layer(classifier.encoder, features);
                            OnnxValue column = column(g, inputs.get(1));
                            OnnxValue real = g.op("Where").to(column.dims(), column, g.constant(1), g.constant(0));
                            OnnxValue sum = sum(g, g.op("Mul").of(states, real));
                            return List.of(
                                    g.layer(classifier.output, g.op("Div").of(sum, sum(g, real))));
                        },
                        OnnxExports::classified);
        return new OnnxSample(
                name, model, options, List.of(letters(model), Range.lengths(1, LONGEST)), x -> classified(model, x));
    }

    private static List<Tensor> classified(TextClassifier model, List<Tensor> x) {
        return List.of(model.forward(new Padded(x.get(0), x.get(1))));
    }

    /** True for the letters that aren't padding, {@code [N, T, 1]}. */
    private static OnnxValue column(OnnxGraph g, OnnxValue lengths) {
        return g.reshape(g.lengths(LONGEST, lengths), OnnxValue.BATCH, LONGEST, 1);
    }

    /** The sum over time, {@code [N, features]}. */
    private static OnnxValue sum(OnnxGraph g, OnnxValue x) {
        return g.op("ReduceSum").integer("keepdims", 0).to(new int[] {OnnxValue.BATCH, x.dim(2)}, x, g.integers(1));
    }

    // ---- a model in two files: what is computed once for a text, and what is for each letter ----

    private static OnnxSample encoder(String name, Translator model) {
        OnnxOptions options = PADDED.output("memory")
                .block(
                        Translator.class,
                        (g, translator, inputs) -> {
                            OnnxValue real = g.lengths(LONGEST, inputs.get(1));
                            return List.of(
                                    g.keys(real).layer(translator.encoder, g.layer(translator.source, inputs.get(0))));
                        },
                        OnnxExports::encoded);
        return new OnnxSample(
                name + "_ENCODER",
                model,
                options,
                List.of(letters(model), Range.lengths(1, LONGEST)),
                x -> encoded(model, x));
    }

    private static List<Tensor> encoded(Translator model, List<Tensor> x) {
        return List.of(model.encode(new Padded(x.get(0), x.get(1))).values());
    }

    private static OnnxSample decoder(String name, Translator model) {
        int width = model.target.embedding.weight().shape().dim(1);
        OnnxOptions options = text(ISO)
                .input("memory", DType.FLOAT32, Shape.of(1, LONGEST, width))
                .input("lengths", DType.INT32, Shape.of(1))
                .output("logits")
                .block(
                        Translator.class,
                        (g, translator, inputs) -> {
                            OnnxValue real = g.lengths(LONGEST, inputs.get(2));
                            OnnxValue features = g.layer(translator.target, inputs.get(0));
                            OnnxGraph masked = g.causal().memoryKeys(real);
                            return List.of(g.layer(
                                    translator.output,
                                    masked.block(translator.decoder, features, inputs.get(1))
                                            .get(0)));
                        },
                        OnnxExports::decoded);
        return new OnnxSample(
                name + "_DECODER",
                model,
                options,
                List.of(letters(model.target), Range.FLOATS, Range.lengths(1, LONGEST)),
                x -> decoded(model, x));
    }

    private static List<Tensor> decoded(Translator model, List<Tensor> x) {
        AttentionMask real = new AttentionMask().keys(new Padded(x.get(1), x.get(2)).mask());
        return List.of(model.decode(new Translator.Memory(x.get(1), real), x.get(0)));
    }
}
