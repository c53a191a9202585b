package io.adjoint.benchmarks;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.autograd.transforms.JacobianMode;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.fit.Fit;
import io.adjoint.fit.LeastSquares;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * Prints the times of fits and of an option's gradient, as in {@code docs/internals/fitting.md}; {@code benchmarks/peers} and
 * {@code benchmarks/pytorch/science.py} compute the same with other libraries.
 *
 * <pre>{@code
 * java --add-modules jdk.incubator.vector -cp benchmarks/target/benchmarks.jar io.adjoint.benchmarks.ScienceSpeed 10 30 100 300 asian
 * }</pre>
 */
public final class ScienceSpeed {
    private static final double SECONDS = 3;
    private static final int STEPS = 252;
    private static final int PATHS = 20_000;
    private static final double STRIKE = 100;

    /** The result of the last run, stored so that the JIT doesn't eliminate the run. */
    @SuppressWarnings("UnusedVariable")
    private static volatile double last;

    private record Market(Tensor spot, Tensor volatility, Tensor rate) {}

    private ScienceSpeed() {}

    /** Takes pairs of a number of parameters and one of residuals, and {@code asian}. */
    public static void main(String[] args) {
        for (int k = 0; k < args.length; k++) {
            if (args[k].equals("asian")) {
                asian();
            } else {
                fits(Integer.parseInt(args[k]), Integer.parseInt(args[++k]));
            }
        }
    }

    /** Fits tanh(A·p) to y from p = 0, A being scaled so that A·p is of one size for any n. */
    private static void fits(int n, int m) {
        double[] numbers = uniform(m * n + n);
        Tensor a = Tensor.of(numbers).slice(0, 0, m * n).reshape(m, n).mul(Math.sqrt(10.0 / n));
        Tensor y =
                a.matmul(Tensor.of(numbers).slice(0, m * n, m * n + n)).tanh().add(0.01);
        Tensor columns = a.transpose();
        String name = "fit " + n + " " + m;
        measure(name + " AUTO", () -> cost(p -> a.matmul(p).tanh().sub(y), n, JacobianMode.AUTO));
        measure(name + " BATCH", () -> cost(p -> p.matmul(columns).tanh().sub(y), n, JacobianMode.BATCH));
    }

    private static double cost(Function<Tensor, Tensor> residuals, int n, JacobianMode mode) {
        Fit<Tensor> fit = LeastSquares.of(residuals).jacobian(mode).from(Tensor.zeros(n));
        return fit.cost();
    }

    /** Numbers from −1 to 1 by the generator of Park and Miller (1988), which every language has in a line. */
    private static double[] uniform(int count) {
        double[] numbers = new double[count];
        long state = 1;
        for (int k = 0; k < count; k++) {
            state = state * 48271 % 2147483647;
            numbers[k] = 2.0 * state / 2147483647 - 1;
        }
        return numbers;
    }

    /** The value of a call on the mean of the prices after each step, and its derivatives, by paths that are drawn before. */
    private static void asian() {
        Tensor z = Tensor.of(uniform(STEPS * PATHS)).erfinv().mul(Math.sqrt(2)).reshape(STEPS, PATHS);
        Market market = new Market(Tensor.scalar(100), Tensor.scalar(0.2), Tensor.scalar(0.03));
        measure("asian", () -> asianGradient(market, z));
        Workspace workspace = new Workspace();
        measure("asian, workspace", () -> workspace.run(() -> asianGradient(market, z)));
    }

    private static double asianGradient(Market market, Tensor z) {
        Market slopes = Transforms.grad(m -> asian(m, z), market);
        return slopes.spot().item() + slopes.volatility().item() + slopes.rate().item();
    }

    private static Tensor asian(Market m, Tensor z) {
        double dt = 1.0 / STEPS;
        Tensor drift = m.rate().sub(m.volatility().square().div(2)).mul(dt);
        Tensor growth =
                z.mul(m.volatility().mul(Math.sqrt(dt))).add(drift).cumsum(0).exp();
        Tensor payoff = growth.mean(0).mul(m.spot()).sub(STRIKE).relu();
        return payoff.mean().mul(m.rate().neg().exp());
    }

    private static void measure(String name, DoubleSupplier run) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (long begin = System.nanoTime(); System.nanoTime() - begin < SECONDS * 1e9; ) {
            last = run.getAsDouble();
        }
        long cpu = Long.MAX_VALUE;
        long wall = Long.MAX_VALUE;
        int runs = 0;
        for (long begin = System.nanoTime(); runs < 2 || System.nanoTime() - begin < SECONDS * 1e9; runs++) {
            long cpuBefore = threads.getCurrentThreadCpuTime();
            long before = System.nanoTime();
            last = run.getAsDouble();
            wall = Math.min(wall, System.nanoTime() - before);
            cpu = Math.min(cpu, threads.getCurrentThreadCpuTime() - cpuBefore);
        }
        System.out.printf(
                Locale.ROOT, "%-24s %10.3f ms, CPU %10.3f ms, result %.10g%n", name, wall / 1e6, cpu / 1e6, last);
    }
}
