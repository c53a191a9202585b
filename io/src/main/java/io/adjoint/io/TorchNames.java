package io.adjoint.io;

import io.adjoint.nn.Block;
import io.adjoint.nn.layer.ChannelNorm;
import io.adjoint.nn.layer.Recurrent;
import io.adjoint.nn.layer.RecurrentCell;
import io.adjoint.nn.layer.SpectralNorm;
import io.adjoint.nn.layer.WeightNorm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's names of a model's arrays, in PyTorch's order. They are Adjoint's paths in snake case, except for the names of some blocks'
 * parameters, buffers and children, which this class lists. The arrays' layouts are the same in both libraries, so only names are
 * translated.
 */
final class TorchNames {
    /**
     * An array of the model.
     *
     * @param name PyTorch's name of the array
     * @param older the names that older versions of PyTorch used, which are also read
     * @param path Adjoint's path; null if only PyTorch has this array
     */
    record Entry(String name, List<String> older, @Nullable String path) {}

    /** A parameter, buffer or child of a type of block, and its names in PyTorch, the current name first. */
    private record Part(Class<? extends Block> type, String name, List<String> names) {
        private Part(Class<? extends Block> type, String name, String... names) {
            this(type, name, List.of(names));
        }
    }

    private static final String COUNT = "num_batches_tracked";

    private static final List<Part> PARTS = List.of(
            new Part(ChannelNorm.class, "runningVariance", "running_var"),
            new Part(ChannelNorm.class, "batchesTracked", COUNT),
            new Part(RecurrentCell.class, "inputWeight", "weight_ih"),
            new Part(RecurrentCell.class, "hiddenWeight", "weight_hh"),
            new Part(RecurrentCell.class, "inputBias", "bias_ih"),
            new Part(RecurrentCell.class, "hiddenBias", "bias_hh"),
            new Part(RecurrentCell.class, "projectionWeight", "weight_hr"),
            new Part(WeightNorm.class, "magnitude", "parametrizations.weight.original0", "weight_g"),
            new Part(WeightNorm.class, "direction", "parametrizations.weight.original1", "weight_v"),
            new Part(SpectralNorm.class, "weight", "parametrizations.weight.original", "weight_orig"),
            new Part(SpectralNorm.class, "u", "parametrizations.weight.0._u", "weight_u"),
            new Part(SpectralNorm.class, "v", "parametrizations.weight.0._v", "weight_v"));

    private final List<Entry> entries = new ArrayList<>();

    private TorchNames() {}

    /** The arrays of a model, with their names in PyTorch, in PyTorch's order. */
    static List<Entry> of(Block model) {
        TorchNames names = new TorchNames();
        Map<String, Block> blocks = model.namedBlocks();
        Map<String, Affixes> affixes = new HashMap<>();
        blocks.forEach((path, block) -> {
            Affixes around = new Affixes("", "");
            if (!path.isEmpty()) {
                int dot = path.lastIndexOf('.');
                String owner = path.substring(0, Math.max(dot, 0));
                around = Objects.requireNonNull(affixes.get(owner))
                        .ofChild(Objects.requireNonNull(blocks.get(owner)), path.substring(dot + 1));
            }
            affixes.put(path, around);
            names.add(block, path.isEmpty() ? "" : path + ".", around);
        });
        return names.entries;
    }

    /** The prefix and suffix of PyTorch's names of a block's arrays. */
    private record Affixes(String prefix, String suffix) {
        Affixes ofChild(Block owner, String name) {
            String torch = partOf(owner, name).get(0);
            // In PyTorch the cells of recurrent networks are not modules; the names of their parameters end with the
            // index of the layer, as in weight_ih_l0.
            return owner instanceof Recurrent
                    ? new Affixes(prefix, "_" + torch)
                    : new Affixes(prefix + torch + ".", "");
        }
    }

    /** Adds the entries of a block's own arrays, without the arrays of its children; {@code path} is the prefix of the arrays' paths. */
    private void add(Block block, String path, Affixes around) {
        Set<String> own = ownArrays(block);
        for (String name : own) {
            List<String> names = partOf(block, name).stream()
                    .map(torch -> around.prefix() + torch + around.suffix())
                    .toList();
            entries.add(new Entry(names.get(0), names.subList(1, names.size()), path + name));
        }
        if (block instanceof ChannelNorm && own.contains("runningMean") && !own.contains("batchesTracked")) {
            // PyTorch's normalization counts the batches for every momentum, Adjoint's layer only for some values of
            // the momentum. If Adjoint's layer has no count, the entry has no path.
            entries.add(new Entry(around.prefix() + COUNT, List.of(), null));
        }
    }

    /** The names of the block's own parameters and buffers, without its children's. */
    private static Set<String> ownArrays(Block block) {
        Set<String> names = new LinkedHashSet<>(block.namedParameters().keySet());
        names.addAll(block.namedBuffers().keySet());
        names.removeIf(name -> name.indexOf('.') >= 0);
        return names;
    }

    private static List<String> partOf(Block block, String name) {
        return PARTS.stream()
                .filter(part -> part.type().isInstance(block) && part.name().equals(name))
                .map(Part::names)
                .findFirst()
                .orElseGet(() -> List.of(inSnakeCase(name)));
    }

    /**
     * Converts {@code selfAttn} to {@code self_attn}; names that are not in lower camel case, such as {@code Mixed_5b} and
     * {@code AuxLogits}, are unchanged.
     */
    private static String inSnakeCase(String name) {
        return name.matches("[a-z][a-zA-Z0-9]*")
                ? name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT)
                : name;
    }
}
