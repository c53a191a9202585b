package io.adjoint.core;

import io.adjoint.core.loops.ElementLoop;
import io.adjoint.core.parallel.Parallel;
import io.adjoint.core.parallel.ScratchPool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates deferred arrays of one shape in one loop. Each deferred array is computed from its operands; a block of elements passes
 * through all of them before the next block begins. Intermediate results lie in buffers, which later arrays reuse.
 */
final class FusedLoop {
    /**
     * The largest number of elements of a block. A few buffers of this size take half of a first-level cache, so a block stays in the cache
     * from array to array.
     */
    private static final int BLOCK = Rows.RUN;

    private final Shape shape;
    private final List<NdArray> deferred;
    /**
     * For each deferred array, the indices in {@link #slots} of the slots of its operands, followed by the index of the slot of its result.
     */
    private final int[][] wiring;

    private final List<Slot> slots = new ArrayList<>();

    /** The elements of one operand or result, either in a buffer or in an array. */
    private record Slot(DType dtype, Kind kind, NdArray array) {}

    private enum Kind {
        /** A buffer for a block of an intermediate result; the slot's array only describes the shape and dtype of the result. */
        BUFFER,
        /** A buffer to which an array's elements are copied, block by block, because the array is broadcast or not in row-major order. */
        COPIED,
        /** An array with all elements, which the loop reads or writes in place. */
        WHOLE,
        /** An array with a single element, which is the operand of every element of the result. */
        NUMBER
    }

    /**
     * Plans the loop that computes some deferred arrays.
     *
     * @param deferred the deferred arrays to compute, each behind its operands
     * @param wanted the deferred arrays whose elements are needed after the loop
     * @param values maps each deferred array that has been evaluated to the array with its elements; the loop reads from this map and adds
     *     its results
     */
    FusedLoop(Shape shape, List<NdArray> deferred, Set<NdArray> wanted, IdentityHashMap<NdArray, NdArray> values) {
        this.shape = shape;
        this.deferred = deferred;
        this.wiring = new int[deferred.size()][];
        IdentityHashMap<NdArray, Integer> lastUse = new IdentityHashMap<>();
        for (int s = 0; s < deferred.size(); s++) {
            for (NdArray operand : Fusion.expression(deferred.get(s)).operands) {
                lastUse.put(operand, s);
            }
        }
        IdentityHashMap<NdArray, Integer> slotOf = new IdentityHashMap<>();
        Map<DType, Deque<Integer>> free = new EnumMap<>(DType.class);
        for (int s = 0; s < deferred.size(); s++) {
            NdArray array = deferred.get(s);
            NdArray[] operands = Fusion.expression(array).operands;
            int[] wires = new int[operands.length + 1];
            for (int o = 0; o < operands.length; o++) {
                NdArray operand = operands[o];
                wires[o] = slotOf.computeIfAbsent(operand, a -> outside(values.getOrDefault(a, a)));
            }
            Deque<Integer> buffers = free.computeIfAbsent(array.dtype, dtype -> new ArrayDeque<>());
            if (wanted.contains(array)) {
                NdArray value = NdArray.empty(array.dtype, shape);
                values.put(array, value);
                wires[operands.length] = slot(Kind.WHOLE, value);
            } else {
                wires[operands.length] = buffers.isEmpty() ? slot(Kind.BUFFER, array) : buffers.pop();
            }
            slotOf.put(array, wires[operands.length]);
            wiring[s] = wires;
            for (int o = 0; o < operands.length; o++) {
                boolean isLast = lastUse.getOrDefault(operands[o], -1) == s;
                if (isLast && slots.get(wires[o]).kind == Kind.BUFFER) {
                    // An array may read an operand twice. The operand is removed from lastUse, so that its buffer is
                    // freed only once.
                    lastUse.remove(operands[o]);
                    free.computeIfAbsent(operands[o].dtype, dtype -> new ArrayDeque<>())
                            .push(wires[o]);
                }
            }
        }
    }

    private int outside(NdArray array) {
        boolean all = array.shape.size() == shape.size();
        return slot(all && array.isDense() ? Kind.WHOLE : array.isNumber() ? Kind.NUMBER : Kind.COPIED, array);
    }

    private int slot(Kind kind, NdArray array) {
        slots.add(new Slot(array.dtype, kind, array));
        return slots.size() - 1;
    }

    void run() {
        @Nullable Rows[] rows = new Rows[slots.size()];
        for (int k = 0; k < rows.length; k++) {
            Slot slot = slots.get(k);
            rows[k] = slot.kind == Kind.COPIED ? new Rows(shape, slot.array) : null;
        }
        ScratchPool<Pipeline> pool = new ScratchPool<>(() -> new Pipeline(rows));
        Parallel.ranges(shape.size(), (from, to) -> {
            Pipeline pipeline = pool.take();
            for (int at = from; at < to; at += BLOCK) {
                pipeline.run(at, Math.min(to - at, BLOCK));
            }
            pool.giveBack(pipeline);
        });
    }

    /** Computes one block of each array at a time, with buffers for a block. */
    private final class Pipeline {
        private final @Nullable Rows[] rows;
        private final Object[] arrays = new Object[slots.size()];
        private final ElementLoop[] loops = new ElementLoop[wiring.length];
        private final Object[][] operands = new Object[wiring.length][];
        private final int[][] offsets = new int[wiring.length][];
        private final int[][] increments = new int[wiring.length][];

        /** Allocates the buffers. In {@code rows} are the rows of each slot whose elements are copied, and null for the other slots. */
        Pipeline(@Nullable Rows[] rows) {
            this.rows = rows;
            int most = Math.min(shape.size(), BLOCK);
            for (int k = 0; k < arrays.length; k++) {
                Slot slot = slots.get(k);
                boolean buffered = slot.kind == Kind.BUFFER || slot.kind == Kind.COPIED;
                arrays[k] = buffered ? slot.dtype.storage().allocate(most) : slot.array.elements();
            }
            for (int s = 0; s < loops.length; s++) {
                loops[s] = Fusion.loop(deferred.get(s)).make(most);
                int count = wiring[s].length - 1;
                operands[s] = new Object[count];
                offsets[s] = new int[count];
                increments[s] = new int[count];
                for (int o = 0; o < count; o++) {
                    Slot slot = slots.get(wiring[s][o]);
                    operands[s][o] = arrays[wiring[s][o]];
                    increments[s][o] = slot.kind == Kind.NUMBER ? 0 : 1;
                }
            }
        }

        /** Computes n elements of the results, from the index {@code at} on. */
        void run(int at, int n) {
            for (int k = 0; k < arrays.length; k++) {
                Rows copied = rows[k];
                if (copied != null) {
                    copy(copied, slots.get(k), at, n, arrays[k]);
                }
            }
            for (int s = 0; s < loops.length; s++) {
                int[] wires = wiring[s];
                for (int o = 0; o < offsets[s].length; o++) {
                    offsets[s][o] = offset(slots.get(wires[o]), at);
                }
                int out = wires[wires.length - 1];
                loops[s].run(operands[s], offsets[s], increments[s], arrays[out], offset(slots.get(out), at), n);
            }
        }
    }

    private static int offset(Slot slot, int at) {
        return switch (slot.kind) {
            case BUFFER, COPIED -> 0;
            case WHOLE -> slot.array.offset + at;
            case NUMBER -> slot.array.offset;
        };
    }

    private static void copy(Rows rows, Slot slot, int at, int n, Object buffer) {
        rows.walk(
                at,
                at + n,
                (offsets, to, length) -> slot.dtype
                        .storage()
                        .copy(slot.array.elements(), offsets[0], rows.stride(0), buffer, to - at, 1, length));
    }
}
