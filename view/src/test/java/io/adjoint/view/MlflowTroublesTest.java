package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.adjoint.core.Generator;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.TrainingRun;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MlflowTroublesTest {
    private static final Moment FIRST = new Moment(0, 0, Instant.EPOCH);
    private static final Logger LOGGER = Logger.getLogger(MlflowLog.class.getName());

    private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch warned = new CountDownLatch(1);
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            warnings.add(record.getMessage());
            warned.countDown();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOGGER.addHandler(handler);
        LOGGER.setUseParentHandlers(false);
    }

    @AfterEach
    void stop() {
        LOGGER.removeHandler(handler);
        LOGGER.setUseParentHandlers(true);
    }

    private static MlflowLog started(MlflowStub stub) {
        MlflowLog log = new MlflowLog(stub.address(), "e");
        log.silence = Duration.ofMillis(100);
        log.pause = 5;
        log.start(new TrainingRun(FIRST, new Dense(2, 1, new Generator(1)), Map.of("width", "64"), null));
        return log;
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        exchange.sendResponseHeaders(status, 0);
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anEndlessAnswerIsNotRead() throws Exception {
        long[] sent = {0};
        try (MlflowStub stub = new MlflowStub((exchange, request) -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            for (byte[] some = new byte[1 << 16]; sent[0] < 1L << 30; sent[0] += some.length) {
                out.write(some);
            }
            return 200;
        })) {
            MlflowLog log = started(stub);
            log.end(FIRST);
            assertThat(sent[0]).isLessThan(1 << 26);
            assertThat(warnings).anyMatch(text -> text.contains("more than 1048576 bytes"));
        }
    }

    @Test
    void theFirstRefusalIsToldAtOnce() throws Exception {
        try (MlflowStub stub = new MlflowStub((exchange, request) -> 401)) {
            MlflowLog log = started(stub);
            warned.await();
            assertThat(warnings)
                    .singleElement()
                    .asString()
                    .contains(stub.address()
                            + ": the server refuses a request: experiments/get-by-name was answered by 401");
            log.end(FIRST);
            assertThat(warnings).hasSize(2).last().asString().contains("the run isn't complete: 6 entries");
        }
    }

    @Test
    void aServerThatIsSilentIsToldOnceAndThenGetsEverything() throws Exception {
        boolean[] isUp = {false};
        try (MlflowStub stub = new MlflowStub((exchange, request) -> isUp[0] ? 200 : 503)) {
            MlflowLog log = started(stub);
            warned.await();
            isUp[0] = true;
            log.end(FIRST);
            assertThat(warnings)
                    .singleElement()
                    .asString()
                    .contains("nothing could be sent for 0 seconds, and is tried again: ", " was answered by 503");
            assertThat(log.lost()).isZero();
        }
    }

    @Test
    void ofARefusedBatchAllOtherEntriesAreSent() throws IOException {
        List<List<String>> requests = new ArrayList<>();
        try (MlflowStub stub = new MlflowStub(
                (exchange, request) -> requests.get(0).get(request - 1).contains("poison") ? 400 : 200)) {
            requests.add(stub.requests);
            MlflowLog log = started(stub);
            for (int step = 0; step < 500; step++) {
                log.numbers(
                        new Moment(step, 0, Instant.EPOCH),
                        Map.of(step == 123 || step == 399 ? "poison" : "fine", 1.0));
            }
            log.end(FIRST);
            assertThat(log.lost()).isEqualTo(2);
            List<String> taken = stub.metrics().stream()
                    .filter(metric -> metric.startsWith("fine "))
                    .distinct()
                    .toList();
            assertThat(taken).hasSize(498);
            assertThat(stub.requests).hasSizeLessThan(60);
        }
    }

    @Test
    void aRunThatWasDeletedAtTheServerCostsFewRequests() throws IOException {
        try (MlflowStub stub = new MlflowStub(
                (exchange, request) -> exchange.getRequestURI().getPath().endsWith("runs/log-batch") ? 400 : 200)) {
            MlflowLog log = started(stub);
            for (int step = 0; step < 900; step++) {
                log.numbers(new Moment(step, 0, Instant.EPOCH), Map.of("fine", 1.0));
            }
            log.end(FIRST);
            assertThat(log.lost()).isGreaterThan(900);
            assertThat(stub.requests).hasSizeLessThan(60);
        }
    }

    @Test
    void aLostAnswerMakesNoSecondRun() throws IOException {
        boolean[] isLost = {false};
        try (MlflowStub stub = new MlflowStub((exchange, request) -> {
            boolean isFirst = exchange.getRequestURI().getPath().endsWith("runs/create") && !isLost[0];
            isLost[0] |= isFirst;
            return isFirst ? 504 : 200;
        })) {
            MlflowLog log = started(stub);
            log.end(FIRST);
            assertThat(stub.bodies("runs/create")).hasSize(1);
            assertThat(stub.bodies("runs/search")).hasSize(1);
            assertThat(stub.bodies("runs/update")).singleElement().asString().contains("run1", "FINISHED");
            assertThat(log.lost()).isZero();
        }
    }

    @Test
    void aWarningHasNoControlCharacters() throws Exception {
        try (MlflowStub stub = new MlflowStub((exchange, request) -> {
            answer(exchange, 403, "\u001b[2Jgo\r\n\u202eaway\0");
            return 403;
        })) {
            MlflowLog log = started(stub);
            warned.await();
            log.end(FIRST);
            assertThat(warnings.get(0)).endsWith("403  [2Jgo away ");
        }
    }
}
