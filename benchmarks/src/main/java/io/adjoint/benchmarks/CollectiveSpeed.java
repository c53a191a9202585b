package io.adjoint.benchmarks;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.parallel.ConnectOptions;
import io.adjoint.nn.parallel.Rendezvous;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Measures the time of an all-reduce of FLOAT32 arrays by two JVMs on this machine, and of sending the same number of bytes through a plain
 * socket, one way: {@code java -Xmx2g -cp benchmarks.jar io.adjoint.benchmarks.CollectiveSpeed}. In an all-reduce by two workers each
 * worker sends and receives the number of bytes of the array.
 */
public final class CollectiveSpeed {
    private static final int[] MEGABYTES = {0, 1, 10, 100};
    private static final int ROUNDS = 15;
    private static final int BUFFER = 1 << 17;
    private static final String SECRET = "CollectiveSpeed.secret";

    private CollectiveSpeed() {}

    /** Measures as rank 0, and starts this program a second time with arguments, by which it is the worker of rank 1. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length > 0) {
            InetSocketAddress address = address(args[0]);
            try (Collective worker = Collective.connect(address, 1, new ConnectOptions(2, System.getenv(SECRET)));
                    SocketChannel plain = SocketChannel.open(address(args[1]))) {
                measure(worker, plain);
            }
            return;
        }
        String secret = ConnectOptions.newSecret();
        try (Rendezvous rendezvous = Rendezvous.open();
                ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Process other = other(
                    secret, rendezvous.address().getPort(), ((InetSocketAddress) server.getLocalAddress()).getPort());
            try (Collective worker = rendezvous.accept(new ConnectOptions(2, secret));
                    SocketChannel plain = server.accept()) {
                measure(worker, plain);
            }
            other.waitFor();
        }
    }

    private static InetSocketAddress address(String port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    private static Process other(String secret, int port, int plainPort) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + Runtime.getRuntime().maxMemory(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CollectiveSpeed.class.getName(),
                        String.valueOf(port),
                        String.valueOf(plainPort))
                .inheritIO();
        builder.environment().put(SECRET, secret);
        return builder.start();
    }

    private static void measure(Collective worker, SocketChannel plain) throws IOException {
        for (int megabytes : MEGABYTES) {
            int size = Math.max(1, megabytes * 1_000_000 / Float.BYTES);
            NdArray array = NdArray.ones(DType.FLOAT32, Shape.of(size));
            double[] reduced = new double[ROUNDS];
            double[] copied = new double[ROUNDS];
            for (int round = -ROUNDS; round < ROUNDS; round++) {
                worker.barrier();
                long begin = System.nanoTime();
                NdArray sum = worker.allReduce(array);
                long middle = System.nanoTime();
                copy(worker.rank() == 0, plain, size * Float.BYTES);
                long end = System.nanoTime();
                if (sum.get(size - 1) != 2) {
                    throw new IllegalStateException("the sum is wrong");
                } else if (round >= 0) {
                    reduced[round] = (middle - begin) / 1e6;
                    copied[round] = (end - middle) / 1e6;
                }
            }
            if (worker.rank() == 0) {
                print(size * Float.BYTES, reduced, copied);
            }
        }
    }

    /** Sends bytes and receives one byte as an answer, if {@code sends}; otherwise receives the bytes and sends the answer. */
    private static void copy(boolean sends, SocketChannel channel, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        pass(sends, channel, buffer, bytes);
        pass(!sends, channel, buffer, 1);
    }

    private static void pass(boolean sends, SocketChannel channel, ByteBuffer buffer, int bytes) throws IOException {
        for (int left = bytes; left > 0; ) {
            buffer.clear().limit(Math.min(left, BUFFER));
            int count = sends ? channel.write(buffer) : channel.read(buffer);
            if (count < 0) {
                throw new IOException("the other worker has ended");
            }
            left -= count;
        }
    }

    private static void print(int bytes, double[] reduced, double[] copied) {
        Arrays.sort(reduced);
        Arrays.sort(copied);
        System.out.printf(
                Locale.ROOT,
                "%,11d bytes: all-reduce %.3f ms, fastest %.3f; copy one way %.3f ms, fastest %.3f%n",
                bytes,
                reduced[ROUNDS / 2],
                reduced[0],
                copied[ROUNDS / 2],
                copied[0]);
    }
}
