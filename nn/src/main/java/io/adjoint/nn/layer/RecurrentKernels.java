package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ArrayElements;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.loops.ArithmeticLoops;
import io.adjoint.core.loops.MultiplyAdds;
import io.adjoint.core.loops.ProductLoops;
import io.adjoint.core.loops.ProductLoops.Matrix;
import io.adjoint.core.loops.Storage;
import io.adjoint.core.parallel.Parallel;
import io.adjoint.nn.layer.GateLoops.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs a recurrent cell over all steps of a batch of sequences, forward and backward. A step is one product with the weight of h and one
 * loop over the units. The gradient of each weight is one product over all steps. Sequences are independent, so each thread takes some of
 * them through all steps.
 *
 * <p>Time is the first axis of every array: {@code [T, N, …]}. After its end, a sequence keeps its state. There are N samples, G gates and
 * H hidden units; h has P elements, and P = H unless there is a projection.
 */
final class RecurrentKernels {
    /** The number of units that a loop handles at a time: large enough to pay for the calls, small enough for the first-level cache. */
    private static final int UNITS = 512;

    private final Gates gates;
    private final GateLoops<Object> loops;
    private final RecurrentBlocks blocks;
    private final int @Nullable [] lengths;
    private final DType dtype;
    private final Storage<Object> storage;
    private final ProductLoops products;
    private final int steps;
    private final int samples;
    private final int hidden;
    private final int output;
    private final int rows;
    /** The states before and after all steps, as {@link RecurrentBlocks} lays them out: h, then c. */
    private final NdArray states;
    /**
     * The arrays that the loops keep for the backward pass; {@link #unprojected} keeps the inputs of the projection. Both have room for all
     * steps, or for a single step if no backward pass will follow.
     */
    private final NdArray kept;

    private final NdArray unprojected;
    private final boolean keeps;

    /**
     * Runs the cell over the sequences.
     *
     * @param keeps whether {@link #backward} will be called
     */
    @SuppressWarnings("unchecked") // an array's dtype determines the class of its Java array
    RecurrentKernels(Scan scan, boolean keeps, ScanOperands all) {
        this.gates = scan.cell().gates;
        this.loops = (GateLoops<Object>) scan.cell().loops(all.input().dtype());
        this.lengths = scan.lengths() == null ? null : scan.lengths().toArray();
        this.keeps = keeps;
        this.dtype = all.input().dtype();
        this.storage = ArrayElements.storage(dtype);
        this.products = ArrayElements.loops(dtype, "recurrent").products();
        this.steps = all.input().shape().dim(0);
        this.samples = all.input().shape().dim(1);
        this.output = all.weights().hidden().shape().dim(1);
        this.rows = all.weights().hidden().shape().dim(0);
        this.hidden = rows / gates.count;
        this.blocks = new RecurrentBlocks(scan.isReverse(), steps, samples, output, hidden);
        Shape shape = Shape.of("recurrent", all.input().shape(), blocks.elements(gates.hasCell()));
        // A product with the projection is added to zeros.
        this.states =
                all.weights().projection() == null ? ArrayElements.empty(dtype, shape) : NdArray.zeros(dtype, shape);
        int remembered = (keeps ? steps : 1) * samples;
        this.kept = ArrayElements.empty(dtype, Shape.of(Math.multiplyExact(remembered, gates.kept * hidden)));
        this.unprojected = ArrayElements.empty(
                dtype, Shape.of(all.weights().projection() == null ? 0 : Math.multiplyExact(remembered, hidden)));
        forward(all);
        Tensor projection = all.weights().projection();
        long weights = all.weights().hidden().shape().size()
                + (projection == null ? 0L : projection.shape().size());
        MultiplyAdds.add(weights * steps * samples);
    }

    /** The states as a vector: h {@code [T + 1, N, P]}, followed by c {@code [T + 1, N, H]} if the cell has it. */
    NdArray states() {
        return states;
    }

    private static Object elements(NdArray x) {
        return ArrayElements.inPlace(x).array();
    }

    // ---- layout and division among threads ----

    private boolean lasts(int step, int sample) {
        return lengths == null || step < lengths[sample];
    }

    private int remembered(int step) {
        return keeps ? step * samples : 0;
    }

    private Matrix matrix(Object array, int offset, int height, int width) {
        return new Matrix(array, offset, height, width, width, 1);
    }

    private Matrix matrix(NdArray x) {
        ArrayElements dense = ArrayElements.of(x);
        return matrix(dense.array(), dense.offset(), x.shape().dim(0), x.shape().dim(1));
    }

    private @Nullable Matrix projection(ScanOperands all) {
        Tensor projection = all.weights().projection();
        return projection == null ? null : matrix(projection.data());
    }

    /** Runs the body on ranges of samples, on several threads if the ranges are large enough. */
    private void eachRange(SampleRange body) {
        if (samples > 0) {
            Parallel.ranges(samples, blocks.samplesOfPart(rows), (from, to) -> {
                body.run(new Frame<>(gates, storage, perFrame() * hidden), from, to);
            });
        }
    }

    /** The number of samples that a loop handles at a time, and for which a {@link Frame} has room. */
    private int perFrame() {
        return Math.max(1, UNITS / hidden);
    }

    private interface SampleRange {
        void run(Frame<Object> frame, int from, int to);
    }

    /** Copies the gates of consecutive samples from one array to an array for each gate. */
    private void read(Object array, int offset, List<Object> arrays, int count) {
        for (int n = 0; n < count; n++) {
            for (int g = 0; g < arrays.size(); g++) {
                copy(array, offset + (n * arrays.size() + g) * hidden, arrays.get(g), n * hidden, hidden);
            }
        }
    }

    private void write(List<Object> arrays, Object array, int offset, int count) {
        for (int n = 0; n < count; n++) {
            for (int g = 0; g < arrays.size(); g++) {
                copy(arrays.get(g), n * hidden, array, offset + (n * arrays.size() + g) * hidden, hidden);
            }
        }
    }

    private void copy(Object from, int at, Object to, int there, int n) {
        if (n > 0) {
            // If n is 0, an index may be beyond the end of its array, where the copy would throw.
            storage.copy(from, at, 1, to, there, 1, n);
        }
    }

    // ---- forward ----

    private void forward(ScanOperands all) {
        for (int k = 0; k < all.initial().size(); k++) {
            ArrayElements initial = ArrayElements.of(all.initial().get(k).data());
            int block = blocks.before(blocks.step(0));
            int at = k == 0 ? blocks.h(block) : blocks.c(block);
            int n = all.initial().get(k).shape().size();
            copy(initial.array(), initial.offset(), elements(states), at, n);
        }
        ArrayElements input = ArrayElements.of(all.input().data());
        // Every step multiplies with the weight, so if there are several steps, the weight is copied to the layout that
        // the product reads fastest.
        NdArray hiddenWeight = all.weights().hidden().data();
        Matrix weight = steps > 1
                ? matrix(hiddenWeight.transpose())
                : matrix(hiddenWeight).transposed();
        Tensor hiddenBias = all.weights().bias();
        ArrayElements bias = hiddenBias == null ? null : ArrayElements.of(hiddenBias.data());
        Matrix backward = projection(all);
        Matrix projection = backward == null ? null : backward.transposed();
        Object sums = storage.allocate(samples * rows);
        eachRange((frame, from, to) -> {
            for (int k = 0; k < steps; k++) {
                int t = blocks.step(k);
                begin(sums, input, bias, t, from, to);
                Matrix before = matrix(elements(states), blocks.hBefore(t) + from * output, to - from, output);
                products.multiply(before, weight, sums, from * rows);
                for (int sample = from; sample < to; sample += perFrame()) {
                    int count = Math.min(to - sample, perFrame());
                    stepForward(frame, t, sample, count, input, sums, projection == null);
                }
                if (projection != null) {
                    Matrix units = matrix(elements(unprojected), (remembered(t) + from) * hidden, to - from, hidden);
                    products.multiply(units, projection, elements(states), blocks.hAfter(t) + from * output);
                }
                keepEnded(t, from, to);
            }
        });
    }

    /**
     * Initializes the sums of a step, to which the product with h is added later: with the product of the weight and the input or, if the
     * gates need the two products separately, with the bias.
     */
    private void begin(Object sums, ArrayElements input, @Nullable ArrayElements bias, int t, int from, int to) {
        if (!gates.isSeparate()) {
            copy(input.array(), input.offset() + (t * samples + from) * rows, sums, from * rows, (to - from) * rows);
            return;
        }
        for (int n = from; n < to; n++) {
            if (bias == null) {
                storage.fill(sums, n * rows, rows, 0);
            } else {
                copy(bias.array(), bias.offset(), sums, n * rows, rows);
            }
        }
    }

    private void stepForward(
            Frame<Object> frame, int t, int sample, int count, ArrayElements input, Object sums, boolean isOutput) {
        Object elements = elements(states);
        int n = count * hidden;
        read(sums, sample * rows, frame.sums, count);
        if (gates.isSeparate()) {
            read(input.array(), input.offset() + (t * samples + sample) * rows, frame.inputs, count);
            copy(elements, blocks.hBefore(t) + sample * hidden, frame.before, 0, n);
        }
        if (gates.hasCell()) {
            copy(elements, blocks.cBefore(t) + sample * hidden, frame.c, 0, n);
        }
        loops.forward(frame, n);
        write(frame.kept, elements(kept), (remembered(t) + sample) * gates.kept * hidden, count);
        if (isOutput) {
            copy(frame.h, 0, elements, blocks.hAfter(t) + sample * hidden, n);
        } else {
            copy(frame.h, 0, elements(unprojected), (remembered(t) + sample) * hidden, n);
        }
        if (gates.hasCell()) {
            copy(frame.c, 0, elements, blocks.cAfter(t) + sample * hidden, n);
        }
    }

    /** Restores the state of sequences that have ended, since the step computed a new state for these sequences, too. */
    private void keepEnded(int t, int from, int to) {
        Object elements = elements(states);
        for (int n = from; lengths != null && n < to; n++) {
            if (!lasts(t, n)) {
                copy(elements, blocks.hBefore(t) + n * output, elements, blocks.hAfter(t) + n * output, output);
                if (gates.hasCell()) {
                    copy(elements, blocks.cBefore(t) + n * hidden, elements, blocks.cAfter(t) + n * hidden, hidden);
                }
            }
        }
    }

    // ---- backward ----

    /**
     * The gradients of the operands, in the order of {@link ScanOperands}: the products with the input, the initial h and c, the weight,
     * the bias and the projection. There are no entries for absent operands.
     *
     * @param upstream the upstream gradient of {@link #states()}
     * @param all the operands, which must not have changed
     * @param wanted tells for an index in the list returned whether the gradient at this index is needed; if not, the gradient may be null
     */
    List<@Nullable NdArray> backward(NdArray upstream, ScanOperands all, IntPredicate wanted) {
        Matrix weight = matrix(all.weights().hidden().data());
        Matrix projection = projection(all);
        Object ofSums = ArrayElements.empty(dtype, steps * samples * rows);
        Object ofInputs = gates.isSeparate() ? ArrayElements.empty(dtype, steps * samples * rows) : ofSums;
        Object ofOutputs = storage.allocate(projection == null ? 0 : steps * samples * output);
        // The gradients of h and c, which the loop below carries from the last step to the first.
        Carried carried = new Carried(ArrayElements.of(upstream), projection);
        eachRange((frame, from, to) -> {
            for (int k = steps - 1; k >= 0; k--) {
                int t = blocks.step(k);
                carried.add(blocks.after(t), from, to);
                if (projection != null) {
                    project(carried, projection, ofOutputs, t, from, to);
                }
                for (int sample = from; sample < to; sample += perFrame()) {
                    int count = Math.min(to - sample, perFrame());
                    stepBackward(frame, t, sample, count, carried, ofSums, ofInputs);
                }
                Matrix gradients = matrix(ofSums, (t * samples + from) * rows, to - from, rows);
                products.multiply(gradients, weight, carried.h, from * output);
            }
            carried.add(blocks.before(blocks.step(0)), from, to);
        });
        return gradients(all, carried, ofSums, ofInputs, ofOutputs, wanted);
    }

    /** The gradients of h and c between two steps, for all samples; the backward pass carries them from step to step. */
    private final class Carried {
        final ArrayElements upstream;
        final boolean isProjected;
        final Object h = storage.allocate(samples * output);
        final Object c = storage.allocate(gates.hasCell() ? samples * hidden : 0);
        /** The gradient of the projection's input; without a projection, the gradient of h. */
        final Object units;

        Carried(ArrayElements upstream, @Nullable Matrix projection) {
            this.upstream = upstream;
            this.isProjected = projection != null;
            this.units = projection == null ? h : storage.allocate(samples * hidden);
        }

        void add(int block, int from, int to) {
            add(blocks.h(block), h, from * output, (to - from) * output);
            if (gates.hasCell()) {
                add(blocks.c(block), c, from * hidden, (to - from) * hidden);
            }
        }

        private void add(int block, Object sums, int at, int n) {
            ArithmeticLoops<Object> arithmetic =
                    ArrayElements.loops(dtype, "recurrent").arithmetic();
            arithmetic.accumulate(upstream.array(), upstream.offset() + block + at, sums, at, n);
        }
    }

    /**
     * Computes the gradient of the projection's input from the gradient of h, which it sets to 0, for the sequences that have not ended.
     */
    private void project(Carried carried, Matrix projection, Object ofOutputs, int t, int from, int to) {
        for (int n = from; n < to; n++) {
            if (lasts(t, n)) {
                copy(carried.h, n * output, ofOutputs, (t * samples + n) * output, output);
                storage.fill(carried.h, n * output, output, 0);
            }
        }
        storage.fill(carried.units, from * hidden, (to - from) * hidden, 0);
        Matrix outputs = matrix(ofOutputs, (t * samples + from) * output, to - from, output);
        products.multiply(outputs, projection, carried.units, from * hidden);
    }

    private void stepBackward(
            Frame<Object> frame, int t, int sample, int count, Carried carried, Object ofSums, Object ofInputs) {
        int n = count * hidden;
        int first = sample * hidden;
        read(elements(kept), (remembered(t) + sample) * gates.kept * hidden, frame.kept, count);
        copy(carried.units, first, frame.h, 0, n);
        if (gates.isSeparate()) {
            copy(elements(states), blocks.hBefore(t) + first, frame.before, 0, n);
        }
        if (gates.hasCell()) {
            copy(carried.c, first, frame.c, 0, n);
            copy(elements(states), blocks.cBefore(t) + first, frame.cell, 0, n);
        }
        loops.backward(frame, n);
        write(frame.sums, ofSums, (t * samples + sample) * rows, count);
        if (gates.isSeparate()) {
            write(frame.inputs, ofInputs, (t * samples + sample) * rows, count);
        }
        for (int s = sample; s < sample + count; s++) {
            if (lasts(t, s)) {
                int from = (s - sample) * hidden;
                if (!carried.isProjected) {
                    copy(frame.h, from, carried.h, s * hidden, hidden);
                }
                if (gates.hasCell()) {
                    copy(frame.c, from, carried.c, s * hidden, hidden);
                }
            } else {
                storage.fill(ofSums, (t * samples + s) * rows, rows, 0);
                storage.fill(ofInputs, (t * samples + s) * rows, rows, 0);
            }
        }
    }

    private List<@Nullable NdArray> gradients(
            ScanOperands all, Carried carried, Object ofSums, Object ofInputs, Object ofOutputs, IntPredicate wanted) {
        List<@Nullable NdArray> gradients = new ArrayList<>();
        gradients.add(ArrayElements.adopt(dtype, all.input().shape(), ofInputs));
        gradients.add(ArrayElements.adopt(dtype, Shape.of(samples, output), carried.h));
        if (gates.hasCell()) {
            gradients.add(ArrayElements.adopt(dtype, Shape.of(samples, hidden), carried.c));
        }
        int count = steps * samples;
        NdArray perSum = ArrayElements.adopt(dtype, Shape.of(count, rows), ofSums);
        NdArray before = states.slice(0, blocks.hBefore(0), blocks.hBefore(0) + count * output);
        gradients.add(wanted.test(gradients.size()) ? perSum.transpose().matmul(before.reshape(count, output)) : null);
        if (all.weights().bias() != null) {
            gradients.add(wanted.test(gradients.size()) ? perSum.sum(0) : null);
        }
        if (all.weights().projection() != null) {
            NdArray perOutput = ArrayElements.adopt(dtype, Shape.of(count, output), ofOutputs);
            NdArray units = unprojected.reshape(count, hidden);
            gradients.add(wanted.test(gradients.size()) ? perOutput.transpose().matmul(units) : null);
        }
        return gradients;
    }
}
