package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adjoint.nn.train.Moment;
import io.adjoint.view.ReportTest.Training;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LivePageTest {
    /** The milliseconds that a page may take for its last state; they suffice on a loaded machine. */
    static final long MILLIS = 30_000;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static HttpResponse<String> get(URI address) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a request by hand, since HttpClient doesn't let its user set the host. */
    private static Socket ask(LivePage page, String method, String path, String host) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), page.address().getPort());
        socket.getOutputStream()
                .write((method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static String status(LivePage page, String method, String path, String host) throws IOException {
        try (Socket socket = ask(page, method, path, host)) {
            return reader(socket).readLine();
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("adjoint-live-page")
                        || thread.getName().startsWith("HTTP-Dispatcher"))
                .count();
    }

    @Test
    void aPageThatIsOpenedLateShowsAllThatCameBefore() throws Exception {
        Training training = new Training();
        try (LivePage page = LivePage.of(new Report("Live"))) {
            training.trainer.log(page).fit(training.batches, 3);
            HttpResponse<String> answer = get(page.address());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("Ended: epoch 3, step 30", "connect-src &#39;self&#39;");
            page.update(report -> report.setting("seed", 17));
            assertThat(get(page.address()).body()).contains("<th scope=\"row\">seed</th><td>17</td>");
        }
    }

    @Test
    void changesAreSentAsSectionsUntilTheEnd() throws Exception {
        Training training = new Training();
        LivePage page = LivePage.of(new Report("Live"));
        String path = page.address().getPath();
        try (Socket socket =
                ask(page, "GET", path + "events", "127.0.0.1:" + page.address().getPort())) {
            BufferedReader lines = reader(socket);
            assertThat(lines.lines()
                            .takeWhile(line -> !line.startsWith("data: sections") && !line.contains("no values"))
                            .toList())
                    .contains("event: sections", "data: result");
            training.trainer.log(page).fit(training.batches, 2);
            page.close(MILLIS);
            assertThat(lines.lines().toList())
                    .endsWith("event: end", "data: over", "", "", "0", "")
                    .contains("data: result curves layers time settings model environment", "event: part", "event: end")
                    .anyMatch(line -> line.contains("epoch 2, step 20"));
        }
    }

    @Test
    void othersAreRefused() throws Exception {
        try (LivePage page = LivePage.of(new Report("Private"))) {
            String path = page.address().getPath();
            String here = "localhost:" + page.address().getPort();
            assertThat(path).matches("/[0-9a-f]{32}/");
            assertThat(status(page, "GET", path, here)).contains("200");
            assertThat(status(page, "GET", path, "evil.example")).contains("403");
            assertThat(status(page, "GET", path, "localhost.evil.example")).contains("403");
            assertThat(status(page, "GET", "/", here)).contains("404");
            assertThat(status(page, "GET", path + "../", here)).contains("404");
            assertThat(status(page, "POST", path, here)).contains("405");
            assertThat(page.address().getHost()).isIn("127.0.0.1", "[::1]");
        }
    }

    @Test
    void aRequestWithoutAHostIsRefused() throws Exception {
        try (LivePage page = LivePage.of(new Report("Private"));
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), page.address().getPort())) {
            socket.getOutputStream()
                    .write(("GET " + page.address().getPath() + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            assertThat(reader(socket).readLine()).contains("403");
        }
    }

    @Test
    void aPortInUseIsReplacedByAFreeOne() throws Exception {
        try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LivePage page = LivePage.of(new Report("Port"), used.getLocalPort())) {
            assertThat(page.address().getPort()).isNotEqualTo(used.getLocalPort());
            assertThat(get(page.address()).statusCode()).isEqualTo(200);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> LivePage.of(new Report("Port"), 65536));
    }

    @Test
    void readersWhoDoNotReadChangeNothingAndLeaveNoThread() throws Exception {
        Training plain = new Training();
        plain.trainer.fit(plain.batches, 5);

        Training watched = new Training();
        List<Socket> readers = new ArrayList<>();
        LivePage page = LivePage.of(new Report("Slow"));
        String host = "127.0.0.1:" + page.address().getPort();
        for (int k = 0; k < 200; k++) {
            // Half of the readers send a request and don't read the answer; the others don't even send one.
            readers.add(
                    k % 2 == 0
                            ? ask(page, "GET", page.address().getPath() + "events", host)
                            : new Socket(
                                    InetAddress.getLoopbackAddress(),
                                    page.address().getPort()));
        }
        watched.trainer.log(page).fit(watched.batches, 5);
        long begin = System.nanoTime();
        page.close();
        // Closing must not wait for these readers, which never read.
        assertThat(System.nanoTime() - begin).isLessThan(30_000_000_000L);

        assertThat(watched.model.state()).isEqualTo(plain.model.state());
        for (Socket socket : readers) {
            socket.close();
        }
        for (int k = 0; k < 300 && threads() > 0; k++) {
            Thread.sleep(100);
        }
        assertThat(threads()).isZero();
    }

    @Test
    void atEachPortAndNameOfThisMachineThePageIsThere() throws Exception {
        try (LivePage page = LivePage.of(new Report("Tunnel"))) {
            String path = page.address().getPath();
            for (String host : List.of("localhost:8080", "127.0.0.1", "[::1]:80", "LOCALHOST")) {
                assertThat(status(page, "GET", path, host)).as(host).contains("200");
            }
            for (String host : List.of("localhost:x", "127.0.0.1.evil.example", "127x0.0.1", "[::1]evil")) {
                assertThat(status(page, "GET", path, host)).as(host).contains("403");
            }
        }
    }

    @Test
    void halfSentRequestsAreGivenUp() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (LivePage page = LivePage.opened(new Report("Half"), 0, Duration.ofMillis(200))) {
            for (int k = 0; k < 100; k++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), page.address().getPort());
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.UTF_8));
                sockets.add(socket);
            }
            assertThat(get(page.address()).statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aReaderIsNotCutOffByTheTimeOfARequest() throws Exception {
        LivePage page = LivePage.opened(new Report("Reader"), 0, Duration.ofMillis(200));
        try (Socket socket = ask(page, "GET", page.address().getPath() + "events", "localhost")) {
            BufferedReader lines = reader(socket);
            lines.readLine();
            Thread.sleep(500);
            page.close(MILLIS);
            assertThat(lines.lines().toList()).contains("event: end");
        }
    }

    @Test
    void onePageTooManyIsToldSo() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (LivePage page = LivePage.of(new Report("Many"))) {
            String path = page.address().getPath() + "events";
            for (int k = 0; k < 32; k++) {
                Socket socket = ask(page, "GET", path, "localhost");
                sockets.add(socket);
                assertThat(reader(socket).readLine()).contains("200");
            }
            try (Socket socket = ask(page, "GET", path, "localhost")) {
                assertThat(reader(socket).lines().toList())
                        .contains("event: full")
                        .anyMatch(line -> line.startsWith("data: 32 pages of this training are open"));
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aSectionThatIsAsBeforeIsNotSentAgain() {
        Report report = new Report("Sections").setting("seed", 1);
        report.numbers(Moment.now(1, 0), Map.of("loss", 1.0));
        Rendering before = Rendering.of(report.recorded.copy(), 1, false, null);
        report.setting("seed", 2);
        Rendering after = Rendering.of(report.recorded.copy(), 2, false, before);
        assertThat(after.parts().get("curves")).isSameAs(before.parts().get("curves"));
        assertThat(new String(after.parts().get("settings"), StandardCharsets.UTF_8))
                .startsWith("event: part\ndata: settings\n")
                .contains("<td>2</td>");
    }

    @Test
    void allThreadsAreDaemons() throws Exception {
        try (LivePage page = LivePage.of(new Report("Daemons"))) {
            assertThat(get(page.address()).statusCode()).isEqualTo(200);
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("adjoint-live-page")
                            || thread.getName().startsWith("HTTP-Dispatcher"))
                    .isNotEmpty()
                    .allMatch(Thread::isDaemon);
        }
    }
}
