package io.adjoint.nn.parallel;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.parallel.WorkerKind.LONG;
import static io.adjoint.nn.parallel.WorkerKind.SECRET;
import static io.adjoint.nn.parallel.WorkerKind.failure;
import static io.adjoint.nn.parallel.WorkerKind.floats;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.NdArray;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that workers find each other, and that nobody else is let in. */
@Timeout(60)
class ConnectTest {
    private static final ConnectOptions TWO = new ConnectOptions(2, SECRET).timeout(LONG);
    private static final ConnectOptions THREE = new ConnectOptions(3, SECRET).timeout(LONG);

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final Rendezvous rendezvous = Rendezvous.open();
    private final InetSocketAddress address = rendezvous.address();

    @AfterEach
    void close() {
        rendezvous.close();
        pool.shutdownNow();
    }

    /** Starts rank 0, which takes part in one operation and ends. */
    private CompletableFuture<NdArray> lead(ConnectOptions options) {
        return CompletableFuture.supplyAsync(() -> summed(rendezvous.accept(options)), pool);
    }

    private CompletableFuture<NdArray> follow(int rank, ConnectOptions options) {
        return CompletableFuture.supplyAsync(() -> summed(Collective.connect(address, rank, options)), pool);
    }

    private static NdArray summed(Collective joined) {
        try (Collective collective = joined) {
            return collective.allReduce(floats(collective.rank() + 1));
        }
    }

    private static Socket stranger(InetSocketAddress address, byte[] bytes) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.getOutputStream().write(bytes);
        return socket;
    }

    private static byte[] hello(int version) {
        return ByteBuffer.allocate(Handshake.HELLO)
                .put("AdjointL".getBytes(StandardCharsets.US_ASCII))
                .putInt(version)
                .array();
    }

    @Test
    void strangersDisturbNobody() throws IOException {
        List<Socket> strangers = new ArrayList<>();
        CompletableFuture<NdArray> first = lead(THREE);
        strangers.add(stranger(address, new byte[0]));
        strangers.add(
                stranger(address, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        strangers.add(stranger(address, new byte[100_000]));
        strangers.add(stranger(address, new byte[] {1, 2, 3}));
        strangers.add(stranger(address, hello(Handshake.VERSION)));
        strangers.add(stranger(
                address,
                ByteBuffer.allocate(Handshake.HELLO + Handshake.CLAIM + Handshake.MAC)
                        .put(hello(Handshake.VERSION))
                        .putInt(3)
                        .putInt(1)
                        .array()));
        for (int k = 0; k < 20; k++) {
            stranger(address, new byte[k]).close();
        }
        CompletableFuture<NdArray> second = follow(1, THREE);
        strangers.add(stranger(address, new byte[0]));
        CompletableFuture<NdArray> third = follow(2, THREE);

        assertThat(List.of(first.join(), second.join(), third.join())).containsOnly(floats(6));
        for (Socket socket : strangers) {
            socket.close();
        }
    }

    @Test
    void anotherSecretIsRefusedInWords() {
        CompletableFuture<NdArray> first = lead(TWO);
        assertThat(failure(() -> Collective.connect(address, 1, new ConnectOptions(2, SECRET + "."))))
                .isEqualTo("connect: rank 0 refuses rank 1: their secrets differ");

        assertThat(follow(1, TWO).join()).isEqualTo(floats(3));
        assertThat(first.join()).isEqualTo(floats(3));
    }

    @Test
    void whoeverWaitsForAWorkerWithAnotherSecretIsToldWhy() throws InterruptedException {
        ConnectOptions hasty = THREE.timeout(Duration.ofSeconds(2));
        CompletableFuture<String> second =
                CompletableFuture.supplyAsync(() -> failure(() -> Collective.connect(address, 1, hasty)), pool);
        Thread.sleep(400);
        CompletableFuture<String> first =
                CompletableFuture.supplyAsync(() -> failure(() -> rendezvous.accept(hasty)), pool);
        assertThat(failure(() -> Collective.connect(address, 2, new ConnectOptions(3, SECRET + "."))))
                .isEqualTo("connect: rank 0 refuses rank 2: their secrets differ");

        String reason = "rank 2 of 3 did not join within 2 s; a connection was refused: it doesn't know the secret";
        assertThat(second.join()).isEqualTo("connect: rank 0 refuses rank 1: " + reason);
        assertThat(first.join()).isEqualTo("connect: " + reason);
    }

    @Test
    void connectionsThatProveNothingAreBoundedAndTheOldestIsDropped() throws IOException {
        List<Socket> strangers = new ArrayList<>();
        CompletableFuture<NdArray> first = lead(TWO);
        for (int k = 0; k < 100; k++) {
            strangers.add(stranger(address, new byte[0]));
        }
        strangers.get(0).setSoTimeout(9000); // before silence alone is a reason to be dropped
        assertThat(strangers.get(0).getInputStream().read()).isEqualTo(-1);
        assertThat(follow(1, TWO).join()).isEqualTo(floats(3));
        assertThat(first.join()).isEqualTo(floats(3));
        for (Socket socket : strangers) {
            socket.close();
        }
    }

    @Test
    void strangersThatTakeAllDescriptorsDoNotEndTheJoining() throws IOException, InterruptedException {
        Path shell = Path.of("/bin/sh");
        Assumptions.assumeTrue(Files.isExecutable(shell));
        ProcessBuilder builder = new ProcessBuilder(
                shell.toString(),
                "-c",
                "ulimit -n 60; exec \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrowdedLeader.class.getName());
        builder.environment().put("SECRET", SECRET);
        Process leader = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<Socket> strangers = new ArrayList<>();
        try (BufferedReader out = leader.inputReader()) {
            InetSocketAddress crowded =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(out.readLine()));
            for (int k = 0; k < 100; k++) {
                strangers.add(stranger(crowded, new byte[0]));
            }
            assertThat(strangers.get(0).getInputStream().read()).isEqualTo(-1);
            assertThat(summed(Collective.connect(crowded, 1, TWO))).isEqualTo(floats(3));
            assertThat(out.readLine()).isEqualTo("3.0");
        } finally {
            leader.destroyForcibly().waitFor();
            for (Socket socket : strangers) {
                socket.close();
            }
        }
    }

    @Test
    void anotherNumberOfWorkersIsRefusedInWords() {
        CompletableFuture<NdArray> first = lead(TWO);
        assertThat(failure(() -> Collective.connect(address, 2, THREE)))
                .isEqualTo("connect: rank 0 refuses rank 2: its number of workers is 3, rank 0's is 2");

        assertThat(follow(1, TWO).join()).isEqualTo(floats(3));
        assertThat(first.join()).isEqualTo(floats(3));
    }

    @Test
    void aRankJoinsOnce() {
        CompletableFuture<NdArray> first = lead(THREE);
        CompletableFuture<String> refused = new CompletableFuture<>();
        Function<Throwable, NdArray> tell = failure -> {
            refused.complete(String.valueOf(failure.getMessage()));
            return floats(6);
        };
        List<CompletableFuture<NdArray>> both =
                List.of(follow(1, THREE).exceptionally(tell), follow(1, THREE).exceptionally(tell));
        assertThat(refused.join())
                .contains("rank 0 refuses rank 1: rank 0 expects no further rank 1 of 3; each rank joins once");

        assertThat(follow(2, THREE).join()).isEqualTo(floats(6));
        assertThat(first.join()).isEqualTo(floats(6));
        both.forEach(each -> assertThat(each.join()).isEqualTo(floats(6)));
    }

    @Test
    void aWorkerThatLeavesBeforeAllAreThereMayComeAgain() throws InterruptedException {
        CompletableFuture<NdArray> first = lead(THREE);
        Thread leaving = new Thread(() -> assertThat(failure(() -> Collective.connect(address, 1, THREE)))
                .isEqualTo("connect: rank 1 was interrupted"));
        leaving.start();
        Thread.sleep(200);
        leaving.interrupt();
        leaving.join();

        List<CompletableFuture<NdArray>> others = List.of(follow(1, THREE), follow(2, THREE));
        assertThat(first.join()).isEqualTo(floats(6));
        others.forEach(each -> assertThat(each.join()).isEqualTo(floats(6)));
    }

    @Test
    void anotherVersionIsAnsweredAndRefused() throws IOException {
        CompletableFuture<NdArray> first = lead(TWO);
        try (Socket stranger = stranger(address, hello(Handshake.VERSION + 1))) {
            ByteBuffer challenge = ByteBuffer.wrap(stranger.getInputStream().readAllBytes());
            assertThat(challenge.remaining()).isEqualTo(Handshake.HELLO);
            assertThat(Handshake.version(challenge)).isEqualTo(Handshake.VERSION);
        }
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered = answer(other, hello(Handshake.VERSION + 1));
            assertThat(failure(() -> Collective.connect((InetSocketAddress) other.getLocalSocketAddress(), 1, TWO)))
                    .isEqualTo("connect: rank 0's protocol has version 3, rank 1's has 2; all workers need the same"
                            + " version of Adjoint");
            answered.join();
        }
        assertThat(follow(1, TWO).join()).isEqualTo(first.join());
    }

    /** Accepts a connection, and answers its hello with the given bytes. */
    private CompletableFuture<Void> answer(ServerSocket server, byte[] answer) {
        return CompletableFuture.runAsync(
                () -> {
                    try (Socket socket = server.accept()) {
                        assertThat(socket.getInputStream().readNBytes(Handshake.HELLO))
                                .hasSize(Handshake.HELLO);
                        socket.getOutputStream().write(answer);
                        assertThat(socket.getInputStream().read()).isEqualTo(-1);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                pool);
    }

    @Test
    void anotherServerIsNoWorker() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered = answer(other, new byte[Handshake.HELLO]);
            assertThat(failure(() -> Collective.connect((InetSocketAddress) other.getLocalSocketAddress(), 1, TWO)))
                    .isEqualTo("connect: at the address of rank 0 there is no worker of Adjoint");
            answered.join();
        }
    }

    @Test
    void whoeverAnswersMustKnowTheSecretWhichIsNeverSent() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<byte[]> heard = CompletableFuture.supplyAsync(
                    () -> {
                        try (Socket socket = other.accept()) {
                            byte[] hello = socket.getInputStream().readNBytes(Handshake.HELLO);
                            socket.getOutputStream().write(hello(Handshake.VERSION));
                            byte[] proof = socket.getInputStream().readNBytes(Handshake.CLAIM + Handshake.MAC);
                            // A worker's own proof, sent back to it, must not count as the proof of the other side.
                            socket.getOutputStream()
                                    .write(ByteBuffer.allocate(Handshake.VERDICT + Handshake.MAC)
                                            .position(Handshake.VERDICT)
                                            .put(proof, Handshake.CLAIM, Handshake.MAC)
                                            .array());
                            return ByteBuffer.allocate(hello.length + proof.length)
                                    .put(hello)
                                    .put(proof)
                                    .array();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    pool);
            assertThat(failure(() -> Collective.connect((InetSocketAddress) other.getLocalSocketAddress(), 1, TWO)))
                    .isEqualTo("connect: whatever answers as rank 0 doesn't know the secret of the job");
            assertThat(new String(heard.join(), StandardCharsets.ISO_8859_1)).doesNotContain(SECRET.substring(4, 10));
        }
    }

    @Test
    void missingRanksAreNamedToAllThatCame() {
        ConnectOptions four = new ConnectOptions(4, SECRET).timeout(Duration.ofSeconds(2));
        ConnectOptions patient = four.timeout(LONG);
        CompletableFuture<String> second =
                CompletableFuture.supplyAsync(() -> failure(() -> Collective.connect(address, 1, patient)), pool);

        assertThat(failure(() -> rendezvous.accept(four)))
                .isEqualTo("connect: ranks 2, 3 of 4 did not join within 2 s");
        assertThat(second.join()).isEqualTo("connect: rank 0 refuses rank 1: ranks 2, 3 of 4 did not join within 2 s");
    }

    @Test
    void theReasonOfARefusalIsTold() throws IOException {
        try (Socket stranger = stranger(address, new byte[Handshake.HELLO])) {
            assertThat(failure(() -> rendezvous.accept(TWO.timeout(Duration.ofSeconds(2)))))
                    .isEqualTo("connect: rank 1 of 2 did not join within 2 s; a connection was refused: no worker"
                            + " of Adjoint");
            assertThat(stranger.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void othersMayComeBeforeRank0() throws InterruptedException {
        rendezvous.close();
        CompletableFuture<NdArray> second = follow(1, TWO);
        Thread.sleep(200);
        assertThat(summed(Collective.connect(address, 0, TWO))).isEqualTo(floats(3));
        assertThat(second.join()).isEqualTo(floats(3));
    }

    @Test
    void rank0ThatNeverComesIsATimeout() {
        rendezvous.close();
        assertThat(failure(() -> Collective.connect(address, 1, TWO.timeout(Duration.ofMillis(300)))))
                .startsWith("connect: rank 1 did not reach rank 0 at " + address + " within 300 ms: ");
    }

    @Test
    void aRank0ThatAcceptsNobodyIsATimeout() {
        assertThat(failure(() -> Collective.connect(address, 1, TWO.timeout(Duration.ofSeconds(2)))))
                .isEqualTo("connect: rank 0 did not answer rank 1 within 2 s; it waits for others, or hangs");
    }

    @Test
    void oneWorkerNeedsNobody() {
        ConnectOptions one = new ConnectOptions(1, SECRET);
        assertThat(summed(rendezvous.accept(one))).isEqualTo(floats(1));
        thrown(IllegalStateException.class, () -> rendezvous.accept(one))
                .withMessage("Rendezvous: " + address + " is closed; open one for each job");
    }

    @Test
    void anAddressInUseIsAnErrorWithTheAddress() {
        thrown(UncheckedIOException.class, () -> Rendezvous.open(address))
                .withMessageStartingWith("Rendezvous: cannot listen at " + address + ": ");
        refused(() -> Rendezvous.open(InetSocketAddress.createUnresolved("nowhere", 1)))
                .withMessageContaining("nowhere");
    }

    @Test
    void theRendezvousIsOfThisMachineUnlessTold() {
        assertThat(address.getAddress().isLoopbackAddress()).isTrue();
        assertThat(address.getPort()).isPositive();
    }

    @Test
    void optionsAreCheckedAndKeepTheSecret() {
        refused(() -> new ConnectOptions(2, "short"))
                .withMessage(
                        "ConnectOptions: the secret must have at least 16 characters; newSecret() makes one, got 5");
        refused(() -> new ConnectOptions(0, SECRET))
                .withMessage("ConnectOptions: the number of workers must be at least 1, got 0");
        thrown(IndexOutOfBoundsException.class, () -> Collective.connect(address, 2, TWO))
                .withMessage("connect: there is no rank 2; their number is 2");
        assertThat(TWO).hasToString("ConnectOptions[size=2, timeout=PT30S]");
        assertThat(ConnectOptions.newSecret()).hasSize(64).isNotEqualTo(ConnectOptions.newSecret());
    }
}
