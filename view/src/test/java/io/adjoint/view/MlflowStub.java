package io.adjoint.view;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers as an MLflow server does, and notes each request: its path, a blank and its body. */
final class MlflowStub implements AutoCloseable {
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private static final Pattern KEY = Pattern.compile("\\w{8}-\\w{4}-\\w{4}-\\w{4}-\\w{12}");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Behaviour behaviour;
    private boolean isExperimentThere;
    /** The runs by the values of the tag by which the log finds them. */
    private final Map<String, String> runs = new HashMap<>();

    /** Returns the status of the answer to a request; it may be slow, or hang until the server is closed. */
    interface Behaviour {
        int status(HttpExchange exchange, int request) throws Exception;
    }

    MlflowStub(Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().toString().replaceFirst("^/api/2.0/mlflow/", "");
            int number;
            synchronized (requests) {
                requests.add(path + " " + body);
                number = requests.size();
            }
            // A request is carried out also if its answer is lost.
            String done = ok(path, body);
            int status = behaviour.status(exchange, number);
            String answer = status == 200 ? done : "{\"error_code\":\"" + status + "\"}";
            if (answer.isEmpty()) {
                status = 404;
                answer = "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"}";
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (Exception e) {
            // The client or the server has gone, as some tests intend.
        }
    }

    private synchronized String ok(String path, String body) {
        if (path.startsWith("experiments/get-by-name")) {
            return isExperimentThere ? "{\"experiment\": {\"experiment_id\": \"7\"}}" : "";
        }
        if (path.equals("experiments/create")) {
            isExperimentThere = true;
            return "{\"experiment_id\": \"7\"}";
        }
        Matcher key = KEY.matcher(body);
        if (!key.find()) {
            return "{}";
        }
        if (path.equals("runs/create")) {
            runs.put(key.group(), "run" + (runs.size() + 1));
        }
        String run = runs.get(key.group());
        String info = run == null ? "" : "{\"info\":{\"run_id\":\"" + run + "\"}}";
        return path.equals("runs/create") ? "{\"run\":" + info + "}" : "{\"runs\":[" + info + "]}";
    }

    /** The bodies of the requests to a path. */
    List<String> bodies(String path) {
        synchronized (requests) {
            return requests.stream()
                    .filter(request -> request.startsWith(path))
                    .map(request -> request.substring(request.indexOf(' ') + 1))
                    .toList();
        }
    }

    /** All metrics as {@code key step value}, in their order. */
    List<String> metrics() {
        Pattern metric =
                Pattern.compile("\\{\"key\":\"([^\"]*)\",\"value\":([^,]*),\"timestamp\":\\d+,\"step\":(\\d+)}");
        List<String> metrics = new ArrayList<>();
        for (String body : bodies("runs/log-batch")) {
            Matcher matcher = metric.matcher(body);
            while (matcher.find()) {
                metrics.add(matcher.group(1) + " " + matcher.group(3) + " " + matcher.group(2));
            }
        }
        return metrics;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
