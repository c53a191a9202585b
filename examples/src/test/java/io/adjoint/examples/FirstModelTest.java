package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FirstModelTest {
    private static final Path MODULE =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Path PENGUINS = MODULE.resolve("src/main/resources/io/adjoint/examples/penguins/penguins.csv");
    private static final String GENTOO =
            "island=Biscoe&sex=male&bill_length_mm=50&bill_depth_mm=15.2&flipper_length_mm=220&body_mass_g=5400";
    private static final String ADELIE =
            "island=Torgersen&sex=&bill_length_mm=38.1&bill_depth_mm=18.6&flipper_length_mm=190&body_mass_g=";

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    @Timeout(120)
    void theModelOfThePageIsTrainedAndServedToManyThreadsAtOnce(@TempDir Path folder)
            throws IOException, InterruptedException {
        Path saved = folder.resolve("penguins.safetensors");
        String printed = Printed.by(() -> FirstModel.main(new String[] {PENGUINS.toString(), saved.toString()}));
        String page = Files.readString(MODULE.resolve("../docs/first-model.md"));

        assertThat(page).contains(printed);
        FirstService service = new FirstService(saved);
        HttpServer server = service.serve(0);
        try {
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 400)
                    .mapToObj(k ->
                            client.sendAsync(request(server, k % 2 == 0 ? GENTOO : ADELIE), BodyHandlers.ofString()))
                    .toList();
            for (int k = 0; k < answers.size(); k++) {
                assertThat(answers.get(k).join().body()).isEqualTo(k % 2 == 0 ? "Gentoo\n" : "Adelie\n");
            }
            HttpResponse<String> refused =
                    client.send(request(server, GENTOO.replace("Biscoe", "Java")), BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(page).contains("$ curl").contains(refused.body());
        } finally {
            server.stop(0);
            ((ExecutorService) server.getExecutor()).shutdown();
        }
    }

    private static HttpRequest request(HttpServer server, String query) {
        return HttpRequest.newBuilder(
                        URI.create("http://localhost:" + server.getAddress().getPort() + "/species?" + query))
                .build();
    }
}
