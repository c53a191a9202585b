package io.adjoint.core;

import io.adjoint.core.loops.ElementLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Evaluates deferred arrays of one shape in one loop. Each deferred array is computed from its operands; a block of elements passes
 * through all of them before the next block begins. Intermediate results lie in buffers, which later arrays reuse.
 */
final class FusedLoop {
    private final Shape shape;
    private final List<NdArray> deferred;
    /**
     * For each deferred array, the indices in {@link #slots} of the slots of its operands, followed by the index of the slot of its result.
     */
    private final int[][] wiring;

    private final List<Slot> slots = new ArrayList<>();

    /** The arrays that the loop reads. */
    private final List<NdArray> inputs = new ArrayList<>();

    /**
     * The elements of one input, result or intermediate result.
     *
     * @param array the array with the elements; for an intermediate result it only describes the dtype
     * @param number of an input, its number in {@link #inputs}
     */
    private record Slot(Kind kind, NdArray array, int number) {}

    private enum Kind {
        INPUT,
        RESULT,
        /** A buffer for a block of an intermediate result. */
        BUFFER
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
                wires[o] = slotOf.computeIfAbsent(operand, a -> input(values.getOrDefault(a, a)));
            }
            Deque<Integer> buffers = free.computeIfAbsent(array.dtype, dtype -> new ArrayDeque<>());
            if (wanted.contains(array)) {
                NdArray value = NdArray.empty(array.dtype, shape);
                values.put(array, value);
                wires[operands.length] = slot(Kind.RESULT, value);
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

    private int input(NdArray array) {
        inputs.add(array);
        return slot(Kind.INPUT, array);
    }

    private int slot(Kind kind, NdArray array) {
        slots.add(new Slot(kind, array, inputs.size() - 1));
        return slots.size() - 1;
    }

    void run() {
        Blocks blocks = new Blocks(Blocks.LONG_FOR_FUNCTIONS, shape, inputs.toArray(NdArray[]::new));
        blocks.walk(() -> new Pipeline(blocks));
    }

    /** Computes one block of each array at a time, with buffers for a block. */
    private final class Pipeline implements Rows.Body {
        private final Blocks.Reader reader;
        private final Object[] arrays = new Object[slots.size()];
        private final int[] starts = new int[slots.size()];
        private final ElementLoop[] loops = new ElementLoop[wiring.length];
        private final Object[][] operands = new Object[wiring.length][];
        private final int[][] offsets = new int[wiring.length][];
        private final int[][] increments = new int[wiring.length][];

        /** Allocates the buffers. */
        Pipeline(Blocks blocks) {
            reader = blocks.reader();
            for (int k = 0; k < arrays.length; k++) {
                NdArray array = slots.get(k).array;
                arrays[k] = slots.get(k).kind == Kind.BUFFER
                        ? array.dtype.storage().allocate(blocks.most())
                        : array.elements();
            }
            for (int s = 0; s < loops.length; s++) {
                loops[s] = Fusion.loop(deferred.get(s)).make(blocks.most());
                int count = wiring[s].length - 1;
                operands[s] = new Object[count];
                offsets[s] = new int[count];
                increments[s] = new int[count];
                for (int o = 0; o < count; o++) {
                    Slot slot = slots.get(wiring[s][o]);
                    increments[s][o] = slot.kind == Kind.INPUT ? blocks.strides()[slot.number] : 1;
                }
            }
        }

        @Override
        public void run(int[] from, int at, int n) {
            int[] read = reader.read(from, n);
            for (int k = 0; k < arrays.length; k++) {
                Slot slot = slots.get(k);
                if (slot.kind == Kind.INPUT) {
                    arrays[k] = reader.arrays()[slot.number];
                    starts[k] = read[slot.number];
                } else if (slot.kind == Kind.RESULT) {
                    starts[k] = slot.array.offset + at;
                }
            }
            for (int s = 0; s < loops.length; s++) {
                int[] wires = wiring[s];
                for (int o = 0; o < offsets[s].length; o++) {
                    operands[s][o] = arrays[wires[o]];
                    offsets[s][o] = starts[wires[o]];
                }
                int out = wires[wires.length - 1];
                loops[s].run(operands[s], offsets[s], increments[s], arrays[out], starts[out], n);
            }
        }
    }
}
