package io.adjoint.proof;

import io.adjoint.core.Backend;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.parallel.ConnectOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The program of a worker in a JVM of its own, which trains all networks and writes their digests to a file. */
final class WorkerJvm {
    /** The name of the line that tells the backend of the worker. */
    static final String BACKEND = "backend";

    private WorkerJvm() {}

    public static void main(String[] arguments) throws IOException {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        ConnectOptions options = new ConnectOptions(Integer.parseInt(arguments[2]), System.getenv("SECRET"));
        Map<String, String> digests;
        try (Collective workers = Collective.connect(address, Integer.parseInt(arguments[1]), options)) {
            digests = digests(workers, null, arguments.length > 4 ? Path.of(arguments[4]) : null);
        }
        digests.put(BACKEND, Backend.describe());
        StringBuilder text = new StringBuilder();
        digests.forEach(
                (name, digest) -> text.append(name).append('=').append(digest).append('\n'));
        Files.writeString(Path.of(arguments[3]), text);
    }

    static Map<String, String> digests(Collective workers, @Nullable Path saved, @Nullable Path resumed) {
        Map<String, String> digests = new TreeMap<>();
        for (WorkerTraining training : WorkerTraining.values()) {
            digests.put(training.name(), training.digest(workers, saved, resumed));
        }
        return digests;
    }
}
