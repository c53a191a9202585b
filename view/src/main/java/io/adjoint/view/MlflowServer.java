package io.adjoint.view;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.Messages;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to an MLflow server; each request is answered within the time-out or fails.
 *
 * @see <a href="https://mlflow.org/docs/latest/rest-api.html">the interface</a>
 */
final class MlflowServer implements AutoCloseable {
    private static final Pattern EXPERIMENT_ID = Pattern.compile("\"experiment_id\"\\s*:\\s*\"?([^\",}\\s]+)");
    private static final Pattern RUN_ID = Pattern.compile("\"run_id\"\\s*:\\s*\"([^\"]+)\"");
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;
    private static final int SHOWN = 300;
    /** The largest size of an answer in bytes. */
    private static final int MOST = 1 << 20;
    /** The tag by which a run is found whose creation was not answered. */
    private static final String TAG = "adjoint_run";

    private final URI address;
    private final Map<String, String> headers;
    private final Duration timeout;
    private final ExecutorService executor;
    private final HttpClient client;

    MlflowServer(URI address, Map<String, String> headers, Duration timeout) {
        this.address = address;
        this.headers = new LinkedHashMap<>(headers);
        this.timeout = timeout;
        executor = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "adjoint-mlflow-http");
            thread.setDaemon(true);
            return thread;
        });
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .executor(executor)
                .build();
    }

    /** Thrown if the server refuses a request, so that repeating the request is useless. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        final int status;

        Refused(String message, int status) {
            super(message);
            this.status = status;
        }

        /** Returns whether the server could take the request with other content. */
        boolean isForContent() {
            return status == BAD_REQUEST || status == TOO_LARGE;
        }
    }

    /** Returns the identifier of an experiment, which is created if it doesn't exist. */
    String experiment(String name) throws IOException, InterruptedException {
        String query = "experiments/get-by-name?experiment_name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        try {
            return found(EXPERIMENT_ID, call(query, null));
        } catch (Refused e) {
            if (e.status != NOT_FOUND) {
                throw e;
            }
        }
        try {
            return found(EXPERIMENT_ID, call("experiments/create", "{\"name\":" + Json.text(name) + "}"));
        } catch (Refused e) {
            // The creation failed; another process may have created the experiment meanwhile.
            return found(EXPERIMENT_ID, call(query, null));
        }
    }

    /**
     * Creates a run, and returns its identifier.
     *
     * @param key its value of a tag, by which {@link #findRun} finds it
     */
    String createRun(String experiment, long millis, String key) throws IOException, InterruptedException {
        return found(
                RUN_ID,
                call(
                        "runs/create",
                        "{\"experiment_id\":" + Json.text(experiment) + ",\"start_time\":" + millis
                                + ",\"tags\":[{\"key\":\"" + TAG + "\",\"value\":" + Json.text(key) + "}]}"));
    }

    /** Returns the identifier of a run that was created; null if there is none. */
    @Nullable
    String findRun(String experiment, String key) throws IOException, InterruptedException {
        String filter = "tags." + TAG + " = '" + key + "'";
        Matcher run = RUN_ID.matcher(call(
                "runs/search",
                "{\"experiment_ids\":[" + Json.text(experiment) + "],\"filter\":" + Json.text(filter)
                        + ",\"max_results\":1}"));
        return run.find() ? run.group(1) : null;
    }

    /** Updates the status of a run and, unless {@code endMillis} is null, the time of its end. */
    void update(String run, String status, @Nullable Long endMillis) throws IOException, InterruptedException {
        String end = endMillis == null ? "" : ",\"end_time\":" + endMillis;
        call("runs/update", "{\"run_id\":" + Json.text(run) + ",\"status\":\"" + status + "\"" + end + "}");
    }

    /** Adds metrics, parameters and tags, each given as comma-separated JSON objects. */
    void logBatch(String run, String metrics, String params, String tags) throws IOException, InterruptedException {
        call(
                "runs/log-batch",
                "{\"run_id\":" + Json.text(run) + ",\"metrics\":[" + metrics + "],\"params\":[" + params
                        + "],\"tags\":[" + tags + "]}");
    }

    private static String found(Pattern pattern, String answer) throws IOException {
        Matcher matcher = pattern.matcher(answer);
        if (!matcher.find()) {
            throw new Refused("the answer isn't MLflow's: " + shown(answer), 0);
        }
        return matcher.group(1);
    }

    private static String shown(String answer) {
        return Messages.oneLine(answer.substring(0, Math.min(answer.length(), SHOWN)));
    }

    /** Sends a request, a POST if there is a body, and returns the answer. */
    @CanIgnoreReturnValue
    private String call(String path, @Nullable String body) throws IOException, InterruptedException {
        String base = address.toString();
        URI uri = URI.create(base + (base.endsWith("/") ? "" : "/") + "api/2.0/mlflow/" + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout);
        headers.forEach(request::setHeader);
        if (body != null) {
            request.header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        }
        HttpResponse<String> response = answer(client.sendAsync(request.build(), head -> new Limited()));
        int status = response.statusCode();
        if (status == 200) {
            return response.body();
        }
        String message = path.replaceAll("\\?.*", "") + " was answered by " + status + " " + shown(response.body());
        if (status == TOO_MANY || status >= SERVER_ERROR) {
            throw new IOException(message);
        }
        throw new Refused(message, status);
    }

    /** Waits for an answer within the time-out. The client's own time-out covers only the headers, after which a server may still hang. */
    private HttpResponse<String> answer(CompletableFuture<HttpResponse<String>> future)
            throws IOException, InterruptedException {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            throw new IOException(String.valueOf(e.getCause()), e);
        } finally {
            future.cancel(true);
        }
    }

    /** Takes an answer as a text, and stops reading one that is too long. */
    private static final class Limited implements BodySubscriber<String> {
        private final BodySubscriber<String> text = BodySubscribers.ofString(StandardCharsets.UTF_8);
        private Flow.@Nullable Subscription subscription;
        private long size;

        @Override
        public CompletionStage<String> getBody() {
            return text.getBody();
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            text.onSubscribe(given);
        }

        @Override
        public void onNext(List<ByteBuffer> more) {
            more.forEach(buffer -> size += buffer.remaining());
            if (size <= MOST) {
                text.onNext(more);
            } else if (subscription != null) {
                subscription.cancel();
                text.onError(new Refused("the answer isn't MLflow's: it has more than " + MOST + " bytes", 0));
            }
        }

        @Override
        public void onError(Throwable cause) {
            text.onError(cause);
        }

        @Override
        public void onComplete() {
            text.onComplete();
        }
    }

    /** Ends the executor's threads; the client's own thread ends when the client is garbage. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
