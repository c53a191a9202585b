package io.adjoint.nn.parallel;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A worker in a JVM of its own: it adds arrays until it is killed. */
final class KilledWorker {
    static final NdArray ARRAY = NdArray.ones(DType.FLOAT32, Shape.of(3_000_000));

    private KilledWorker() {}

    public static void main(String[] arguments) {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        ConnectOptions options = new ConnectOptions(Integer.parseInt(arguments[2]), System.getenv("SECRET"));
        try (Collective collective = Collective.connect(address, Integer.parseInt(arguments[1]), options)) {
            while (collective.allReduce(ARRAY).get(0) == collective.size()) {
                Thread.onSpinWait();
            }
        }
    }
}
