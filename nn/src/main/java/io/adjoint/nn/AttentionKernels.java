package io.adjoint.nn;

import io.adjoint.core.ArrayElements;
import io.adjoint.core.DType;
import io.adjoint.core.Loops;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.UnaryFunction;
import io.adjoint.core.loops.BinaryOp;
import io.adjoint.core.loops.MultiplyAdds;
import io.adjoint.core.loops.ProductLoops;
import io.adjoint.core.loops.ProductLoops.Matrix;
import io.adjoint.core.loops.ReduceOp;
import io.adjoint.core.loops.Storage;
import io.adjoint.core.parallel.Parallel;
import io.adjoint.core.parallel.ScratchPool;
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
 */
// Long because the output and its gradients go through the same blocks of queries and keys.
final class AttentionKernels {
    /** The number of queries in a block, whose scores and gradients stay in the second-level cache. */
    private static final int QUERIES = 128;

    /**
     * The number of keys in a block. A matrix product computes each element in partial sums of this number of terms, so a sum over a block
     * of keys is one partial sum.
     */
    private static final int KEYS = ProductLoops.DEPTH;

    /**
     * The largest number of scores that each thread keeps in the backward pass: the scores of a block of queries for all keys. The thread
     * keeps the gradients of these scores as well. A block has at least {@link #FEW_QUERIES} queries even if their scores exceed this
     * number.
     */
    private static final int SCORES = 1 << 19;

    private static final int FEW_QUERIES = 16;

    private final Weighting weighting;
    private final AttentionOperand query;
    private final AttentionOperand key;
    private final AttentionOperand value;
    private final List<AttentionOperand> masks;
    private final DType dtype;
    private final Storage<Object> storage;
    private final Loops<Object> loops;
    /** An array whose only element is −∞, the score of masked positions. */
    private final Object hidden;
    /** An array whose only element is the factor of the scores. */
    private final Object scale;

    private final Shape batch;
    private final int entries;
    private final int queries;
    private final int keys;
    private final int width;
    private final int depth;
    /**
     * For each entry of the output's batch the index of its score matrix. Score matrices are numbered in row-major order along the scores'
     * batch axes, to which the values may add further batch axes.
     */
    private final int[] scoreMatrices;

    /**
     * The computation of weights from scores.
     *
     * @param past query i sees the first i + 1 + past keys only; all keys if {@code past} is {@link Integer#MAX_VALUE}
     * @param masks arrays that broadcast to the scores: a BOOL mask hides positions where it is false, any other is added to the scores
     * @param dropout the probability that a weight is dropped
     * @param seed the seed that determines the dropped weights
     */
    record Weighting(double scale, int past, List<NdArray> masks, double dropout, long seed) {}

    /**
     * The output of an attention, {@code [..., L, V]}, and two arrays for its gradient, FLOAT64 {@code [..., L]}: for each query the
     * largest score, and the sum of the exponentials of the differences from it.
     */
    record Attended(NdArray output, NdArray largest, NdArray sums) {}

    /** The gradients of an attention; a gradient that is not wanted is null. */
    record Gradients(
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
    AttentionKernels(NdArray query, NdArray key, NdArray value, Weighting weighting) {
        this.weighting = weighting;
        dtype = query.dtype();
        storage = ArrayElements.storage(dtype);
        loops = ArrayElements.loops(dtype, "attention");
        hidden = storage.allocate(1);
        storage.set(hidden, 0, Double.NEGATIVE_INFINITY);
        scale = storage.allocate(1);
        storage.set(scale, 0, weighting.scale);
        Shape scored = Shape.broadcast(
                "attention", AttentionOperand.leading(query.shape(), 2), AttentionOperand.leading(key.shape(), 2));
        batch = Shape.broadcast("attention", scored, AttentionOperand.leading(value.shape(), 2));
        entries = batch.size();
        scoreMatrices = scoreMatrices(scored);
        queries = query.shape().dim(-2);
        keys = key.shape().dim(-2);
        width = query.shape().dim(-1);
        depth = value.shape().dim(-1);
        this.query = new AttentionOperand(query, batch);
        this.key = new AttentionOperand(key, batch);
        this.value = new AttentionOperand(value, batch);
        masks = weighting.masks.stream()
                .map(mask -> new AttentionOperand(mask, batch))
                .toList();
    }

    private int[] scoreMatrices(Shape scored) {
        int[] dims = scored.toArray();
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        int[] sizes = batch.toArray();
        return IntStream.range(0, entries)
                .map(entry -> AttentionOperand.offset(sizes, entry, dims, strides, 0))
                .toArray();
    }

    // ---- forward ----

    /** Computes the output of the attention, and each query's largest score and sum of exponentials, which the backward pass needs. */
    Attended attend() {
        NdArray output = like(query, queries, depth);
        AttentionOperand result = new AttentionOperand(output, batch);
        double[] largest = new double[entries * queries];
        double[] sums = new double[entries * queries];
        Arrays.fill(largest, Double.NEGATIVE_INFINITY);
        int rows = Math.min(queries, QUERIES);
        int blocks = rows == 0 ? 0 : (queries + rows - 1) / rows;
        int block = ProductLoops.blockOf((long) rows * keys * (width + depth));
        ScratchPool<ForwardScratch> pool = new ScratchPool<>(() -> new ForwardScratch(rows));
        Parallel.ranges(entries * blocks, block, (from, to) -> {
            ForwardScratch scratch = pool.take();
            Object weights = scratch.weights;
            Object rowsOfOutput = scratch.output;
            for (int task = from; task < to; task++) {
                int entry = task / blocks;
                int top = task % blocks * rows;
                int count = Math.min(queries - top, rows);
                storage.fill(rowsOfOutput, 0, count * depth, 0);
                for (int left = 0; left < seen(top + count - 1); left += KEYS) {
                    Scores scores = new Scores(entry, top, count, left, weights, 0);
                    scores.fill();
                    scores.normalize(largest, sums, scratch.factors);
                    if (left > 0) {
                        combine(BinaryOp.MUL, rowsOfOutput, 0, count, depth, scratch.factors);
                    }
                    scores.drop(weights);
                    loops.products().multiply(scores.matrix(weights), scores.values(), rowsOfOutput, 0);
                }
                put(rowsOfOutput, result, entry, top, count);
            }
            pool.giveBack(scratch);
        });
        MultiplyAdds.add((long) entries * queries * keys * (width + depth));
        Shape ofQueries = AttentionOperand.leading(output.shape(), 1);
        return new Attended(output, NdArray.wrap(ofQueries, largest), NdArray.wrap(ofQueries, sums));
    }

    /**
     * Arrays for a block of queries: their weights, their output, and the factors by which the output over earlier blocks of keys is
     * multiplied.
     */
    private final class ForwardScratch {
        final Object weights;
        final Object output;
        final double[] factors;

        ForwardScratch(int rows) {
            weights = storage.allocate(rows * Math.min(keys, KEYS));
            output = storage.allocate(rows * depth);
            factors = new double[rows];
        }
    }

    private Shape shape(int rows, int columns) {
        int[] dims = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
        dims[batch.rank()] = rows;
        dims[batch.rank() + 1] = columns;
        return Shape.of("attention", dims);
    }

    /** Replaces the elements of each row r by {@code element op numbers[r]}; the rows follow each other without gaps. */
    private void combine(BinaryOp op, Object elements, int from, int rows, int columns, double[] numbers) {
        Object narrow = storage.allocate(rows);
        storage.write(numbers, 0, narrow, 0, rows);
        loops.arithmetic().rows(op, elements, from, columns, narrow, 0, 1, 0, elements, from, columns, rows, columns);
    }

    /** The number of keys, from the first on, that a query may attend to. */
    private int seen(int row) {
        return (int) Math.min(keys, row + 1L + weighting.past);
    }

    /**
     * The scores of a block of queries for a block of keys, a matrix with a row for each query and a column for each key. The matrix begins
     * at the index {@code at} of an array.
     */
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
            return query.matrix(entry).block(top, 0, rows, width);
        }

        Matrix keys() {
            return key.matrix(entry).block(left, 0, columns, width);
        }

        Matrix values() {
            return value.matrix(entry).block(left, 0, columns, depth);
        }

        Matrix matrix(Object elements) {
            return new Matrix(elements, at, rows, columns, columns, 1);
        }

        /** Computes the scores; masked scores are −∞. */
        void fill() {
            storage.fill(weights, at, rows * columns, 0);
            loops.products().multiply(queries(), keys().transposed(), weights, at);
            loops.arithmetic().apply(BinaryOp.MUL, weights, at, 1, scale, 0, 0, weights, at, rows * columns);
            boolean isHidden = seen(top) < left + columns;
            for (int r = 0; r < rows && (isHidden || !masks.isEmpty()); r++) {
                int row = at + r * columns;
                for (AttentionOperand mask : masks) {
                    mask(mask, row, top + r);
                }
                int visible = Math.min(Math.max(seen(top + r) - left, 0), columns);
                storage.fill(weights, row + visible, columns - visible, Double.NEGATIVE_INFINITY);
            }
        }

        private void mask(AttentionOperand mask, int row, int query) {
            int stride = mask.stride(1);
            int from = mask.start(entry) + query * mask.stride(2) + left * stride;
            if (mask.isBool()) {
                storage.choose(
                        (byte[]) mask.elements(),
                        weights,
                        hidden,
                        new int[] {from, row, 0},
                        new int[] {stride, 1, 0},
                        weights,
                        row,
                        columns);
            } else {
                Object added = mask.elements();
                if (stride != 1) {
                    added = storage.allocate(columns);
                    storage.copy(mask.elements(), from, stride, added, 0, 1, columns);
                }
                loops.arithmetic().accumulate(added, stride == 1 ? from : 0, weights, row, columns);
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

        /**
         * Turns scores into the weights with which the forward pass computed the output, by each query's largest score and sum of
         * exponentials.
         */
        void normalized(double[] largest, double[] sums) {
            shiftedExp(largest);
            divide(sums);
        }

        private void shiftedExp(double[] largest) {
            combine(BinaryOp.SUB, weights, at, rows, columns, ofRows(largest, AttentionKernels::shift));
            loops.functions().get(UnaryFunction.EXP).apply(weights, at, weights, at, rows * columns);
        }

        private void divide(double[] sums) {
            combine(BinaryOp.DIV, weights, at, rows, columns, ofRows(sums, AttentionKernels::divisor));
        }

        /** Picks the numbers of this block's queries from an array with a number for each query, and applies a function to them. */
        private double[] ofRows(double[] all, DoubleUnaryOperator number) {
            double[] numbers = new double[rows];
            for (int r = 0; r < rows; r++) {
                numbers[r] = number.applyAsDouble(all[entry * queries + top + r]);
            }
            return numbers;
        }

        /**
         * Multiplies elements, one for each weight of the block, by the weights' dropout factors: 0 for a dropped weight, else 1/(1 −
         * dropout).
         */
        void drop(Object elements) {
            if (weighting.dropout == 0) {
                return;
            }
            double scale = weighting.dropout == 1 ? 0 : 1 / (1 - weighting.dropout);
            long block = scoreMatrices[entry];
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
     * The gradients of the inputs, and of the scores after masks were added to them.
     *
     * @param g the upstream gradient, of the output's shape
     * @return gradients with the output's batch axes followed by each input's last two axes; the gradient of the scores is
     *     {@code [..., L, S]}
     */
    Gradients gradients(
            NdArray g, Attended attended, boolean ofQuery, boolean ofKey, boolean ofValue, boolean ofScores) {
        Gradients to = new Gradients(
                ofQuery ? like(query, queries, width) : null,
                ofKey ? like(key, keys, width) : null,
                ofValue ? like(value, keys, depth) : null,
                ofScores ? NdArray.zeros(dtype, shape(queries, keys)) : null);
        Backward backward = new Backward(g, attended, to);
        long work = (long) queries * keys * (width + depth);
        Parallel.ranges(entries, ProductLoops.blockOf(2 * work), backward::run);
        int ofWidth = width + (ofQuery ? width : 0) + (ofKey ? width : 0);
        int ofDepth = (ofValue ? depth : 0) + (backward.needsScores() ? depth : 0);
        MultiplyAdds.add((long) entries * queries * keys * (ofWidth + ofDepth));
        return to;
    }

    /** One backward pass, from the output's gradient to the inputs' gradients. */
    private final class Backward {
        final AttentionOperand upstream;
        final AttentionOperand output;
        final double[] largest;
        final double[] sums;
        final @Nullable AttentionOperand toQuery;
        final @Nullable AttentionOperand toKey;
        final @Nullable AttentionOperand toValue;
        final @Nullable Object toScores;
        /** The largest number of queries in a block. */
        final int mostQueries = Math.min(queries, Math.min(QUERIES, Math.max(FEW_QUERIES, SCORES / Math.max(1, keys))));

        private final ScratchPool<BackwardScratch> pool = new ScratchPool<>(() -> new BackwardScratch(this));

        Backward(NdArray g, Attended attended, Gradients to) {
            upstream = new AttentionOperand(g, batch);
            output = new AttentionOperand(attended.output, batch);
            largest = (double[]) ArrayElements.of(attended.largest).array();
            sums = (double[]) ArrayElements.of(attended.sums).array();
            toQuery = result(to.query);
            toKey = result(to.key);
            toValue = result(to.value);
            toScores = to.scores == null ? null : ArrayElements.of(to.scores).array();
        }

        private @Nullable AttentionOperand result(@Nullable NdArray wanted) {
            return wanted == null ? null : new AttentionOperand(wanted, batch);
        }

        boolean needsScores() {
            return toQuery != null || toKey != null || toScores != null;
        }

        void run(int from, int end) {
            BackwardScratch scratch = pool.take();
            for (int entry = from; entry < end; entry++) {
                clear(toKey, scratch.ofKey, keys * width);
                clear(toValue, scratch.ofValue, keys * depth);
                for (int top = 0; top < queries; top += mostQueries) {
                    run(entry, top, Math.min(queries - top, mostQueries), scratch);
                }
                put(scratch.ofKey, toKey, entry, 0, keys);
                put(scratch.ofValue, toValue, entry, 0, keys);
            }
            pool.giveBack(scratch);
        }

        private void clear(@Nullable AttentionOperand wanted, Object array, int n) {
            if (wanted != null) {
                storage.fill(array, 0, n, 0);
            }
        }

        /**
         * Adds the contributions of some queries to the gradients. Blocks of keys run in parallel. Every block also adds to the queries'
         * gradient, so a sequential loop over the blocks computes this gradient at the end.
         */
        private void run(int entry, int top, int rows, BackwardScratch scratch) {
            Object weights = scratch.weights;
            Object gradients = scratch.gradients;
            int blocks = (seen(top + rows - 1) + KEYS - 1) / KEYS;
            Matrix ofOutput = upstream.matrix(entry).block(top, 0, rows, depth);
            double[] means = needsScores() ? means(entry, top, rows) : new double[0];
            Parallel.ranges(blocks, 1, (from, end) -> {
                for (int block = from; block < end; block++) {
                    int left = block * KEYS;
                    Scores scores = new Scores(entry, top, rows, left, weights, left * rows);
                    scores.fill();
                    scores.normalized(largest, sums);
                    if (needsScores()) {
                        gradient(scores, gradients, ofOutput, means);
                    }
                    if (toValue != null) {
                        scores.drop(weights);
                        Matrix transposed = scores.matrix(weights).transposed();
                        loops.products().multiply(transposed, ofOutput, scratch.ofValue, left * depth);
                    }
                    if (toKey != null) {
                        Matrix transposed = scores.matrix(gradients).transposed();
                        loops.products().multiply(transposed, scores.queries(), scratch.ofKey, left * width);
                    }
                }
            });
            clear(toQuery, scratch.ofQuery, rows * width);
            for (int left = 0; left < blocks * KEYS && toQuery != null; left += KEYS) {
                Scores scores = new Scores(entry, top, rows, left, weights, left * rows);
                loops.products().multiply(scores.matrix(gradients), scores.keys(), scratch.ofQuery, 0);
            }
            put(scratch.ofQuery, toQuery, entry, top, rows);
        }

        /** Computes the gradient of the scores from the weights and the output's gradient. */
        private void gradient(Scores scores, Object gradients, Matrix ofOutput, double[] means) {
            int columns = scores.columns;
            int from = scores.at;
            int size = scores.rows * columns;
            storage.fill(gradients, from, size, 0);
            loops.products().multiply(ofOutput, scores.values().transposed(), gradients, from);
            scores.drop(gradients);
            // The gradient of a softmax: the deviations from the mean, times the weights.
            combine(BinaryOp.SUB, gradients, from, scores.rows, columns, means);
            loops.arithmetic().apply(BinaryOp.MUL, gradients, from, 1, scores.weights, from, 1, gradients, from, size);
            for (int r = 0; r < scores.rows && toScores != null; r++) {
                int at = (scores.entry * queries + scores.top + r) * keys + scores.left;
                storage.copy(gradients, from + r * columns, 1, toScores, at, 1, columns);
            }
            loops.arithmetic().apply(BinaryOp.MUL, gradients, from, 1, scale, 0, 0, gradients, from, size);
        }

        /**
         * For each query, the mean of the gradients of its weights, weighted by the weights: the inner product of the output and its
         * upstream gradient.
         */
        private double[] means(int entry, int top, int rows) {
            Matrix gradient = upstream.matrix(entry);
            Matrix attended = output.matrix(entry);
            double[] means = new double[rows];
            double[] left = new double[depth];
            double[] right = new double[depth];
            for (int r = 0; r < rows; r++) {
                storage.read(
                        gradient.storage(),
                        gradient.offset() + (top + r) * gradient.rowStride(),
                        gradient.columnStride(),
                        left,
                        0,
                        depth);
                storage.read(
                        attended.storage(),
                        attended.offset() + (top + r) * attended.rowStride(),
                        attended.columnStride(),
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
     * Arrays for the entries of the batch, one entry after the other. For a block of queries: the weights, the gradients of the scores, and
     * in {@code ofQuery} the gradient of these queries, summed over the blocks of keys. For an entry: in {@code ofKey} and {@code ofValue}
     * the gradients of its keys and values, summed over the blocks of queries.
     */
    private final class BackwardScratch {
        final Object weights;
        final Object gradients;
        final Object ofQuery;
        final Object ofKey;
        final Object ofValue;

        /** Allocates the arrays for a backward pass, those for results that it does not compute with no elements. */
        BackwardScratch(Backward pass) {
            int rows = pass.mostQueries;
            weights = storage.allocate(rows * keys);
            gradients = storage.allocate(pass.needsScores() ? rows * keys : 0);
            ofQuery = storage.allocate(pass.toQuery == null ? 0 : rows * width);
            ofKey = storage.allocate(pass.toKey == null ? 0 : keys * width);
            ofValue = storage.allocate(pass.toValue == null ? 0 : keys * depth);
        }
    }

    // ---- results ----

    /**
     * An array {@code [..., rows, columns]} with undefined elements and dense rows. Its other axes have the operand's order in memory, or
     * are row-major if the operand is broadcast.
     */
    private NdArray like(AttentionOperand operand, int rows, int columns) {
        Shape shape = shape(rows, columns);
        int rank = shape.rank();
        if (IntStream.rangeClosed(2, rank).anyMatch(back -> operand.stride(back) == 0 && shape.dim(-back) != 1)) {
            return ArrayElements.empty(dtype, shape);
        }
        int[] order = IntStream.range(0, rank - 1)
                .boxed()
                .sorted(Comparator.comparingInt(axis -> -Math.abs(operand.stride(rank - axis))))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] dims = new int[rank];
        int[] back = new int[rank];
        for (int k = 0; k < rank; k++) {
            int axis = k < rank - 1 ? order[k] : k;
            dims[k] = shape.dim(axis);
            back[axis] = k;
        }
        return ArrayElements.empty(dtype, Shape.of("attention", dims)).permute(back);
    }

    /** Copies rows from an array to a batch entry of a result; the first row becomes the entry's row {@code top}. */
    private void put(Object array, @Nullable AttentionOperand result, int entry, int top, int rows) {
        if (result != null) {
            Matrix to = result.matrix(entry);
            int n = to.columns();
            for (int r = 0; r < rows && n > 0; r++) {
                storage.copy(array, r * n, 1, to.storage(), to.offset() + (top + r) * to.rowStride(), 1, n);
            }
        }
    }
}
