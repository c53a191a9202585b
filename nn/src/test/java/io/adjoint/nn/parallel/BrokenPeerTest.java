package io.adjoint.nn.parallel;

import static io.adjoint.nn.parallel.WorkerKind.LONG;
import static io.adjoint.nn.parallel.WorkerKind.SECRET;
import static io.adjoint.nn.parallel.WorkerKind.failure;
import static io.adjoint.nn.parallel.WorkerKind.floats;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.adjoint.core.NdArray;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests a peer that knows the secret, but then sends wrong bytes. */
@Timeout(60)
class BrokenPeerTest {
    /** The time-out in tests with a silent peer. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static final String ENDED =
            "allReduce 1: the connection of rank 0 to rank 1 has ended; the program of rank 1"
                    + " has ended or was killed, or the network failed";

    /**
     * The message of rank 0's failure in a sum of [1, 2, 3, 4]. Its peer sends the bytes, and then closes the connection or waits until
     * rank 0 closes it.
     */
    private static String failureWith(byte[] bytes, boolean closes) throws IOException {
        return failureWith(bytes, closes, LONG);
    }

    private static String failureWith(byte[] bytes, boolean closes, Duration timeout) throws IOException {
        ConnectOptions options = new ConnectOptions(2, SECRET).timeout(timeout);
        try (Rendezvous rendezvous = Rendezvous.open()) {
            CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> {
                try (Collective collective = rendezvous.accept(options)) {
                    return failure(() -> collective.allReduce(floats(1, 2, 3, 4)));
                }
            });
            try (SocketChannel channel = SocketChannel.open(rendezvous.address())) {
                channel.configureBlocking(false);
                Joining.complete(
                        new ConnectingHandshake(channel, options, 1, 0, 0),
                        System.nanoTime() + timeout.toNanos(),
                        1,
                        0,
                        options);
                channel.configureBlocking(true);
                ByteBuffer out = ByteBuffer.wrap(bytes);
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                ByteBuffer in = ByteBuffer.allocate(1000);
                while (!closes && channel.read(in) >= 0) {
                    in.clear();
                }
            }
            return first.orTimeout(50, TimeUnit.SECONDS).join();
        }
    }

    private static ByteBuffer frame(int kind, int length) {
        return ByteBuffer.allocate(5 + Math.max(0, Math.min(length, 1000)))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) kind)
                .putInt(length);
    }

    /** The message by which rank 1 begins an all-reduce of four floats, and announces {@code count} elements to be sent. */
    private static byte[] call(long number, int count) {
        return frame(1, 1 + 8 + 4 + 1 + 4 + 4 + 4 + 4)
                .put((byte) 3)
                .putLong(number)
                .putInt(0)
                .put((byte) 1)
                .putInt(2)
                .putInt(1)
                .putInt(4)
                .putInt(count)
                .array();
    }

    private static byte[] bytes(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(1000);
        for (byte[] part : parts) {
            all.put(part);
        }
        byte[] bytes = new byte[all.position()];
        all.flip().get(bytes);
        return bytes;
    }

    @Test
    void aDeathInAnyPhaseIsAnErrorAtOnce() throws IOException {
        byte[] elements = frame(2, 8).putFloat(1).putFloat(2).array();
        byte[] half = frame(2, 4).putFloat(1).array();
        for (byte[] sent : List.of(
                new byte[0],
                new byte[] {1, 2},
                new byte[] {1, 30, 0, 0, 0, 9},
                call(1, 2),
                bytes(call(1, 2), new byte[] {2}),
                bytes(call(1, 2), half),
                bytes(call(1, 2), elements))) {
            assertThat(failureWith(sent, true)).isEqualTo(ENDED);
        }
    }

    @Test
    void silenceInAnyPhaseIsATimeout() throws IOException {
        assertThat(failureWith(new byte[0], false, SHORT)).contains("rank 1 sent rank 0 nothing for 2 s");
        assertThat(failureWith(bytes(call(1, 2), frame(2, 4).putFloat(1).array()), false, SHORT))
                .contains("rank 1 sent rank 0 only 1 of 2 elements in 2 s");
    }

    @Test
    void garbageIsAnErrorInWords() throws IOException {
        String end = "; its version of Adjoint is another one, or the connection was disturbed";
        assertThat(failureWith(frame(1, -1).array(), false))
                .isEqualTo("allReduce 1: rank 1 sent rank 0 a frame of -1 bytes" + end);
        assertThat(failureWith(frame(1, Integer.MAX_VALUE).array(), false)).contains("a frame of 2147483647 bytes");
        assertThat(failureWith(frame(9, 0).array(), false)).contains("rank 1 sent rank 0 a frame of kind 9");
        assertThat(failureWith(frame(2, 4).putFloat(1).array(), false)).contains("elements that nobody expects");
        assertThat(failureWith(call(1, 7), false)).contains("rank 1 sent rank 0 7 elements instead of 2");
        assertThat(failureWith(bytes(call(1, 2), frame(2, 12).array()), false))
                .contains("elements that nobody expects");
        assertThat(failureWith(call(2, 2), false)).contains("rank 1 calls allReduce FLOAT32 [4]");
        assertThat(failureWith(frame(1, 3).array(), false)).contains("rank 0 failed: java.");
    }

    @Test
    void noJobLeavesConnectionsOrThreads() throws IOException {
        Assumptions.assumeTrue(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean);
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        job(false);
        long before = system.getOpenFileDescriptorCount();
        for (int k = 0; k < 5; k++) {
            job(k % 2 == 0);
            String unused = failureWith(frame(9, 0).array(), k % 3 == 0);
            try (Rendezvous rendezvous = Rendezvous.open()) {
                ConnectOptions hasty = new ConnectOptions(3, SECRET).timeout(Duration.ofMillis(10));
                assertThat(failure(() -> rendezvous.accept(hasty))).contains("did not join");
                assertThat(failure(() -> Collective.connect(rendezvous.address(), 1, hasty)))
                        .contains("did not reach");
            }
        }
        assertThat(system.getOpenFileDescriptorCount()).isLessThan(before + 10);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("adjoint-worker"));
    }

    private static void job(boolean fails) {
        List<NdArray> sums = WorkerKind.SOCKETS.run(3, LONG, collective -> {
            NdArray own = floats(1);
            if (!fails) {
                return collective.allReduce(own);
            }
            assertThat(failure(() -> {
                        NdArray unused = collective.broadcast(own, collective.rank());
                    }))
                    .contains("root");
            return own;
        });
        assertThat(sums).hasSize(3);
    }
}
