package io.adjoint.autograd;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Places boxes in layers, inputs above what is computed from them and as near to it as they can be. Within a layer they stand where
 * few lines cross, and as straight above each other as there is room.
 */
final class GraphLayout {
    /** A box of the picture, or a place where a line passes through a layer. */
    static final class Box {
        final double width;
        double height;
        /** The coordinates of the centre. */
        double x;

        double y;

        private final boolean passes;
        private Box source = this;
        private int layer;
        private double rank;
        /** The neighbours in the layer above and in that below. */
        private final List<Box> above = new ArrayList<>();

        private final List<Box> below = new ArrayList<>();

        Box(double width, double height) {
            this(width, height, false);
        }

        private Box(double width, double height, boolean passes) {
            this.width = width;
            this.height = height;
            this.passes = passes;
        }

        boolean isPassage() {
            return passes;
        }

        /** The box from which the passing line comes, or this box itself. */
        Box source() {
            return source;
        }

        List<Box> below() {
            return below;
        }

        private List<Box> neighbours(boolean upwards) {
            return upwards ? above : below;
        }
    }

    private static final double GAP = 22;
    private static final double LAYER_GAP = 38;
    private static final double PASSAGE_WIDTH = 6;
    private static final int SWEEPS = 12;
    private static final int ACROSS_SWEEPS = 24;

    private final List<List<Box>> layers = new ArrayList<>();
    private final List<Box> boxes = new ArrayList<>();

    /**
     * @param inputs for each box the boxes that it is computed from, all of them before it in the list; the last box is the root
     */
    GraphLayout(List<Box> given, Map<Box, List<Box>> inputs) {
        boxes.addAll(given);
        Map<Box, List<Box>> users = new HashMap<>();
        for (int k = given.size() - 1; k >= 0; k--) {
            Box user = given.get(k);
            for (Box input : inputs.getOrDefault(user, List.of())) {
                input.layer = Math.max(input.layer, user.layer + 1);
                users.computeIfAbsent(input, key -> new ArrayList<>()).add(user);
            }
        }
        for (Box box : given) {
            connect(box, users.getOrDefault(box, List.of()));
        }
        for (Box box : boxes) {
            while (layers.size() <= box.layer) {
                layers.add(new ArrayList<>());
            }
            layers.get(box.layer).add(box);
        }
        order();
        placeAcross();
        placeDown();
    }

    /** The boxes, then the passages. */
    List<Box> boxes() {
        return boxes;
    }

    /** One line goes down to all users, and branches off where it passes them. */
    private void connect(Box source, List<Box> users) {
        int last = users.stream().mapToInt(user -> user.layer).min().orElse(source.layer);
        Box current = source;
        for (int layer = source.layer - 1; layer >= last; layer--) {
            Box from = current;
            int here = layer;
            users.stream().filter(user -> user.layer == here).distinct().forEach(user -> link(from, user));
            if (layer > last) {
                Box passage = new Box(PASSAGE_WIDTH, 0, true);
                passage.layer = layer;
                passage.source = source;
                boxes.add(passage);
                link(current, passage);
                current = passage;
            }
        }
    }

    private static void link(Box upper, Box lower) {
        upper.below.add(lower);
        lower.above.add(upper);
    }

    // ---- the order within layers ----

    private void order() {
        // From the root up, each layer in the order of those below.
        rank();
        for (int k = 1; k < layers.size(); k++) {
            sort(layers.get(k), false);
        }
        List<List<Box>> best = copy();
        long fewest = crossings();
        for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
            boolean upwards = sweep % 2 == 0;
            for (int k = 0; k < layers.size(); k++) {
                sort(layers.get(upwards ? layers.size() - 1 - k : k), upwards);
            }
            long now = crossings();
            if (now < fewest) {
                fewest = now;
                best = copy();
            }
        }
        layers.clear();
        layers.addAll(best);
        rank();
    }

    private List<List<Box>> copy() {
        List<List<Box>> copy = new ArrayList<>();
        layers.forEach(layer -> copy.add(new ArrayList<>(layer)));
        return copy;
    }

    private void rank() {
        layers.forEach(GraphLayout::rank);
    }

    private static void rank(List<Box> layer) {
        for (int k = 0; k < layer.size(); k++) {
            layer.get(k).rank = k;
        }
    }

    private static void sort(List<Box> layer, boolean upwards) {
        Map<Box, Double> wanted = new HashMap<>();
        for (Box box : layer) {
            wanted.put(
                    box,
                    box.neighbours(upwards).stream()
                            .mapToDouble(neighbour -> neighbour.rank)
                            .average()
                            .orElse(box.rank));
        }
        layer.sort(Comparator.comparingDouble(wanted::get));
        rank(layer);
    }

    private long crossings() {
        long count = 0;
        for (List<Box> layer : layers) {
            for (int a = 0; a < layer.size(); a++) {
                for (int b = a + 1; b < layer.size(); b++) {
                    count += crossings(layer.get(a), layer.get(b));
                }
            }
        }
        return count;
    }

    private static long crossings(Box left, Box right) {
        return left.above.stream()
                .mapToLong(
                        a -> right.above.stream().filter(b -> b.rank < a.rank).count())
                .sum();
    }

    // ---- coordinates ----

    private void placeAcross() {
        for (List<Box> layer : layers) {
            pack(layer, layer.stream().map(box -> 0.0).toList());
        }
        for (int sweep = 0; sweep < ACROSS_SWEEPS; sweep++) {
            boolean upwards = sweep % 2 == 0;
            for (int k = 0; k < layers.size(); k++) {
                List<Box> layer = layers.get(upwards ? layers.size() - 1 - k : k);
                pack(layer, layer.stream().map(GraphLayout::wanted).toList());
            }
        }
        double left =
                boxes.stream().mapToDouble(box -> box.x - box.width / 2).min().orElse(0);
        boxes.forEach(box -> box.x -= left);
    }

    /** Among all neighbours. */
    private static double wanted(Box box) {
        double sum = 0;
        for (Box neighbour : box.above) {
            sum += neighbour.x;
        }
        for (Box neighbour : box.below) {
            sum += neighbour.x;
        }
        int count = box.above.size() + box.below.size();
        return count == 0 ? box.x : sum / count;
    }

    /** Boxes that stand side by side, and where their left end is best. */
    private record Block(double weight, double best, int count) {
        Block with(Block next) {
            double both = weight + next.weight;
            return new Block(both, (weight * best + next.weight * next.best) / both, count + next.count);
        }
    }

    /** The nearest places to those wanted that keep the order and the gaps: neighbours that press on each other become one block. */
    private static void pack(List<Box> layer, List<Double> wanted) {
        List<Block> blocks = new ArrayList<>();
        double[] offsets = new double[layer.size()];
        for (int k = 0; k < offsets.length; k++) {
            offsets[k] = k == 0 ? 0 : offsets[k - 1] + (layer.get(k - 1).width + layer.get(k).width) / 2 + GAP;
            blocks.add(new Block(layer.get(k).passes ? 3 : 1, wanted.get(k) - offsets[k], 1));
            while (blocks.size() > 1 && blocks.get(blocks.size() - 2).best >= blocks.get(blocks.size() - 1).best) {
                Block last = blocks.remove(blocks.size() - 1);
                blocks.set(blocks.size() - 1, blocks.get(blocks.size() - 1).with(last));
            }
        }
        int at = 0;
        for (Block block : blocks) {
            for (int k = 0; k < block.count; k++, at++) {
                layer.get(at).x = block.best + offsets[at];
            }
        }
    }

    private void placeDown() {
        double top = 0;
        for (int k = layers.size() - 1; k >= 0; k--) {
            double height =
                    layers.get(k).stream().mapToDouble(box -> box.height).max().orElse(0);
            for (Box box : layers.get(k)) {
                box.y = top + height / 2;
                if (box.passes) {
                    box.height = height;
                }
            }
            top += height + LAYER_GAP;
        }
    }
}
