package io.adjoint.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;

/**
 * A model of a step by W workers of one core each, on machines that a network connects. Its time is
 *
 * <pre>{@code
 * compute/W + 2(W − 1)/W · bytes/bandwidth + 6 · latency
 * }</pre>
 *
 * <p>whose constants are measured: compute and bytes by {@link ParallelSpeed}, the latency of one round of messages by
 * {@link CollectiveSpeed}, half of its time of a sum of one number. A step has six rounds, in each of which a worker sends to all others
 * at once: two sums of two rounds each, the losses, and the agreement on the end. Draws how many times as fast W workers are as one, and
 * prints the batches from which two workers are faster than one, compute being proportional to the batch.
 *
 * <pre>{@code
 * java -cp benchmarks/target/benchmarks.jar io.adjoint.benchmarks.WorkersModel docs/workers.png 30 MLP_S:64:600:407400 CNN:16:2200:51600
 * }</pre>
 */
public final class WorkersModel {
    private static final List<Integer> GIGABITS = List.of(1, 10, 25);
    private static final List<Integer> WORKERS = List.of(1, 2, 4, 8, 16, 32, 64);
    private static final int ROUNDS = 6;

    /** A network, its batch size, the time of a step by one worker in µs, and the bytes that the all-reduces of a step add up. */
    private record Net(String name, int samples, double micros, double bytes) {
        static Net of(String text) {
            String[] words = text.split(":", -1);
            return new Net(
                    words[0], Integer.parseInt(words[1]), Double.parseDouble(words[2]), Double.parseDouble(words[3]));
        }

        /** The time in µs that the workers spend on messages in a step. */
        double messages(int workers, int gigabits, double latency) {
            double exchanged = 2 * (workers - 1.0) / workers * bytes;
            return exchanged * 8 / (gigabits * 1e3) + (workers == 1 ? 0 : ROUNDS * latency);
        }

        double speedUp(int workers, int gigabits, double latency) {
            return micros / (micros / workers + messages(workers, gigabits, latency));
        }

        /** The smallest batch size for which two workers are faster than one, by the model. */
        long batchForTwo(int gigabits, double latency) {
            return (long) Math.ceil(2 * messages(2, gigabits, latency) * samples / micros);
        }
    }

    private WorkersModel() {}

    /** Takes the picture's name, the latency of a round in µs, and for each net {@code name:samples:µs:bytes}. */
    public static void main(String[] args) throws IOException {
        if (args.length < 3) {
            throw new IllegalArgumentException(
                    "expected the picture's name, the latency of a round in µs, and nets as name:samples:µs:bytes, but got "
                            + Arrays.toString(args));
        }
        System.setProperty("java.awt.headless", "true");
        double latency = Double.parseDouble(args[1]);
        List<Net> nets = Arrays.stream(args).skip(2).map(Net::of).toList();
        List<XYChart> panels = new ArrayList<>();
        for (int gigabits : GIGABITS) {
            panels.add(panel(nets, gigabits, latency));
        }
        BitmapEncoder.saveBitmap(panels, 1, panels.size(), args[0].replaceFirst("\\.png$", ""), BitmapFormat.PNG);
        print(nets, latency);
    }

    private static XYChart panel(List<Net> nets, int gigabits, double latency) {
        XYChart panel = GrowthChart.panel("model: " + gigabits + " Gbit/s", "workers", "times as fast as one worker");
        for (Net net : nets) {
            panel.addSeries(
                    net.name + ", batch " + net.samples,
                    WORKERS,
                    WORKERS.stream()
                            .map(workers -> net.speedUp(workers, gigabits, latency))
                            .toList());
        }
        panel.addSeries("without messages", WORKERS, WORKERS);
        return panel;
    }

    private static void print(List<Net> nets, double latency) {
        StringBuilder head = new StringBuilder("| net, bytes added up |");
        StringBuilder line = new StringBuilder("|---|");
        for (int gigabits : GIGABITS) {
            head.append(" batch at ").append(gigabits).append(" Gbit/s |");
            line.append("---|");
        }
        System.out.println(head.append(" 8 workers, 10 Gbit/s |") + "\n" + line + "---|");
        for (Net net : nets) {
            StringBuilder row =
                    new StringBuilder(String.format(Locale.ROOT, "| %s, %,.1f kB |", net.name, net.bytes / 1e3));
            GIGABITS.forEach(
                    gigabits -> row.append(String.format(Locale.ROOT, " %,d |", net.batchForTwo(gigabits, latency))));
            System.out.println(row.append(
                    String.format(Locale.ROOT, " %.1f × at batch %d |", net.speedUp(8, 10, latency), net.samples)));
        }
    }
}
