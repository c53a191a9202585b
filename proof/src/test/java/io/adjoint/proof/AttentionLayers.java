package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.layer.HeadOptions;
import io.adjoint.nn.layer.MultiHeadAttention;
import io.adjoint.testkit.LayerSpec;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Rows of attention and transformers. */
final class AttentionLayers {
    static final List<LayerCatalogue.Row> ROWS = List.of(row(
            MultiHeadAttention.class,
            init -> new MultiHeadAttention(4, 2, new HeadOptions().keyValueHeads(1), init),
            (attention, x) -> attention.forwardWithWeights(x[0], x[1], x[1], new AttentionMask().causal()),
            "(n,l,4),(n,s,4)",
            AttentionLayers::attention,
            AttentionLayers::attend));

    private AttentionLayers() {}

    /** What a golden row's arguments do with its inputs. */
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

    /** The mask of the kinds that a row names, whose tensors are the inputs from an index on. */
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

    private static MultiHeadAttention attention(Init init, Arguments a) {
        HeadOptions options = new HeadOptions().bias(LayerCatalogue.hasBias(a));
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
