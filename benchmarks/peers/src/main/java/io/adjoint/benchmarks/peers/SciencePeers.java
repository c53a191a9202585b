package io.adjoint.benchmarks.peers;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import net.finmath.montecarlo.RandomVariableFromDoubleArray;
import net.finmath.montecarlo.automaticdifferentiation.RandomVariableDifferentiable;
import net.finmath.montecarlo.automaticdifferentiation.backward.RandomVariableDifferentiableAADFactory;
import net.finmath.stochastic.RandomVariable;
import org.hipparchus.analysis.differentiation.Gradient;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresProblem;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.special.Erf;
import org.hipparchus.util.Pair;

/**
 * The fits and the option of {@code ScienceSpeed} in Hipparchus, by forward mode, and in finmath-lib: arguments are {@code 10 30 100 300
 * asian}.
 */
public final class SciencePeers {
    private static final double SECONDS = 3;
    private static final int STEPS = 252;
    private static final int PATHS = 20_000;
    private static final double STRIKE = 100;

    /** The result of the last run, stored so that the JIT doesn't eliminate the run. */
    private static volatile double last;

    private SciencePeers() {}

    public static void main(String[] args) {
        for (int k = 0; k < args.length; k++) {
            if (args[k].equals("asian")) {
                double[][] z = normals();
                measure("asian finmath-lib", () -> finmath(z));
                measure("asian Hipparchus", () -> hipparchus(z));
            } else {
                fit(Integer.parseInt(args[k]), Integer.parseInt(args[++k]));
            }
        }
    }

    private static void fit(int n, int m) {
        double[] a = uniform(m * n + n);
        for (int k = 0; k < m * n; k++) {
            a[k] *= Math.sqrt(10.0 / n);
        }
        double[] y = new double[m];
        for (int i = 0; i < m; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += a[i * n + j] * a[m * n + j];
            }
            y[i] = Math.tanh(sum) + 0.01;
        }
        measure("fit " + n + " " + m + " Gradient", () -> cost(n, y, p -> forward(n, m, a, p)));
        measure("fit " + n + " " + m + " by hand", () -> cost(n, y, p -> byHand(n, m, a, p)));
    }

    private interface Model {
        Pair<RealVector, RealMatrix> at(RealVector p);
    }

    private static double cost(int n, double[] y, Model model) {
        LeastSquaresProblem problem = new LeastSquaresBuilder()
                .start(new double[n])
                .model(model::at)
                .target(y)
                .maxEvaluations(1000)
                .maxIterations(1000)
                .build();
        double cost = new LevenbergMarquardtOptimizer().optimize(problem).getCost();
        return cost * cost / 2;
    }

    private static Pair<RealVector, RealMatrix> forward(int n, int m, double[] a, RealVector p) {
        Gradient[] variables = new Gradient[n];
        for (int j = 0; j < n; j++) {
            variables[j] = Gradient.variable(n, j, p.getEntry(j));
        }
        double[] values = new double[m];
        double[][] rows = new double[m][];
        for (int i = 0; i < m; i++) {
            Gradient sum = variables[0].getField().getZero().linearCombination(Arrays.copyOfRange(a, i * n, i * n + n), variables);
            Gradient value = sum.tanh();
            values[i] = value.getValue();
            rows[i] = value.getGradient();
        }
        return new Pair<>(new ArrayRealVector(values, false), MatrixUtils.createRealMatrix(rows));
    }

    private static Pair<RealVector, RealMatrix> byHand(int n, int m, double[] a, RealVector p) {
        double[] values = new double[m];
        double[][] rows = new double[m][n];
        for (int i = 0; i < m; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += a[i * n + j] * p.getEntry(j);
            }
            values[i] = Math.tanh(sum);
            for (int j = 0; j < n; j++) {
                rows[i][j] = a[i * n + j] * (1 - values[i] * values[i]);
            }
        }
        return new Pair<>(new ArrayRealVector(values, false), MatrixUtils.createRealMatrix(rows));
    }

    private static double[] uniform(int count) {
        double[] numbers = new double[count];
        long state = 1;
        for (int k = 0; k < count; k++) {
            state = state * 48271 % 2147483647;
            numbers[k] = 2.0 * state / 2147483647 - 1;
        }
        return numbers;
    }

    private static double[][] normals() {
        double[] numbers = uniform(STEPS * PATHS);
        double[][] z = new double[STEPS][PATHS];
        for (int step = 0; step < STEPS; step++) {
            int from = step * PATHS;
            Arrays.setAll(z[step], k -> Math.sqrt(2) * Erf.erfInv(numbers[from + k]));
        }
        return z;
    }

    private static double finmath(double[][] z) {
        RandomVariableDifferentiableAADFactory factory = new RandomVariableDifferentiableAADFactory();
        RandomVariableDifferentiable spot = factory.createRandomVariable(100);
        RandomVariableDifferentiable volatility = factory.createRandomVariable(0.2);
        RandomVariableDifferentiable rate = factory.createRandomVariable(0.03);
        double dt = 1.0 / STEPS;
        RandomVariable drift = rate.sub(volatility.squared().div(2)).mult(dt);
        RandomVariable width = volatility.mult(Math.sqrt(dt));
        RandomVariable log = factory.createRandomVariable(0);
        RandomVariable sum = factory.createRandomVariable(0);
        for (double[] step : z) {
            log = log.add(width.mult(new RandomVariableFromDoubleArray(0, step)).add(drift));
            sum = sum.add(log.exp());
        }
        RandomVariable payoff = sum.div(STEPS).mult(spot).sub(STRIKE).floor(0).mult(rate.mult(-1).exp());
        var gradient = ((RandomVariableDifferentiable) payoff).getGradient();
        return gradient.get(spot.getID()).getAverage()
                + gradient.get(volatility.getID()).getAverage()
                + gradient.get(rate.getID()).getAverage();
    }

    private static double hipparchus(double[][] z) {
        Gradient spot = Gradient.variable(3, 0, 100);
        Gradient volatility = Gradient.variable(3, 1, 0.2);
        Gradient rate = Gradient.variable(3, 2, 0.03);
        double dt = 1.0 / STEPS;
        Gradient drift = rate.subtract(volatility.square().divide(2)).multiply(dt);
        Gradient width = volatility.multiply(Math.sqrt(dt));
        Gradient discount = rate.negate().exp();
        double total = 0;
        for (int path = 0; path < PATHS; path++) {
            Gradient log = Gradient.constant(3, 0);
            Gradient sum = Gradient.constant(3, 0);
            for (int step = 0; step < STEPS; step++) {
                log = log.add(width.multiply(z[step][path])).add(drift);
                sum = sum.add(log.exp());
            }
            Gradient value = sum.divide(STEPS).multiply(spot).subtract(STRIKE);
            if (value.getValue() > 0) {
                double[] slopes = value.multiply(discount).getGradient();
                total += slopes[0] + slopes[1] + slopes[2];
            }
        }
        return total / PATHS;
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
