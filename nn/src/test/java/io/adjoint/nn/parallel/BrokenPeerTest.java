package io.adjoint.nn.parallel;

import static io.adjoint.nn.parallel.WorkerKind.LONG;
import static io.adjoint.nn.parallel.WorkerKind.SECRET;
import static io.adjoint.nn.parallel.WorkerKind.failure;
import static io.adjoint.nn.parallel.WorkerKind.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.UnixOperatingSystemMXBean;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
     * The message of rank 0's failure in a sum of [1, 2, 3, 4]. Its peer sends the bytes, and then ends its side of the connection or waits
     * until rank 0 closes it.
     */
    private static String failureWith(byte[] bytes, boolean closes) throws IOException {
        return failureWith(bytes, closes, LONG);
    }

    private static String failureWith(byte[] bytes, boolean closes, Duration timeout) throws IOException {
        return with(bytes, closes, timeout, collective -> failure(() -> collective.allReduce(floats(1, 2, 3, 4))));
    }

    private static <T> T with(byte[] bytes, boolean closes, Duration timeout, Function<Collective, T> program)
            throws IOException {
        ConnectOptions options = new ConnectOptions(2, SECRET).timeout(timeout);
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Rendezvous rendezvous = Rendezvous.open()) {
            CompletableFuture<T> first = CompletableFuture.supplyAsync(() -> {
                try (Collective collective = rendezvous.accept(options)) {
                    return program.apply(collective);
                }
            });
            try (SocketChannel channel = SocketChannel.open(rendezvous.address())) {
                channel.configureBlocking(false);
                Joining.complete(new ConnectingHandshake(channel, options, 1, 0, 0, deadline), deadline, 1, 0, options);
                channel.configureBlocking(true);
                ByteBuffer out = ByteBuffer.wrap(bytes);
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                if (closes) {
                    channel.shutdownOutput();
                }
                ByteBuffer in = ByteBuffer.allocate(1000);
                while (channel.read(in) >= 0) {
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
        assertThat(failureWith(frame(1, 3).array(), false)).contains("rank 1 sent rank 0 a call of 3 bytes");
        assertThat(failureWith(bytes(call(1, 2), call(1, 2)), false)).contains("rank 1 sent rank 0 two calls");
        assertThat(failureWith(bytes(call(1, 2), frame(2, 7).array()), false)).contains("elements that nobody expects");
    }

    /** The call by which rank 1 begins to gather an array of the given axes, whose number the call gives as {@code axes}. */
    private static byte[] gather(int operation, int dtype, int axes, int count, int... dims) {
        ByteBuffer sizes = ByteBuffer.allocate(4 * dims.length).order(ByteOrder.LITTLE_ENDIAN);
        sizes.asIntBuffer().put(dims);
        return frame(1, 26 + 4 * dims.length)
                .put((byte) operation)
                .putLong(1)
                .putInt(0)
                .put((byte) dtype)
                .putInt(0)
                .putInt(axes)
                .put(sizes)
                .putInt(count)
                .array();
    }

    private static String failureOfGather(byte[] bytes) throws IOException {
        return with(bytes, false, LONG, collective -> failure(() -> collective.allGather(floats(1, 2, 3, 4))));
    }

    @Test
    void sizesAreCheckedBeforeMemoryIsSpentAndTheSenderIsNamed() throws IOException {
        int max = Integer.MAX_VALUE;
        for (int axes : new int[] {-1, 2, 1000, 200_000_000, max}) {
            assertThat(failureOfGather(gather(2, 1, axes, 4, 4)))
                    .startsWith("allGather 1: rank 1 sent rank 0 a call of 30 bytes;");
        }
        assertThat(failureOfGather(gather(99, 1, 1, 4, 4)))
                .startsWith("allGather 1: rank 1 sent rank 0 a call of the operation 99 and the dtype 1;");
        assertThat(failureOfGather(gather(2, -1, 1, 4, 4))).contains("a call of the operation 2 and the dtype -1;");
        assertThat(failureOfGather(gather(2, 1, 1, 4, -4))).contains("rank 0 a call of an array [-4];");
        assertThat(failureOfGather(gather(2, 1, 2, 4, max, max)))
                .contains("a call of an array [2147483647, 2147483647];");
        assertThat(failureOfGather(gather(2, 1, 1, 4, 200_000_000)))
                .contains("rank 1 sent rank 0 4 elements of allGather FLOAT32 [200000000];");
        assertThat(failureOfGather(gather(2, 1, 1, max, max)))
                .isEqualTo(
                        "allGather 1: rank 0 has no memory for the elements of rank 1: allGather FLOAT32 [2147483647]");
    }

    @Test
    void emptyFramesDoNotStretchATimeout() throws IOException {
        assertThat(failureWith(bytes(call(1, 2), frame(2, 0).array()), false)).contains("elements that nobody expects");
    }

    @Test
    void aPeersReasonIsPassedOnInOneLineThatNamesARank() throws IOException {
        assertThat(failureWith(text("rank 1 failed: \u001b[31m\r\nred\u0000\u202e"), false))
                .isEqualTo("allReduce 1: rank 1 failed:  [31m red ");
        assertThat(failureWith(text("who knows"), false)).isEqualTo("allReduce 1: rank 1 failed: who knows");
    }

    private static byte[] text(String reason) {
        byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
        return frame(3, bytes.length).put(bytes).array();
    }

    @Test
    void framesThatAreChangedAnywhereEndWithoutARawException() throws IOException {
        byte[] elements = frame(2, 8).putFloat(1).putFloat(2).array();
        byte[] next = call(1, 2).clone();
        next[5 + 1 + 8] = 1; // the second round
        byte[] sum = bytes(call(1, 2), elements, next, elements);
        byte[] gathered =
                bytes(gather(2, 1, 1, 4, 4), frame(2, 16).put(new byte[16]).array());
        Generator rng = new Generator(1);
        for (int k = 0; k < 300; k++) {
            boolean sums = k % 2 == 0;
            byte[] changed = (sums ? sum : gathered).clone();
            int bytes = rng.nextInt(1, 4);
            for (int b = 0; b < bytes; b++) {
                changed[rng.nextInt(changed.length)] = (byte)
                        (rng.nextInt(2) == 0
                                ? rng.nextInt(256)
                                : List.of(0, 1, -1, 127, -128).get(rng.nextInt(5)));
            }
            Throwable thrown = with(
                    changed,
                    true,
                    LONG,
                    collective -> catchThrowable(() -> {
                        NdArray own = floats(1, 2, 3, 4);
                        Object unused = sums ? collective.allReduce(own) : collective.allGather(own);
                    }));
            if (thrown != null) {
                assertThat(thrown)
                        .as(Arrays.toString(changed))
                        .isInstanceOf(CollectiveException.class)
                        .hasMessageContaining("rank 1")
                        .hasMessageNotContaining("rank 0 failed");
            }
        }
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
