package io.adjoint.examples;

import com.sun.net.httpserver.HttpServer;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.io.Safetensors;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.TableSchema;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;

/** Answers requests by the model that {@link FirstModel} has saved, in many threads. */
public final class FirstService {
    private final TableSchema schema;
    private final Sequential model;

    FirstService(Path file) {
        try (Safetensors saved = Safetensors.open(file)) {
            schema = TableSchema.parse(saved.metadata().get("schema"));
            model = FirstModel.model(schema, new Generator(1));
            model.load(saved.readAll());
        }
    }

    /** Takes the file of the model and a port. */
    public static void main(String[] args) throws IOException {
        new FirstService(Path.of(args[0])).serve(Integer.parseInt(args[1]));
    }

    /** The most probable species of a penguin; for any number of threads at once. */
    String species(Map<String, String> penguin) {
        Tensor scores = model.predict(schema.tensor(penguin));
        return schema.classes().token((int) scores.argMax().item());
    }

    /** Answers {@code /species?island=Biscoe&sex=male&...} with 8 threads. */
    HttpServer serve(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/species", exchange -> {
            int status = 200;
            String answer;
            try {
                answer = species(parameters(exchange.getRequestURI().getRawQuery()));
            } catch (IllegalArgumentException e) {
                status = 400;
                answer = String.valueOf(e.getMessage());
            }
            byte[] body = (answer + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }
}
