package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.io.Checkpoints;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.SGD;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Shows backpropagation in six steps: a network with two hidden sigmoid units and a sigmoid output learns exclusive or. All numbers of the
 * first training step are printed beside the numbers that {@link XorByHand} computes.
 */
public final class Xor {
    private static final double[][] INPUTS = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    private static final double[] TARGETS = {0, 1, 1, 0};
    /** A seed with which the training succeeds. One in ten seeds leads into a flat region that gradient descent doesn't leave. */
    private static final long SEED = 2;

    private static final int STEPS = 2000;

    private static final List<String> SAMPLES = List.of("(0,0)", "(0,1)", "(1,0)", "(1,1)");
    private static final List<String> HIDDEN =
            List.of("0 (0,0)", "1 (0,0)", "0 (0,1)", "1 (0,1)", "0 (1,0)", "1 (1,0)", "0 (1,1)", "1 (1,1)");
    private static final List<String> PARAMETERS = List.of("w00", "w01", "w10", "w11", "b0", "b1", "v0", "v1", "c");

    private final List<Comparison> comparisons = new ArrayList<>();
    private final Dense hidden;
    private final Dense output;
    final Sequential network;

    /** The arguments of the program. */
    private static final class Options {
        @Option(
                names = "--seed",
                description = "The seed of the parameters (default: a seed with which the training succeeds).")
        private long seed = SEED;

        @Mixin
        private CheckpointOptions checkpoints = new CheckpointOptions();

        @SuppressWarnings("UnusedVariable") // picocli reads the field
        @Option(names = "--help", usageHelp = true, description = "Prints this help.")
        private boolean help;
    }

    /**
     * One number, computed in two ways.
     *
     * @param name the name of the number
     */
    record Comparison(String name, double byHand, double byAdjoint) {}

    Xor() {
        this(SEED);
    }

    private Xor(long seed) {
        Generator rng = new Generator(seed);
        hidden = new Dense(2, 2, rng);
        output = new Dense(2, 1, rng);
        network = new Sequential(hidden, new Sigmoid(), output, new Sigmoid());
    }

    /** Prints the first step number by number, then trains on. */
    public static void main(String[] args) {
        Options options = new Options();
        CommandLine command = new CommandLine(options);
        if (command.parseArgs(args).isUsageHelpRequested()) {
            command.usage(System.out);
            return;
        }
        new Xor(options.seed).run(options.checkpoints);
    }

    void run(CheckpointOptions options) {
        Tensor x = Tensor.of(INPUTS);
        Tensor t = Tensor.of(TARGETS).reshape(4, 1);

        title("1. Initialise: draw the weights and biases");
        List<Tensor> parameters = network.parameters();
        MSE mse = new MSE().halved();
        SGD optimizer = new SGD(parameters, 1).momentum(0.9);
        double[] start = values(parameters);
        for (int k = 0; k < start.length; k++) {
            System.out.printf(Locale.ROOT, "   %-16s %20.16f%n", PARAMETERS.get(k), start[k]);
        }
        XorByHand byHand = new XorByHand(INPUTS, TARGETS, start);

        title("2. Forward: the output for each input");
        Tensor z = hidden.forward(x).retainGrad();
        Tensor z2 = output.forward(z.sigmoid()).retainGrad();
        Tensor y = z2.sigmoid();
        compare(of("y", SAMPLES), byHand.outputs, values(y));

        title("3. Loss: E = 1/(2n) * sum (y - t)^2");
        Tensor loss = mse.forward(y, t);
        compare(List.of("E"), new double[] {byHand.loss}, values(loss));

        title("4. Backward: the derivatives of the loss, from the output to the input");
        loss.backward();
        compare(of("delta", SAMPLES), byHand.outputDeltas, values(z2.grad()));
        compare(of("delta", HIDDEN), byHand.hiddenDeltas, values(z.grad()));
        double[] gradient = values(parameters.stream().map(Tensor::grad).toList());
        compare(of("dE/d", PARAMETERS), byHand.gradient, gradient);

        title("5. Update: parameter -= 1.0 * dE/dparameter");
        optimizer.step();
        double[] updated = new double[start.length];
        Arrays.setAll(updated, k -> start[k] - 1.0 * byHand.gradient[k]);
        compare(PARAMETERS, updated, values(parameters));

        title("6. Repeat");
        Optional<Checkpoints> checkpoints = options.inFolder();
        long done = checkpoints
                .map(each -> each.part("hidden", hidden)
                        .part("output", output)
                        .part("optimizer", optimizer)
                        .resume())
                .orElse(0L);
        for (long step = Math.max(1, done) + 1; step <= STEPS; step++) {
            optimizer.zeroGrad();
            y = network.forward(x);
            loss = mse.forward(y, t);
            loss.backward();
            optimizer.step();
            if (step % 200 == 0) {
                System.out.printf(Locale.ROOT, "   loss in step %4d: %.6f%n", step, loss.item());
            }
            if (checkpoints.isPresent() && (options.isDue(step) || step == STEPS)) {
                checkpoints.get().save(step);
            }
        }
        double[] answers = answers();
        for (int s = 0; s < TARGETS.length; s++) {
            System.out.printf(
                    Locale.ROOT,
                    "   %.0f xor %.0f = %.0f: the network computes %.3f%n",
                    INPUTS[s][0],
                    INPUTS[s][1],
                    TARGETS[s],
                    answers[s]);
        }
    }

    /** The numbers of the first training step. */
    List<Comparison> comparisons() {
        return comparisons;
    }

    /** The outputs of the network for the four inputs. */
    double[] answers() {
        return values(network.forward(Tensor.of(INPUTS)));
    }

    private static void title(String text) {
        System.out.println(text);
    }

    private static List<String> of(String what, List<String> names) {
        return names.stream()
                .map(name -> what + (what.endsWith("/d") ? "" : " ") + name)
                .toList();
    }

    private void compare(List<String> names, double[] byHand, double[] byAdjoint) {
        System.out.printf("   %-16s %20s %20s%n", "", "by hand", "Adjoint");
        for (int k = 0; k < byHand.length; k++) {
            comparisons.add(new Comparison(names.get(k), byHand[k], byAdjoint[k]));
            System.out.printf(Locale.ROOT, "   %-16s %20.16f %20.16f%n", names.get(k), byHand[k], byAdjoint[k]);
        }
    }

    private static double[] values(List<@Nullable Tensor> tensors) {
        return tensors.stream()
                .flatMapToDouble(tensor -> DoubleStream.of(values(tensor)))
                .toArray();
    }

    /** The elements of a tensor; no elements for a missing gradient. */
    private static double[] values(@Nullable Tensor tensor) {
        return tensor == null ? new double[0] : tensor.data().toDoubleArray();
    }
}
