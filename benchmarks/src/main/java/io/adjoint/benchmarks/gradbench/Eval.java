package io.adjoint.benchmarks.gradbench;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import io.adjoint.autograd.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The functions of an eval, by name. A function is timed as often as the eval asks, each time as a step of a {@link Workspace}; reading
 * and preparing the input and writing the output aren't timed.
 *
 * @param <P> the prepared input, which a function takes
 */
final class Eval<P> {
    /** The time of the warm-up or of one run after it, as GradBench reads it. */
    record Timing(String name, long nanoseconds) {}

    /** The answer to a message: the function's value and all times. */
    record Evaluation(JsonElement output, List<Timing> timings) {}

    /**
     * The smallest number of runs, and the shortest time in seconds, for which a function is run. An input without these numbers asks for
     * one run.
     */
    private record Runs(int minRuns, double minSeconds) {}

    private record Timed<P>(Function<? super P, ?> compute, Function<Object, ?> output) {}

    private final BiFunction<Gson, JsonElement, P> prepare;
    private final Supplier<Workspace> workspace;
    private final Map<String, Timed<P>> functions = new LinkedHashMap<>();

    private Eval(BiFunction<Gson, JsonElement, P> prepare, Supplier<Workspace> workspace) {
        this.prepare = prepare;
        this.workspace = workspace;
    }

    /** An eval whose functions take the input as it is read: a tensor, or a record of numbers, arrays and tensors. */
    static <P> Eval<P> of(Class<P> input) {
        return of(input, read -> read);
    }

    /** An eval whose functions take something that is prepared once from the input. */
    static <I, P> Eval<P> of(Class<I> input, Function<? super I, ? extends P> prepare) {
        return new Eval<>((gson, json) -> prepare.apply(gson.fromJson(json, input)), Workspace::new);
    }

    /** The same eval, still without functions, each of whose runs leaves its memory to the garbage collector. */
    Eval<P> withoutWorkspace() {
        return new Eval<>(prepare, Workspace::none);
    }

    /** Adds a function; its value, a tensor or a record, array or number, is written as it is. */
    Eval<P> function(String name, Function<? super P, ?> compute) {
        return function(name, compute, value -> value);
    }

    /** Adds a function, and a second one, not timed, that converts the value of the first one to what is written. */
    @SuppressWarnings("unchecked") // output is applied to values of compute alone
    <V> Eval<P> function(String name, Function<? super P, ? extends V> compute, Function<? super V, ?> output) {
        functions.put(name, new Timed<>(compute, (Function<Object, ?>) output));
        return this;
    }

    /**
     * Runs a function as often as the input asks, after a warm-up of the measurement's shortest time, so that without such a time the first
     * run counts. A last run, which isn't timed, gives the output, since all runs have the same bits.
     */
    Evaluation evaluate(Gson gson, @Nullable String name, @Nullable JsonElement input) {
        Timed<P> function = name == null ? null : functions.get(name);
        if (function == null || input == null) {
            throw new IllegalArgumentException(
                    "no function '" + name + "', or no input; there are " + functions.keySet());
        }
        Runs runs = input.isJsonObject() ? gson.fromJson(input, Runs.class) : new Runs(1, 0);
        P prepared = prepare.apply(gson, input);
        Workspace steps = workspace.get();
        long start = System.nanoTime();
        while (System.nanoTime() - start < runs.minSeconds() * 1e9) {
            steps.run(() -> function.compute().apply(prepared));
        }
        List<Timing> timings = new ArrayList<>();
        timings.add(new Timing("warmup", System.nanoTime() - start));
        double nanoseconds = 0;
        for (int run = 0; run == 0 || run < runs.minRuns() || nanoseconds < runs.minSeconds() * 1e9; run++) {
            long begin = System.nanoTime();
            steps.run(() -> function.compute().apply(prepared));
            long time = System.nanoTime() - begin;
            timings.add(new Timing("evaluate", time));
            nanoseconds += time;
        }
        JsonElement output = steps.run(
                () -> gson.toJsonTree(function.output().apply(function.compute().apply(prepared))));
        return new Evaluation(output, timings);
    }
}
