package io.adjoint.core;

import io.adjoint.core.ProductLoops.Matrix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Attention, {@code softmax(Q·Kᵀ·scale + masks)·V}, without an array of all scores: each block of queries is multiplied with one block of
 * keys after the other, and the weights of a block are used while they are in the cache. After each block, the output is normalised over
 * the keys of all blocks up to that one (the online softmax of Milakov and Gimelshein, 2018; Dao et al., 2022). The gradient computes the
 * weights again, from each query's largest score and sum of exponentials.
 *
 * <p>Results have the operands' memory layout: if heads are slices of rows, the results' heads lie side by side in rows too, and merging
 * them needs no copy. Each product is summed in an array of its own, whose rows are then copied to the result.
 *
 * <p>The blocks depend on the shapes alone, so the results have the same bits on any number of threads; if there is only one block of keys,
 * the results have the bits of the plain softmax.
 *
 * @hidden
 */
@Internal
// Long because the output and its gradients go through the same blocks of queries and keys.
public final class AttentionKernels {
    /** The number of queries in a block, whose scores and gradients stay in the second-level cache. */
    private static final int QUERIES = 128;

    /** The number of keys in a block: the number of terms that a product adds in one part of its sum. */
    private static final int KEYS = ProductLoops.DEPTH;

    /**
     * The largest number of scores that each thread keeps in the backward pass: the scores of a block of queries for all keys. The thread
     * keeps the gradients of these scores as well. A block has at least {@link #FEW_QUERIES} queries even if their scores exceed this
     * number.
     */
    private static final int SCORES = 1 << 19;

    private static final int FEW_QUERIES = 16;

    private final Weighting weighting;
    private final NdArray query;
    private final NdArray key;
    private final NdArray value;
    private final Storage<Object> storage;
    private final Loops<Object> loops;
    /** The score of masked positions, −∞. */
    private final Object hidden;

    private final int[] batch;
    private final int entries;
    private final int queries;
    private final int keys;
    private final int width;
    private final int depth;
    /** The batch axes of the scores. The values may have further batch axes. */
    private final Shape scored;

    /**
     * The computation of weights from scores.
     *
     * @param past query i sees the first i + 1 + past keys only; all keys if {@code past} is {@link Integer#MAX_VALUE}
     * @param masks arrays that broadcast to the scores: a BOOL mask hides positions where it is false, any other is added to the scores
     * @param dropout the probability that a weight is dropped
     * @param seed the seed that determines the dropped weights
     */
    public record Weighting(double scale, int past, List<NdArray> masks, double dropout, long seed) {}

    /**
     * The output of an attention, {@code [..., L, V]}, and two arrays for its gradient, FLOAT64 {@code [..., L]}: for each query the
     * largest score, and the sum of the exponentials of the differences from it.
     */
    public record Attended(NdArray output, NdArray largest, NdArray sums) {}

    /** The gradients of an attention; a gradient that is not wanted is null. */
    public record Gradients(
            @Nullable NdArray query,
            @Nullable NdArray key,
            @Nullable NdArray value,
            @Nullable NdArray scores) {}

    /**
     * The attention of operands of one floating type. Arguments are not checked.
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

    /** Computes the output. */
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

    /** The number of tasks that one thread does in a row. The ranges of tasks are few, as each range allocates arrays of scores. */
    private static int blockOf(int tasks, long work) {
        return Parallel.fewBlocks(tasks, (int) (ProductLoops.BLOCK / Math.max(1, work)));
    }

    /** The number of keys, from the first on, that a query may attend to. */
    private int seen(int row) {
        return (int) Math.min(keys, row + 1L + weighting.past);
    }

    /** A block of queries and keys. Its scores begin at the index {@code at} of an array; a row has a score for each key of the block. */
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

        /** Computes the scores; masked scores are −∞. */
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

        /**
         * Turns scores into weights, normalised over the keys of this block and of earlier blocks, and sets the factors by which the output
         * over the earlier blocks must be multiplied to be normalised over these keys, too.
         */
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

        /** Turns scores into the weights with which the output was computed. */
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

        /** Picks the numbers of this block's queries from an array with a number for each query, and applies a function to them. */
        private double[] ofRows(double[] all, DoubleUnaryOperator number) {
            double[] numbers = new double[rows];
            for (int r = 0; r < rows; r++) {
                numbers[r] = number.applyAsDouble(all[entry * queries + top + r]);
            }
            return numbers;
        }

        /** Multiplies elements, one for each weight of the block, by the factors of dropout. */
        void drop(Object elements) {
            if (weighting.dropout == 0) {
                return;
            }
            double scale = weighting.dropout == 1 ? 0 : 1 / (1 - weighting.dropout);
            long block = offset(scored.dims(), scored.strides(), 0, entry);
            for (int r = 0; r < rows; r++) {
                long first = (block * queries + top + r) * keys + left;
                int row = at + r * columns;
                loops.dropout()
                        .apply(elements, row, first, columns, weighting.seed, weighting.dropout, scale, elements, row);
            }
        }
    }

    /**
     * The number that is subtracted from a query's scores before exp: the largest score, but 0 for a query whose keys are all masked, since
     * exp(−∞ − 0) is 0 but exp(−∞ − −∞) is NaN.
     */
    private static double shift(double largest) {
        return largest == Double.NEGATIVE_INFINITY ? 0 : largest;
    }

    private static double divisor(double sum) {
        return sum == 0 ? 1 : sum;
    }

    // ---- backward ----

    /**
     * The gradients of the inputs, and of the scores, to which masks were added.
     *
     * @param g the upstream gradient, of the output's shape
     * @return gradients with the output's batch axes followed by each input's last two axes; the gradient of the scores is
     *     {@code [..., L, S]}
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

    /** One backward pass, from the output's gradient to the inputs' gradients. */
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

        /**
         * Adds the contributions of some queries to the gradients. Blocks of keys run in parallel. Every block also adds to the queries'
         * gradient, so a sequential loop over the blocks computes this gradient at the end.
         */
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

        /** Computes the gradient of the scores from the weights. */
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

        /**
         * For each query, the mean of the gradients of its weights, weighted by the weights: the inner product of the output and its
         * upstream gradient.
         */
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

    /**
     * The arrays of a thread: for a block of queries the weights, the gradients of the scores, and the sum of the queries' gradient; for an
     * entry of the batch the sums of the gradients of keys and values.
     */
    private record Scratch(Object weights, Object gradients, Object ofQuery, Object ofKey, Object ofValue) {}

    // ---- results ----

    /**
     * An array {@code [..., rows, columns]} with undefined elements and dense rows. Its other axes have the operand's order in memory, or
     * are row-major if the operand is broadcast.
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

    /** Copies the rows of a sum to a result's batch entry, where they begin at row {@code top}. */
    private void put(Object part, @Nullable NdArray result, int entry, int top, int rows) {
        if (result != null) {
            Matrix to = matrix(result, entry);
            int n = to.columns();
            for (int r = 0; r < rows && n > 0; r++) {
                storage.copy(part, r * n, 1, to.storage(), to.offset() + (top + r) * to.rowStride(), 1, n);
            }
        }
    }

    // ---- positions of batch entries ----

    private Matrix matrix(NdArray x, int entry) {
        int last = x.shape.rank() - 1;
        int[] dims = x.shape.dims();
        return new Matrix(
                x.elements(), start(x, entry), dims[last - 1], dims[last], x.strides[last - 1], x.strides[last]);
    }

    /** The stride of an axis counted from the last; 0 if the axis is broadcast. */
    private static int stride(NdArray x, int back) {
        int axis = x.shape.rank() - back;
        return axis < 0 || x.shape.dims()[axis] == 1 ? 0 : x.strides[axis];
    }

    private int start(NdArray x, int entry) {
        return x.offset + offset(x.shape.dims(), x.strides, 2, entry);
    }

    /** The offset of a batch entry in an array whose batch axes broadcast. The last {@code last} axes of {@code dims} are no batch axes. */
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
