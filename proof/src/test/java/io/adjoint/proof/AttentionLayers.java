package io.adjoint.proof;

import static io.adjoint.proof.LayerCatalogue.hasBias;
import static io.adjoint.proof.LayerCatalogue.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.GELU;
import io.adjoint.nn.layer.HeadOptions;
import io.adjoint.nn.layer.LearnedPositions;
import io.adjoint.nn.layer.MultiHeadAttention;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.RotaryPositions;
import io.adjoint.nn.layer.SinusoidalPositions;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.layer.Transformer;
import io.adjoint.nn.layer.TransformerDecoder;
import io.adjoint.nn.layer.TransformerDecoderLayer;
import io.adjoint.nn.layer.TransformerEncoder;
import io.adjoint.nn.layer.TransformerEncoderLayer;
import io.adjoint.nn.layer.TransformerOptions;
import io.adjoint.testkit.LayerSpec;
import io.adjoint.testkit.OperationCheck;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The rows of {@link LayerCatalogue} for attention and transformers. */
final class AttentionLayers {
    private static final AttentionMask CAUSAL = new AttentionMask().causal();
    /**
     * Options with a large ε: with a small ε, normalizations of nearly equal elements have slopes that finite differences can't follow.
     */
    private static final TransformerOptions SMALL = new TransformerOptions()
            .feedForward(2)
            .dropout(0)
            .activation(new Tanh())
            .eps(0.5);

    static final List<LayerCatalogue.Row> ROWS = List.of(
            row(
                    MultiHeadAttention.class,
                    init -> new MultiHeadAttention(4, 2, new HeadOptions().keyValueHeads(1), init),
                    (attention, x) -> attention.forwardWithWeights(x[0], x[1], x[1], CAUSAL),
                    "(n,l,4),(n,s,4)",
                    AttentionLayers::attention,
                    AttentionLayers::attend),
            masked(row(
                    MultiHeadAttention.class,
                    init -> new MultiHeadAttention(2, 1, new HeadOptions(), init),
                    (attention, x) -> attention.forward(x[0], x[1], x[1], new AttentionMask().keys(x[2])),
                    "(n,l,2),(n,s,2),(n,s)->(n,l,2)",
                    AttentionLayers::attention,
                    AttentionLayers::attend)),
            row(
                    TransformerEncoderLayer.class,
                    init -> new TransformerEncoderLayer(2, 1, SMALL, init),
                    (layer, x) -> layer.forward(x[0], CAUSAL),
                    "(n,l,2)->(n,l,2)",
                    (init, a) -> new TransformerEncoderLayer(a.integer("embedding", 6), 2, options(a), init),
                    (layer, a, x) -> layer.forward(x[0], mask(a, "masks", 1, x))),
            row(
                    TransformerDecoderLayer.class,
                    init -> new TransformerDecoderLayer(2, 1, SMALL.normFirst(true), init),
                    (layer, x) -> layer.forward(x[0], x[1]),
                    "(n,l,2),(n,s,2)->(n,l,2)",
                    (init, a) -> new TransformerDecoderLayer(a.integer("embedding", 6), 2, options(a), init),
                    (layer, a, x) -> layer.forward(x[0], x[1], mask(a, "masks", 2, x), memoryMask(a, x))),
            row(
                    TransformerDecoderLayer.class,
                    init -> new TransformerDecoderLayer(
                            4, 2, SMALL.keyValueHeads(1).positions(new RotaryPositions(99, 2)), init),
                    (layer, x) -> layer.forward(x[0], x[1]),
                    "(n,l,4),(n,s,4)->(n,l,4)",
                    (init, a) -> new TransformerDecoderLayer(6, 2, options(a), init),
                    (layer, a, x) -> layer.forward(x[0], x[1])),
            row(
                    TransformerEncoder.class,
                    init -> new TransformerEncoder(1, 2, 1, SMALL.finalNorm(true), init),
                    (encoder, x) -> encoder.forward(x[0], CAUSAL),
                    "(n,l,2)->(n,l,2)",
                    (init, a) -> new TransformerEncoder(a.integer("layers"), 6, 2, options(a), init),
                    (encoder, a, x) -> encoder.forward(x[0], mask(a, "masks", 1, x))),
            // The decoder and the transformer are checked to order 1 only, and without equal parameters, since complete
            // checks would take more than a minute. Their layers, and the encoder, are checked completely.
            onceDifferentiable(row(
                    TransformerDecoder.class,
                    init -> new TransformerDecoder(1, 2, 1, SMALL, init),
                    (decoder, x) -> decoder.forward(x[0], x[1], CAUSAL, CAUSAL),
                    "(n,l,2),(n,s,2)->(n,l,2)",
                    (init, a) -> new TransformerDecoder(a.integer("layers"), 6, 2, options(a), init),
                    (decoder, a, x) -> decoder.forward(x[0], x[1], mask(a, "masks", 2, x), memoryMask(a, x)))),
            onceDifferentiable(row(
                    Transformer.class,
                    init -> new Transformer(2, 1, 1, 1, SMALL, init),
                    (transformer, x) -> transformer.forward(x[0], x[1], CAUSAL),
                    "(n,s,2),(n,t,2)->(n,t,2)",
                    (init, a) -> new Transformer(
                            6, 2, a.integer("encoderLayers"), a.integer("decoderLayers"), options(a), init),
                    (transformer, a, x) -> {
                        AttentionMask real = new AttentionMask().keys(x[2]);
                        return transformer.forward(x[0], x[1], real, CAUSAL, real);
                    })),
            layer(
                    SinusoidalPositions.class,
                    init -> new SinusoidalPositions(1000, 3),
                    "(...,l,3)->(...,l,3)",
                    (init, a) -> new SinusoidalPositions(a.integer("length"), a.integer("embedding"))),
            layer(
                    LearnedPositions.class,
                    init -> new LearnedPositions(5, 2, init),
                    "(...,4,2)->(...,4,2)",
                    (init, a) -> new LearnedPositions(a.integer("length"), a.integer("embedding"), init)),
            layer(
                    RotaryPositions.class,
                    init -> new RotaryPositions(1000, 4),
                    "(...,l,4)->(...,l,4)",
                    (init, a) -> new RotaryPositions(
                            a.integer("length"),
                            a.integer("embedding"),
                            a.number("base"),
                            RotaryPositions.Pairing.valueOf(a.text("pairing")))));

    private AttentionLayers() {}

    private static LayerCatalogue.Row onceDifferentiable(LayerCatalogue.Row row) {
        LayerSpec spec = row.spec().order(1).except(OperationCheck.SAME_TENSOR);
        return new LayerCatalogue.Row(row.type(), spec, row.golden());
    }

    private static LayerCatalogue.Row masked(LayerCatalogue.Row row) {
        Values any = Values.between(-2, 2);
        return new LayerCatalogue.Row(row.type(), row.spec().within(any, any, Values.booleans()), row.golden());
    }

    /** Runs the forward pass of a golden row by the row's arguments. */
    private interface Run<B> {
        Object forward(B block, Arguments a, Tensor... inputs);
    }

    private static <B extends Block> LayerCatalogue.Row row(
            Class<B> type,
            Function<Init, B> factory,
            BiFunction<B, Tensor[], Object> forward,
            String shapes,
            BiFunction<Init, Arguments, B> golden,
            Run<B> run) {
        String name = type.getSimpleName();
        return new LayerCatalogue.Row(
                type,
                LayerSpec.of(name, factory, forward).shapes(shapes).order(2),
                a -> LayerSpec.of(
                        name, init -> golden.apply(init, a), (B block, Tensor[] x) -> run.forward(block, a, x)));
    }

    /** The mask of the kinds that a golden row lists; the tensors of the kinds are the inputs from the index {@code from} on. */
    private static AttentionMask mask(Arguments a, String name, int from, Tensor... inputs) {
        AttentionMask mask = new AttentionMask();
        int at = from;
        for (String kind : a.texts(name)) {
            mask = switch (kind) {
                case "causal" -> mask.causal();
                case "keys" -> mask.keys(inputs[at++]);
                case "bias" -> mask.bias(inputs[at++]);
                default -> mask.visible(inputs[at++]);
            };
        }
        return mask;
    }

    /** The mask of the decoder's memory; its tensors are the last inputs. */
    private static AttentionMask memoryMask(Arguments a, Tensor... inputs) {
        return mask(a, "memoryMasks", inputs.length - a.texts("memoryMasks").size(), inputs);
    }

    private static TransformerOptions options(Arguments a) {
        Layer activation = switch (a.has("activation") ? a.text("activation") : "relu") {
            case "gelu" -> new GELU();
            case "tanh" -> new Tanh();
            default -> new ReLU();
        };
        TransformerOptions options = new TransformerOptions()
                .feedForward(5)
                .dropout(0)
                .activation(activation)
                .normFirst(a.flag("normFirst"))
                .eps(a.number("eps", 1e-5))
                .finalNorm(a.flag("finalNorm"));
        options = a.has("keyValueHeads") ? options.keyValueHeads(a.integer("keyValueHeads")) : options;
        options =
                a.has("rotaryLength") ? options.positions(new RotaryPositions(a.integer("rotaryLength"), 4)) : options;
        return hasBias(a) ? options : options.withoutBias();
    }

    private static MultiHeadAttention attention(Init init, Arguments a) {
        HeadOptions options = new HeadOptions();
        options = hasBias(a) ? options : options.withoutBias();
        if (a.has("keyDim")) {
            options = options.keyDim(a.integer("keyDim"));
        }
        if (a.has("valueDim")) {
            options = options.valueDim(a.integer("valueDim"));
        }
        if (a.has("keyValueHeads")) {
            options = options.keyValueHeads(a.integer("keyValueHeads"));
        }
        return new MultiHeadAttention(a.integer("embedding"), a.integer("heads"), options, init);
    }

    private static Object attend(MultiHeadAttention attention, Arguments a, Tensor... x) {
        int given = a.integer("given");
        AttentionMask mask = mask(a, "masks", given, x);
        Tensor key = x[given == 1 ? 0 : 1];
        Tensor value = x[given == 1 ? 0 : 2];
        return a.flag("weights")
                ? attention.forwardWithWeights(x[0], key, value, mask)
                : attention.forward(x[0], key, value, mask);
    }
}
