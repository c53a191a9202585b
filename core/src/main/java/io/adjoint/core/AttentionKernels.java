package io.adjoint.core;

import io.adjoint.core.ProductLoops.Matrix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Attention, {@code softmax(Q·Kᵀ·scale + masks)·V}, without an array of all scores: blocks of queries meet blocks of keys one after the
 * other, and each block's weights are used while they are in the cache. The output is kept normalised by what was seen so far (the online
 * softmax of Milakov and Gimelshein, 2018; Dao et al., 2022). The gradient computes the weights again, from the largest score of each
 * query and the sum of its exponentials.
 *
 * <p>Results are laid out as the operands are: heads that were cut out of rows lie side by side in rows again, and need no copy. A
 * product is added up in an array of its own, whose rows are then put where they belong.
 *
 * <p>The blocks follow the shapes alone, so that the results have the same bits on any number of threads; where there is one block of keys,
 * they are those of the plain softmax.
 *
 * @hidden
 */
@Internal
// Long because the output and its gradients meet the same blocks of queries and keys.
public final class AttentionKernels {
    /** The queries of a block. Its scores, and their gradients, stay in the second-level cache. */
    private static final int QUERIES = 128;

    /** The keys of a block: as many as a product's part of a sum. */
    private static final int KEYS = ProductLoops.DEPTH;

    /**
     * The most scores of a block of queries and all keys that each thread keeps, with their gradients, on the way back; more if 16 queries
     * have more.
     */
    private static final int SCORES = 1 << 19;

    private static final int FEW_QUERIES = 16;

    private final Weighting weighting;
    private final NdArray query;
    private final NdArray key;
    private final NdArray value;
    private final Storage<Object> storage;
    private final Loops<Object> loops;
    /** The score of what is hidden. */
    private final Object hidden;

    private final int[] batch;
    private final int entries;
    private final int queries;
    private final int keys;
    private final int width;
    private final int depth;
    /** The axes in front of the scores', which the values may have more of, and their strides. */
    private final Shape scored;

    /**
     * From scores to weights.
     *
     * @param past query i sees the first i + 1 + past keys only; all keys if that is the largest int
     * @param masks arrays that broadcast to the scores: a BOOL one hides what is false, another one is added
     * @param dropout the probability that a weight is dropped
     * @param seed says which are
     */
    public record Weighting(double scale, int past, List<NdArray> masks, double dropout, long seed) {}

    /**
     * The value of an attention, {@code [..., L, V]}, with what its gradient needs of each query, FLOAT64 {@code [..., L]}: the largest
     * score, and the sum of the exponentials of the differences from it.
     */
    public record Attended(NdArray output, NdArray largest, NdArray sums) {}

    /** The gradients of an attention; null for one that is not wanted. */
    public record Gradients(
            @Nullable NdArray query,
            @Nullable NdArray key,
            @Nullable NdArray value,
            @Nullable NdArray scores) {}

    /**
     * An attention of one floating type. Arguments are not checked.
     *
     * @param query {@code [..., L, E]}
     * @param key {@code [..., S, E]}
     * @param value {@code [..., S, V]}
     */
    public AttentionKernels(NdArray query, NdArray key, NdArray value, Weighting weighting) {
        this.query = query;
        this.key = key;
        this.value = value;
        this.weighting = weighting;
        storage = query.dtype.storage();
        loops = query.dtype.loops("attention");
        hidden = storage.allocate(1);
        storage.set(hidden, 0, Double.NEGATIVE_INFINITY);
        scored = Shape.broadcast("attention", MatrixBatch.leading(query.shape, 2), MatrixBatch.leading(key.shape, 2));
        Shape leading = Shape.broadcast("attention", scored, MatrixBatch.leading(value.shape, 2));
        batch = leading.dims();
        entries = leading.size();
        queries = query.shape.dim(-2);
        keys = key.shape.dim(-2);
        width = query.shape.dim(-1);
        depth = value.shape.dim(-1);
    }

    // ---- forward ----

    /** The value. */
    public Attended attend() {
        NdArray output = like(query, queries, depth);
        double[] largest = new double[entries * queries];
        double[] sums = new double[entries * queries];
        Arrays.fill(largest, Double.NEGATIVE_INFINITY);
        int rows = Math.min(queries, QUERIES);
        int blocks = rows == 0 ? 0 : (queries + rows - 1) / rows;
        int block = blockOf(entries * blocks, (long) rows * keys * (width + depth));
        Parallel.ranges(entries * blocks, block, (from, to) -> {
            Object weights = storage.allocate(rows * Math.min(keys, KEYS));
            Object part = storage.allocate(rows * depth);
            double[] factors = new double[rows];
            for (int task = from; task < to; task++) {
                int entry = task / blocks;
                int top = task % blocks * rows;
                int count = Math.min(queries - top, rows);
                storage.fill(part, 0, count * depth, 0);
                for (int left = 0; left < seen(top + count - 1); left += KEYS) {
                    Scores scores = new Scores(entry, top, count, left, weights, 0);
                    scores.fill();
                    scores.normalize(largest, sums, factors);
                    for (int r = 0; r < count && left > 0; r++) {
                        loops.attention().multiply(part, r * depth, depth, factors[r]);
                    }
                    scores.drop(weights);
                    loops.products().multiply(scores.matrix(weights), scores.values(), part, 0);
                }
                put(part, output, entry, top, count);
            }
        });
        MultiplyAdds.add((long) entries * queries * keys * (width + depth));
        Shape ofQueries = MatrixBatch.leading(output.shape, 1);
        return new Attended(output, NdArray.wrap(ofQueries, largest), NdArray.wrap(ofQueries, sums));
    }

    private Shape shape(int rows, int columns) {
        int[] dims = Arrays.copyOf(batch, batch.length + 2);
        dims[batch.length] = rows;
        dims[batch.length + 1] = columns;
        return Shape.of("attention", dims);
    }

    /** The tasks of a range: few ranges for each thread, as each allocates its arrays of scores. */
    private static int blockOf(int tasks, long work) {
        return Parallel.fewBlocks(tasks, (int) (ProductLoops.BLOCK / Math.max(1, work)));
    }

    /** The number of keys that a query sees. */
    private int seen(int row) {
        return (int) Math.min(keys, row + 1L + weighting.past);
    }

    /** A block of queries and keys, whose scores begin at a position of an array and lie in rows of the keys' number. */
    private final class Scores {
        final int entry;
        final int top;
        final int rows;
        final int left;
        final int columns;
        final Object weights;
        final int at;

        Scores(int entry, int top, int rows, int left, Object weights, int at) {
            this.entry = entry;
            this.top = top;
            this.rows = rows;
            this.left = left;
            this.columns = Math.min(keys - left, KEYS);
            this.weights = weights;
            this.at = at;
        }

        Matrix queries() {
            return AttentionKernels.this.matrix(query, entry).part(top, 0, rows, width);
        }

        Matrix keys() {
            return AttentionKernels.this.matrix(key, entry).part(left, 0, columns, width);
        }

        Matrix values() {
            return AttentionKernels.this.matrix(value, entry).part(left, 0, columns, depth);
        }

        Matrix matrix(Object elements) {
            return new Matrix(elements, at, rows, columns, columns, 1);
        }

        /** The scores, {@code −∞} for what is hidden. */
        void fill() {
            storage.fill(weights, at, rows * columns, 0);
            loops.products().multiply(queries(), keys().transposed(), weights, at);
            loops.attention().multiply(weights, at, rows * columns, weighting.scale);
            boolean isHidden = seen(top) < left + columns;
            for (int r = 0; r < rows && (isHidden || !weighting.masks.isEmpty()); r++) {
                int row = at + r * columns;
                for (NdArray mask : weighting.masks) {
                    mask(mask, row, top + r);
                }
                int visible = Math.min(Math.max(seen(top + r) - left, 0), columns);
                storage.fill(weights, row + visible, columns - visible, Double.NEGATIVE_INFINITY);
            }
        }

        private void mask(NdArray mask, int row, int query) {
            int step = stride(mask, 1);
            int from = start(mask, entry) + query * stride(mask, 2) + left * step;
            if (mask.dtype == DType.BOOL) {
                storage.choose(
                        (byte[]) mask.elements(),
                        weights,
                        hidden,
                        new int[] {from, row, 0},
                        new int[] {step, 1, 0},
                        weights,
                        row,
                        columns);
            } else {
                Object added = mask.elements();
                if (step != 1) {
                    added = storage.allocate(columns);
                    storage.copy(mask.storage, from, step, added, 0, 1, columns);
                }
                loops.arithmetic().accumulate(added, step == 1 ? from : 0, weights, row, columns);
            }
        }

        /** Turns scores into weights of the keys so far, and sets the factors of the weights before. */
        void normalize(double[] largest, double[] sums, double[] factors) {
            int first = entry * queries + top;
            for (int r = 0; r < rows; r++) {
                double before = largest[first + r];
                double now =
                        Math.max(before, loops.reductions().row(ReduceOp.AMAX, weights, at + r * columns, columns, 0));
                largest[first + r] = now;
                factors[r] = before - shift(now);
            }
            shiftedExp(largest);
            if (left > 0) {
                UnaryFunction.EXP.apply(factors, 0, factors, 0, rows);
            } else {
                Arrays.fill(factors, 0);
            }
            for (int r = 0; r < rows; r++) {
                double before = sums[first + r] * factors[r];
                double sum = before + loops.reductions().row(ReduceOp.SUM, weights, at + r * columns, columns, 0);
                sums[first + r] = sum;
                factors[r] = before / divisor(sum);
            }
            divide(sums);
        }

        /** Turns scores into the weights that the output was computed with. */
        void normalized(Attended attended) {
            shiftedExp((double[]) attended.largest.storage);
            divide((double[]) attended.sums.storage);
        }

        private void shiftedExp(double[] largest) {
            double[] shifts = ofRows(largest, AttentionKernels::shift);
            loops.attention().subtract(weights, at, rows, columns, shifts);
            loops.functions().apply(UnaryFunction.EXP, weights, at, weights, at, rows * columns);
        }

        private void divide(double[] sums) {
            loops.attention().divide(weights, at, rows, columns, ofRows(sums, AttentionKernels::divisor));
        }

        /** A number of each row, from those of all queries. */
        private double[] ofRows(double[] all, DoubleUnaryOperator number) {
            double[] numbers = new double[rows];
            for (int r = 0; r < rows; r++) {
                numbers[r] = number.applyAsDouble(all[entry * queries + top + r]);
            }
            return numbers;
        }

        /** Multiplies what belongs to the weights, element by element, by the dropout's factors. */
        void drop(Object elements) {
            if (weighting.dropout == 0) {
                return;
            }
            double scale = weighting.dropout == 1 ? 0 : 1 / (1 - weighting.dropout);
            long threshold = DropoutKernels.threshold(weighting.dropout);
            long block = offset(scored.dims(), scored.strides(), 0, entry);
            for (int r = 0; r < rows; r++) {
                long first = (block * queries + top + r) * keys + left;
                int row = at + r * columns;
                loops.dropout().apply(elements, row, first, columns, weighting.seed, threshold, scale, elements, row);
            }
        }
    }

    /** The number that scores are shifted by: 0 for a query that sees nothing, since exp(−∞ − 0) is 0 and exp(−∞ − −∞) is NaN. */
    private static double shift(double largest) {
        return largest == Double.NEGATIVE_INFINITY ? 0 : largest;
    }

    private static double divisor(double sum) {
        return sum == 0 ? 1 : sum;
    }

    // ---- backward ----

    /**
     * The gradients of the inputs, and of what masks add to the scores.
     *
     * @param g the upstream gradient, of the output's shape
     * @return of the inputs' last two axes behind the output's leading ones; those of the scores are {@code [..., L, S]}
     */
    public Gradients gradients(
            NdArray g, Attended attended, boolean ofQuery, boolean ofKey, boolean ofValue, boolean ofScores) {
        Gradients to = new Gradients(
                ofQuery ? like(query, queries, width) : null,
                ofKey ? like(key, keys, width) : null,
                ofValue ? like(value, keys, depth) : null,
                ofScores ? NdArray.zeros(query.dtype, shape(queries, keys)) : null);
        Backward backward = new Backward(g, attended, to);
        long work = (long) queries * keys * (width + depth);
        Parallel.ranges(entries, blockOf(entries, 2 * work), backward::run);
        int ofWidth = width + (ofQuery ? width : 0) + (ofKey ? width : 0);
        int ofDepth = (ofValue ? depth : 0) + (backward.needsScores() ? depth : 0);
        MultiplyAdds.add((long) entries * queries * keys * (ofWidth + ofDepth));
        return to;
    }

    /** One pass from the output's gradient to the inputs'. */
    private final class Backward {
        final NdArray g;
        final Attended attended;
        final Gradients to;

        Backward(NdArray g, Attended attended, Gradients to) {
            this.g = g;
            this.attended = attended;
            this.to = to;
        }

        boolean needsScores() {
            return to.query != null || to.key != null || to.scores != null;
        }

        void run(int from, int end) {
            int rows = Math.min(queries, Math.min(QUERIES, Math.max(FEW_QUERIES, SCORES / Math.max(1, keys))));
            Scratch scratch = new Scratch(
                    storage.allocate(rows * keys),
                    storage.allocate(needsScores() ? rows * keys : 0),
                    storage.allocate(to.query == null ? 0 : rows * width),
                    storage.allocate(to.key == null ? 0 : keys * width),
                    storage.allocate(to.value == null ? 0 : keys * depth));
            for (int entry = from; entry < end; entry++) {
                clear(to.key, scratch.ofKey, keys * width);
                clear(to.value, scratch.ofValue, keys * depth);
                for (int top = 0; top < queries; top += rows) {
                    run(entry, top, Math.min(queries - top, rows), scratch);
                }
                put(scratch.ofKey, to.key, entry, 0, keys);
                put(scratch.ofValue, to.value, entry, 0, keys);
            }
        }

        private void clear(@Nullable NdArray wanted, Object part, int n) {
            if (wanted != null) {
                storage.fill(part, 0, n, 0);
            }
        }

        /** Adds what some queries contribute. Blocks of keys meet in the gradient of the queries only, which so comes last. */
        private void run(int entry, int top, int rows, Scratch scratch) {
            Object weights = scratch.weights;
            Object gradients = scratch.gradients;
            int blocks = (seen(top + rows - 1) + KEYS - 1) / KEYS;
            Matrix upstream = matrix(g, entry).part(top, 0, rows, depth);
            double[] means = needsScores() ? means(entry, top, rows) : new double[0];
            Parallel.ranges(blocks, 1, (from, end) -> {
                for (int block = from; block < end; block++) {
                    int left = block * KEYS;
                    Scores scores = new Scores(entry, top, rows, left, weights, left * rows);
                    scores.fill();
                    scores.normalized(attended);
                    if (needsScores()) {
                        gradient(scores, gradients, upstream, means);
                    }
                    if (to.value != null) {
                        scores.drop(weights);
                        Matrix transposed = scores.matrix(weights).transposed();
                        loops.products().multiply(transposed, upstream, scratch.ofValue, left * depth);
                    }
                    if (to.key != null) {
                        Matrix transposed = scores.matrix(gradients).transposed();
                        loops.products().multiply(transposed, scores.queries(), scratch.ofKey, left * width);
                    }
                }
            });
            clear(to.query, scratch.ofQuery, rows * width);
            for (int left = 0; left < blocks * KEYS && to.query != null; left += KEYS) {
                Scores scores = new Scores(entry, top, rows, left, weights, left * rows);
                loops.products().multiply(scores.matrix(gradients), scores.keys(), scratch.ofQuery, 0);
            }
            put(scratch.ofQuery, to.query, entry, top, rows);
        }

        /** The gradient of the products of queries and keys, from the weights. */
        private void gradient(Scores scores, Object gradients, Matrix upstream, double[] means) {
            int columns = scores.columns;
            storage.fill(gradients, scores.at, scores.rows * columns, 0);
            loops.products().multiply(upstream, scores.values().transposed(), gradients, scores.at);
            scores.drop(gradients);
            loops.attention().gradient(gradients, scores.weights, scores.at, scores.rows, columns, means);
            for (int r = 0; r < scores.rows && to.scores != null; r++) {
                int at = (scores.entry * queries + scores.top + r) * keys + scores.left;
                storage.copy(gradients, scores.at + r * columns, 1, to.scores.storage, at, 1, columns);
            }
            loops.attention().multiply(gradients, scores.at, scores.rows * columns, weighting.scale);
        }

        /** The mean of a query's gradients of weights, by these weights: that of the output times the output. */
        private double[] means(int entry, int top, int rows) {
            Matrix upstream = matrix(g, entry);
            Matrix output = matrix(attended.output, entry);
            double[] means = new double[rows];
            double[] left = new double[depth];
            double[] right = new double[depth];
            for (int r = 0; r < rows; r++) {
                storage.read(
                        g.storage,
                        upstream.offset() + (top + r) * upstream.rowStride(),
                        upstream.columnStride(),
                        left,
                        0,
                        depth);
                storage.read(
                        output.storage(),
                        output.offset() + (top + r) * output.rowStride(),
                        output.columnStride(),
                        right,
                        0,
                        depth);
                for (int c = 0; c < depth; c++) {
                    means[r] += left[c] * right[c];
                }
            }
            return means;
        }
    }

    /** The arrays of a thread: scores of some queries and their gradients, and sums of an entry of the batch or of these queries. */
    private record Scratch(Object weights, Object gradients, Object ofQuery, Object ofKey, Object ofValue) {}

    // ---- results ----

    /**
     * An array {@code [..., rows, columns]} with undefined elements and consecutive rows, whose other axes lie in memory in the operand's
     * order; the row-major one if the operand is repeated.
     */
    private NdArray like(NdArray operand, int rows, int columns) {
        Shape shape = shape(rows, columns);
        int rank = shape.rank();
        if (IntStream.rangeClosed(2, rank).anyMatch(back -> stride(operand, back) == 0 && shape.dim(-back) != 1)) {
            return NdArray.empty(query.dtype, shape);
        }
        int[] order = IntStream.range(0, rank - 1)
                .boxed()
                .sorted(Comparator.comparingInt(axis -> -Math.abs(stride(operand, rank - axis))))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] dims = new int[rank];
        int[] back = new int[rank];
        for (int k = 0; k < rank; k++) {
            int axis = k < rank - 1 ? order[k] : k;
            dims[k] = shape.dims()[axis];
            back[axis] = k;
        }
        return NdArray.empty(query.dtype, Shape.of("attention", dims)).permute(back);
    }

    /** Puts the first rows of a part where an entry of the batch has rows from {@code top} on. */
    private void put(Object part, @Nullable NdArray result, int entry, int top, int rows) {
        if (result != null) {
            Matrix to = matrix(result, entry);
            int n = to.columns();
            for (int r = 0; r < rows && n > 0; r++) {
                storage.copy(part, r * n, 1, to.storage(), to.offset() + (top + r) * to.rowStride(), 1, n);
            }
        }
    }

    // ---- where entries of the batch begin ----

    private Matrix matrix(NdArray x, int entry) {
        int last = x.shape.rank() - 1;
        int[] dims = x.shape.dims();
        return new Matrix(
                x.elements(), start(x, entry), dims[last - 1], dims[last], x.strides[last - 1], x.strides[last]);
    }

    /** The stride of an axis counted from the last; 0 if it is repeated. */
    private static int stride(NdArray x, int back) {
        int axis = x.shape.rank() - back;
        return axis < 0 || x.shape.dims()[axis] == 1 ? 0 : x.strides[axis];
    }

    private int start(NdArray x, int entry) {
        return x.offset + offset(x.shape.dims(), x.strides, 2, entry);
    }

    /** The distance of an entry of the batch from the first one along axes that broadcast to the batch's, but for the last ones. */
    private int offset(int[] dims, int[] strides, int last, int entry) {
        int offset = 0;
        int rest = entry;
        for (int axis = batch.length - 1; axis >= 0; axis--) {
            int own = axis + dims.length - last - batch.length;
            if (own >= 0 && dims[own] != 1) {
                offset += rest % batch[axis] * strides[own];
            }
            rest /= batch[axis];
        }
        return offset;
    }
}
