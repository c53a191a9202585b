package io.adjoint.benchmarks.gradbench;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Backend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adjoint as a tool of GradBench, for all twelve evals: answers each line of JSON on the standard input with one on the standard output,
 * by the protocol in GradBench's {@code CONTRIBUTING.md}.
 *
 * <pre>{@code
 * java --add-modules jdk.incubator.vector -cp benchmarks/target/benchmarks.jar io.adjoint.benchmarks.gradbench.GradBench
 * {"id": 0, "kind": "define", "module": "hello"}
 * {"id":0,"success":true}
 * {"id": 1, "kind": "evaluate", "module": "hello", "function": "double", "input": 3}
 * {"id":1,"success":true,"output":6.0,"timings":[{"name":"warmup","nanoseconds":…},{"name":"evaluate","nanoseconds":…}]}
 * }</pre>
 *
 * <p>The script {@code benchmarks/gradbench/run.py} has GradBench's evals check the answers, and compares times of several tools.
 */
public final class GradBench {
    private static final Gson GSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .registerTypeAdapter(Tensor.class, new TensorJson())
            .disableHtmlEscaping()
            .create();

    private record Message(
            int id,
            String kind,
            @Nullable String module,
            @Nullable String function,
            @Nullable JsonElement input) {}

    private record Response(
            int id,
            @Nullable String tool,
            @Nullable Map<String, String> config,
            @Nullable Boolean success,
            @Nullable JsonElement output,
            @Nullable List<Eval.Timing> timings,
            @Nullable String error) {}

    private GradBench() {}

    /** Answers messages until the standard input ends. */
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(answer(line));
            out.flush();
        }
    }

    /** The response to one message, both a line of JSON. */
    public static String answer(String line) {
        return GSON.toJson(answer(GSON.fromJson(line, Message.class)));
    }

    private static Response answer(Message message) {
        int id = message.id();
        try {
            return switch (message.kind()) {
                case "start" ->
                    new Response(id, "adjoint", Map.of("backend", Backend.describe()), null, null, null, null);
                case "define" -> {
                    named(message.module());
                    yield new Response(id, null, null, true, null, null, null);
                }
                case "evaluate" -> {
                    Eval.Evaluation done = named(message.module()).evaluate(GSON, message.function(), message.input());
                    yield new Response(id, null, null, true, done.output(), done.timings(), null);
                }
                default -> new Response(id, null, null, null, null, null, null);
            };
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            return new Response(id, null, null, false, null, null, trace.toString());
        }
    }

    private static Eval<?> named(@Nullable String module) {
        return switch (String.valueOf(module)) {
            case "hello" -> HelloEval.eval();
            case "gmm" -> GmmEval.eval();
            case "lstm" -> LstmEval.eval();
            case "ba" -> BaEval.eval();
            case "kmeans" -> KmeansEval.eval();
            case "lse" -> LseEval.eval();
            case "llsq" -> LlsqEval.eval();
            case "ode" -> OdeEval.eval();
            case "det" -> DetEval.eval();
            case "saddle" -> SaddleEval.eval();
            case "particle" -> ParticleEval.eval();
            case "ht" -> HtEval.eval();
            default -> throw new IllegalArgumentException("there is no eval '" + module + "'");
        };
    }
}
