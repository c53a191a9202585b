package io.adjoint.nn.train;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import io.adjoint.nn.parallel.Collective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decisions on which all workers of a training have to agree. A single worker sends no messages. */
final class Decisions {
    /** The elapsed time in the state of a training. Workers measure different times, so {@link #requireEqual} leaves it out. */
    private static final String ELAPSED = "trainer's " + Stopwatch.ELAPSED;

    static final Decisions ALONE = new Decisions(Collective.alone(), 1);

    /** The kind of the messages of {@link #agree}. */
    private static final int AGREEMENT = 0;
    /** The kind of the messages of {@link Outcomes}. */
    static final int OUTCOMES = 1;

    private final Collective collective;
    private final int shards;

    Decisions(Collective collective, int shards) {
        this.collective = collective;
        this.shards = shards;
    }

    boolean isFirst() {
        return collective.rank() == 0;
    }

    /** The result of {@link #agree}, equal on all workers: the number that rank 0 passed, and whether any worker passed true. */
    record Agreed(double first, boolean any) {}

    /** Agrees on the number that rank 0 passes, and on whether any worker passes true, by one message to each other worker. */
    Agreed agree(double ofFirst, boolean own) {
        if (collective.size() == 1) {
            return new Agreed(ofFirst, own);
        }
        List<double[]> all = exchange(collective, AGREEMENT, ofFirst, own ? 1 : 0);
        return new Agreed(all.get(0)[0], all.stream().anyMatch(each -> each[1] > 0));
    }

    /**
     * Exchanges numbers; returns the numbers of all workers, by rank.
     *
     * @param kind the kind of message, {@link #AGREEMENT} or {@link #OUTCOMES}
     * @throws IllegalStateException if another worker exchanges another kind of message
     */
    static List<double[]> exchange(Collective workers, int kind, double... own) {
        double[] sent = new double[own.length + 1];
        sent[0] = kind;
        System.arraycopy(own, 0, sent, 1, own.length);
        List<double[]> all = new ArrayList<>();
        for (NdArray array : workers.allGather(NdArray.of(Shape.of(sent.length), sent))) {
            double[] numbers = array.toDoubleArray();
            requireSameCall(numbers[0] == kind);
            all.add(Arrays.copyOfRange(numbers, 1, numbers.length));
        }
        return all;
    }

    /** Throws if the condition is false, since the workers are then at different points of their programs. */
    static void requireSameCall(boolean condition) {
        if (!condition) {
            throw new IllegalStateException("the workers are not at the same point of the training: they have other"
                    + " batches, shards, or settings such as accumulate and validate; these must be equal on all");
        }
    }

    /** Returns the number that the worker of rank 0 passed. */
    double first(double own) {
        return collective.size() == 1
                ? own
                : collective.broadcast(NdArray.scalar(DType.FLOAT64, own), 0).item();
    }

    /** Returns the values that the worker of rank 0 passed; all workers pass the same names. */
    Map<String, Double> first(Map<String, Double> own) {
        if (collective.size() == 1) {
            return own;
        }
        double[] numbers = own.values().stream().mapToDouble(value -> value).toArray();
        double[] agreed = collective
                .broadcast(NdArray.of(Shape.of(numbers.length), numbers), 0)
                .toDoubleArray();
        Map<String, Double> values = new LinkedHashMap<>();
        int k = 0;
        for (String name : own.keySet()) {
            values.put(name, agreed[k++]);
        }
        return values;
    }

    /** Runs work that only this worker does; if the work throws, the training of all workers ends. */
    void failTogether(Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            fail(e);
            throw e;
        }
    }

    /** Ends the training of all workers because the training of this worker failed. */
    void fail(Throwable cause) {
        if (collective.size() > 1) {
            collective.fail(cause);
        }
    }

    /**
     * Checks that all workers have the same number of shards, and states that are equal bit by bit.
     *
     * @param parts the parts of the training, such as model and optimizer, by name; a part may have the name "": then messages name its
     *     arrays without it
     * @throws IllegalStateException if the number of shards or an array of a part differs
     */
    void requireEqual(Map<String, Stateful> parts) {
        if (collective.size() == 1) {
            return;
        }
        Map<String, NdArray> state = new LinkedHashMap<>();
        state.put("number of shards", NdArray.scalar(DType.INT32, shards));
        parts.forEach((part, stateful) -> StateFields.current(stateful)
                .forEach((name, array) -> state.put(part.isEmpty() ? name : part + "'s " + name, array)));
        state.remove(ELAPSED);
        List<String> names = List.copyOf(state.keySet());
        int[] hashes = state.values().stream()
                .mapToInt(array -> 31 * array.dtype().name().hashCode() + array.hashCode())
                .toArray();
        List<NdArray> all = collective.allGather(NdArray.of(Shape.of(hashes.length), hashes));
        int[] first = all.get(0).toIntArray();
        for (int r = 1; r < all.size(); r++) {
            int at = Arrays.mismatch(first, all.get(r).toIntArray());
            if (at >= 0) {
                throw new IllegalStateException("Trainer: worker " + r + " has another "
                        + (at < names.size() ? "'" + names.get(at) + "'" : "number of parameters") + " than worker 0;"
                        + " begin with the same settings, seeds and data, or load the same checkpoint on all workers");
            }
        }
    }
}
