package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import io.adjoint.examples.TrainingsTest.ShortRun;
import io.adjoint.io.onnx.OnnxOptions;
import io.adjoint.io.onnx.OnnxSample;
import io.adjoint.io.onnx.OnnxSample.Range;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Padded;
import java.util.ArrayList;
import java.util.List;

/** The models of all examples after an epoch, with the inputs by which they are exported. */
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
            case NAMES, NAMES_TRANSFORMER -> List.of(OnnxSample.of(name, (Layer) model, TEXT, letters(model)));
            case OSCILLATOR -> List.of(plain(name, model, 1));
            case PACKAGES, PACKAGES_TRANSFORMER -> List.of(packages(name, (TextClassifier) model));
            case PREDATOR_PREY -> List.of(); // its rates are numbers, without an input
            case SPARSE -> List.of(sparse(name, (Sparse.Functions) model));
            case SPIRAL -> List.of(plain(name, model, 2));
            case TRANSLATE -> List.of(encoder(name, (Translator) model), decoder(name, (Translator) model));
            case UNCERTAINTY -> List.of(plain(name, model, 1, 6));
            case VARIATIONAL_AUTOENCODER -> List.of(plain(name, model, 64));
            case VOWELS -> List.of(plain(name, model, 9));
            case WEATHER -> List.of(plain(name, model, 14, 6));
        };
    }

    private static OnnxSample plain(String name, Block model, int... sample) {
        return OnnxSample.of(name, (Layer) model, OnnxSample.input(DType.FLOAT32, sample), Range.FLOATS);
    }

    /** The example Sparse, with an output for each kind of penalty. */
    private static OnnxSample sparse(String name, Sparse.Functions model) {
        OnnxOptions options = OnnxSample.input(DType.FLOAT32, 40)
                .block(Sparse.Functions.class, (functions, x) -> sparse(functions, x));
        return new OnnxSample(name, model, options, List.of(Range.FLOATS), x -> sparse(model, x));
    }

    private static List<Tensor> sparse(Sparse.Functions model, List<Tensor> x) {
        return model.children().values().stream()
                .map(function -> ((Layer) function).forward(x.get(0)))
                .toList();
    }

    // ---- letters ----

    private static OnnxOptions text(int length) {
        return OnnxSample.input(DType.INT32, length);
    }

    /** The first parameter of each model is its table of letters. */
    private static Range letters(Block model) {
        return Range.indices(model.parameters().get(0).shape().dim(0));
    }

    private static OnnxSample packages(String name, TextClassifier model) {
        return new OnnxSample(
                name,
                model,
                PADDED.block(TextClassifier.class, OnnxExports::classified),
                List.of(letters(model), Range.lengths(1, LONGEST)),
                x -> classified(model, x));
    }

    private static List<Tensor> classified(TextClassifier model, List<Tensor> x) {
        return List.of(model.forward(new Padded(x.get(0), x.get(1))));
    }

    // ---- a model in two files: what is computed once for a text, and what is for each letter ----

    private static OnnxSample encoder(String name, Translator model) {
        return new OnnxSample(
                name + "_ENCODER",
                model,
                PADDED.output("memory").block(Translator.class, OnnxExports::encoded),
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
                .block(Translator.class, OnnxExports::decoded);
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
