package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class StateFieldsTest {
    /** An object with a field of each kind. */
    private static final class Everything implements Stateful {
        double rate;
        int count;
        double[] losses = {};
        int[] order = {};
        final NdArray mean = NdArray.zeros(DType.FLOAT32, Shape.of(2));
        NdArray last = NdArray.zeros(DType.BOOL, Shape.of(1, 2));
        NdArray[] entries = {};
        final Generator generator;

        Everything(long seed) {
            generator = new Generator(seed);
        }

        @Override
        public void declareState(StateFields fields) {
            double loaded = fields.number("rate", rate, value -> rate = value);
            fields.count("count", count, value -> count = value);
            fields.numbers("losses", losses, values -> losses = values);
            int[] loadedOrder = fields.integers("order", order);
            fields.onLoad(() -> order = loadedOrder);
            fields.array("mean", mean);
            fields.array("last", last, array -> last = array);
            NdArray[] next = new NdArray[Math.min(fields.count("entries", entries.length), 9)];
            for (int k = 0; k < next.length; k++) {
                NdArray entry = k < entries.length ? entries[k] : NdArray.scalar(DType.FLOAT64, 0);
                next[k] = fields.array("entry." + k, entry, array -> {});
            }
            fields.onLoad(() -> entries = next);
            fields.part("generator", generator);
            fields.require(loaded >= 0, "the rate must not be negative, got " + loaded);
        }
    }

    private static Everything changed() {
        Everything all = new Everything(3);
        all.rate = Double.POSITIVE_INFINITY;
        all.count = Integer.MAX_VALUE;
        all.losses = new double[] {0.5, Double.NaN};
        all.order = new int[] {2, 0, 1};
        InPlace.assign(all.mean, NdArray.full(DType.FLOAT32, Shape.of(2), 1));
        all.last = NdArray.full(DType.BOOL, Shape.of(1, 2), 1);
        all.entries = new NdArray[] {NdArray.scalar(DType.FLOAT64, 7), NdArray.scalar(DType.FLOAT64, 8)};
        assertThat(all.generator.nextLong()).isNotZero();
        return all;
    }

    @Test
    void oneDeclarationSavesAndLoadsAFieldOfEachKind() {
        Everything saved = changed();
        Map<String, NdArray> state = saved.state();
        Everything loaded = new Everything(4);
        NdArray mean = loaded.mean;

        loaded.load(state);

        assertThat(state)
                .containsOnlyKeys(
                        "rate",
                        "count",
                        "losses",
                        "order",
                        "mean",
                        "last",
                        "entries",
                        "entry.0",
                        "entry.1",
                        "generator.state");
        assertThat(loaded.state()).isEqualTo(state);
        assertThat(loaded.mean).isSameAs(mean);
        assertThat(loaded.generator.nextLong()).isEqualTo(saved.generator.nextLong());
    }

    @Test
    void statesAreCopies() {
        Everything saved = changed();
        Map<String, NdArray> state = saved.state();
        Map<String, NdArray> before = new LinkedHashMap<>(changed().state());
        Everything loaded = new Everything(4);
        loaded.load(state);

        InPlace.assign(loaded.mean, NdArray.zeros(DType.FLOAT32, Shape.of(2)));
        InPlace.assign(loaded.last, NdArray.zeros(DType.BOOL, Shape.of(1, 2)));
        InPlace.assign(saved.mean, NdArray.zeros(DType.FLOAT32, Shape.of(2)));

        assertThat(state).isEqualTo(before);
    }

    @Test
    void everyArrayThatDoesNotFitIsListedAndNothingIsLoaded() {
        Everything object = new Everything(1);
        Map<String, NdArray> before = object.state();
        Map<String, NdArray> state = changed().state();
        state.put("rate", NdArray.scalar(DType.FLOAT32, -1));
        state.put("losses", NdArray.zeros(DType.FLOAT64, Shape.of(2, 1)));
        state.remove("mean");
        state.remove("generator.state");
        state.put("gain", NdArray.scalar(DType.FLOAT64, 1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> object.load(state))
                .withMessage("Everything: the state does not fit, and nothing was loaded:"
                        + " 'rate' is FLOAT32 [] instead of FLOAT64 [];"
                        + " 'losses' is FLOAT64 [2, 1] instead of FLOAT64 [0];"
                        + " missing 'mean' FLOAT32 [2];"
                        + " missing 'generator.state' INT32 [8];"
                        + " unexpected 'gain'");
        assertThat(object.state()).isEqualTo(before);
    }

    @Test
    void impossibleValuesAreRefusedAndNothingIsLoaded() {
        Everything object = new Everything(1);
        Map<String, NdArray> before = object.state();
        Map<String, NdArray> negative = changed().state();
        negative.put("rate", NdArray.scalar(DType.FLOAT64, -1));
        Map<String, NdArray> count = changed().state();
        count.put("count", NdArray.scalar(DType.INT32, -2));
        Map<String, NdArray> zeros = changed().state();
        zeros.put("generator.state", NdArray.zeros(DType.INT32, Shape.of(8)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> object.load(negative))
                .withMessage("Everything: the state does not fit, and nothing was loaded:"
                        + " the rate must not be negative, got -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> object.load(count))
                .withMessage("Everything: the state does not fit, and nothing was loaded:"
                        + " the count 'count' must not be negative, got -2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> object.load(zeros))
                .withMessageContaining("not all zeros");
        assertThat(object.state()).isEqualTo(before);
    }

    @Test
    void severalObjectsAreCheckedBeforeTheFirstIsLoaded() {
        Everything object = new Everything(1);
        Map<String, NdArray> state = changed().state();

        Runnable load = StateFields.check(object, state);
        assertThat(object.state()).isEqualTo(new Everything(1).state());
        load.run();
        assertThat(object.state()).isEqualTo(state);
    }

    @Test
    void aLoadedStateIsCopiedAndACheckedOneTakenAsItIs() {
        Everything object = new Everything(1);
        Map<String, NdArray> state = changed().state();

        object.load(state);
        assertThat(object.last).isNotSameAs(state.get("last")).isEqualTo(state.get("last"));
        StateFields.check(object, state).run();
        assertThat(object.last).isSameAs(state.get("last"));
        assertThat(StateFields.current(object)).containsValue(object.last);
        assertThat(object.state().get("last")).isNotSameAs(object.last);
    }

    @Test
    void aStateOfNumbersIsCopiedOnceAndTheCurrentOneNot() {
        double[] losses = new double[100_000];
        Stateful object = fields -> fields.numbers("losses", losses, values -> {});
        assertThat(allocated(object::state)).isLessThan(12L * losses.length);
        assertThat(allocated(() -> StateFields.current(object))).isLessThan(losses.length);
    }

    /** The bytes that making a state allocates, at least. */
    private static long allocated(Supplier<Map<String, NdArray>> state) {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        for (int k = 0; k < 5; k++) {
            long before = thread.getCurrentThreadAllocatedBytes();
            assertThat(state.get()).hasSize(1);
            allocated = Math.min(allocated, thread.getCurrentThreadAllocatedBytes() - before);
        }
        return allocated;
    }

    @Test
    void aLambdaIsStatefulAndHasANameInMessages() {
        double[] baseline = {1};
        Stateful part = fields -> fields.number("baseline", baseline[0], value -> baseline[0] = value);
        part.load(Map.of("baseline", NdArray.scalar(DType.FLOAT64, 2)));

        assertThat(baseline).containsExactly(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> part.load(Map.of()))
                .withMessage("Stateful: the state does not fit, and nothing was loaded: missing 'baseline' FLOAT64 []");
    }

    /** An object with counts that exceed the range of int. */
    private static final class Counts implements Stateful {
        long all;
        long[] each = {};

        @Override
        public void declareState(StateFields fields) {
            fields.longCount("all", all, value -> all = value);
            fields.longCounts("each", each, values -> each = values);
        }
    }

    @Test
    void countsMayBeLargerThanAnInt() {
        Counts saved = new Counts();
        saved.all = 1L << 53;
        saved.each = new long[] {3_000_000_000L, 0};
        Counts loaded = new Counts();
        loaded.load(saved.state());

        assertThat(loaded.all).isEqualTo(1L << 53);
        assertThat(loaded.each).containsExactly(3_000_000_000L, 0);
        saved.all++;
        assertThatIllegalStateException()
                .isThrownBy(saved::state)
                .withMessage("Counts: the count 'all' must be a whole number up to 2^53, got 9007199254740993");
    }

    @Test
    void numbersThatAreNoCountsAreRefusedTogether() {
        Counts counts = new Counts();
        Map<String, NdArray> state = Map.of(
                "all", NdArray.scalar(DType.FLOAT64, 0.5), "each", NdArray.of(Shape.of(2), new double[] {1, Double.NaN
                }));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> counts.load(state))
                .withMessage("Counts: the state does not fit, and nothing was loaded:"
                        + " the count 'all' must be a whole number up to 2^53, got 0.5;"
                        + " the count 'each' must be a whole number up to 2^53, got NaN");
        assertThat(counts.state()).isEqualTo(new Counts().state());
    }

    @Test
    void aDamagedCountOfFieldsEndsInAnErrorOfBoundedLength() {
        int[] entries = {0};
        Stateful object = fields -> {
            int count = fields.count("count", entries[0], value -> entries[0] = value);
            for (int k = 0; k < count; k++) {
                fields.number("entry." + k, 0, value -> {});
            }
        };

        assertThatIllegalArgumentException()
                .isThrownBy(() -> object.load(Map.of("count", NdArray.scalar(DType.INT32, Integer.MAX_VALUE))))
                .withMessageEndingWith("missing 'entry.9999' FLOAT64 []");
    }

    @Test
    void namesThatOnlyTheStateKnowsAreThoseOfThePart() {
        Map<String, Double> sums = new LinkedHashMap<>(Map.of("b", 2.0));
        Stateful part = fields -> {
            Map<String, Double> loaded = new LinkedHashMap<>();
            for (String name : fields.names("sum.", sums.keySet())) {
                loaded.put(name, fields.number("sum." + name, sums.getOrDefault(name, 0.0)));
            }
            fields.onLoad(() -> {
                sums.clear();
                sums.putAll(loaded);
            });
        };
        Stateful whole = fields -> fields.part("part", part);
        assertThat(whole.state()).containsOnlyKeys("part.sum.b");

        whole.load(
                Map.of("part.sum.c", NdArray.scalar(DType.FLOAT64, 3), "part.sum.a", NdArray.scalar(DType.FLOAT64, 1)));

        assertThat(sums).containsExactly(Map.entry("a", 1.0), Map.entry("c", 3.0));
    }

    @Test
    void twoFieldsOfOneNameAreRefused() {
        Stateful twice = fields -> {
            fields.count("calls", 1, value -> {});
            fields.count("calls", 2, value -> {});
        };

        assertThatIllegalStateException()
                .isThrownBy(twice::state)
                .withMessage("Stateful: declares two fields 'calls' of its state");
    }
}
