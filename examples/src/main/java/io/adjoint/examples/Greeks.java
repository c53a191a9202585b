package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Trees;
import io.adjoint.examples.MonteCarlo.Mean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Values of options by Monte Carlo, with the derivatives that traders hedge by: an Asian call in the model of Black and Scholes (1973), a
 * European call in Heston's model (1993), and a digital call, whose jump is smoothed. Beside them stand finite differences over the same
 * paths, which take a simulation for each shifted parameter.
 */
public final class Greeks {
    static final double STRIKE = 100;
    /** The time to the end, in years. */
    static final double YEARS = 1;

    static final int STEPS = 52;
    /** The width over which the kink of a payoff is smoothed, for second derivatives. */
    static final double KINK = 0.5;

    /** Parameters of the model dS = r·S·dt + σ·S·dW. */
    record Market(Tensor spot, Tensor volatility, Tensor rate) {
        static Market of(double spot, double volatility, double rate) {
            return new Market(Tensor.scalar(spot), Tensor.scalar(volatility), Tensor.scalar(rate));
        }
    }

    /** Parameters of the model dS = r·S·dt + √v·S·dW, dv = κ·(θ − v)·dt + ξ·√v·dZ, with the correlation ρ of W and Z. */
    record Heston(
            Tensor spot,
            Tensor variance,
            Tensor reversion,
            Tensor meanVariance,
            Tensor volOfVariance,
            Tensor correlation,
            Tensor rate) {
        static Heston of(double... numbers) {
            Tensor[] t = new Tensor[numbers.length];
            for (int k = 0; k < t.length; k++) {
                t[k] = Tensor.scalar(numbers[k]);
            }
            return new Heston(t[0], t[1], t[2], t[3], t[4], t[5], t[6]);
        }
    }

    private Greeks() {}

    /** Prints the tables. */
    public static void main(String[] args) {
        System.out.println("Asian call, Black and Scholes:");
        print(
                new MonteCarlo<>(
                        (Market m, Tensor z) ->
                                discounted(m.rate(), call(prices(m, z).mean(0))),
                        STEPS,
                        1000,
                        20,
                        1),
                Market.of(100, 0.2, 0.03));
        System.out.println("European call, Heston:");
        print(
                new MonteCarlo<>((Heston m, Tensor z) -> discounted(m.rate(), call(end(m, z))), 2 * STEPS, 1000, 20, 1),
                Heston.of(100, 0.04, 1.5, 0.04, 0.3, -0.7, 0.03));
        digital();
    }

    // ---- models ----

    /** The prices at the end of each step, {@code [steps, paths]}; exact for any number of steps. */
    static Tensor prices(Market m, Tensor z) {
        double dt = YEARS / z.shape().dim(0);
        Tensor drift = m.rate().sub(m.volatility().square().div(2)).mul(dt);
        return z.mul(m.volatility().mul(Math.sqrt(dt)))
                .add(drift)
                .cumsum(0)
                .exp()
                .mul(m.spot());
    }

    /**
     * The last prices, {@code [paths]}, by Euler's method for v and log S. Where v is negative it counts as almost 0: the root has no
     * derivative at 0.
     *
     * @param z {@code [2·steps, paths]}
     */
    static Tensor end(Heston m, Tensor z) {
        int steps = z.shape().dim(0) / 2;
        double dt = YEARS / steps;
        Tensor independent = m.correlation().square().neg().add(1).sqrt();
        Tensor log = m.spot().log();
        Tensor v = m.variance();
        for (int k = 0; k < steps; k++) {
            Tensor first = z.select(0, k);
            Tensor second =
                    first.mul(m.correlation()).add(z.select(0, steps + k).mul(independent));
            Tensor positive = v.maximum(1e-8);
            Tensor root = positive.mul(dt).sqrt();
            log = log.add(m.rate().mul(dt)).sub(positive.mul(dt / 2)).add(root.mul(first));
            v = v.add(m.meanVariance().sub(positive).mul(m.reversion()).mul(dt))
                    .add(root.mul(second).mul(m.volOfVariance()));
        }
        return log.exp();
    }

    // ---- payoffs ----

    /** The payoff of a call, {@code max(s − strike, 0)} with the kink rounded off over the width {@link #KINK}. */
    static Tensor call(Tensor s) {
        return s.sub(STRIKE).softplus(1 / KINK, 40);
    }

    /** The payoff of a digital call, 1 above the strike and 0 below, as a step of the given width. */
    static Tensor digital(Tensor s, double width) {
        return s.sub(STRIKE).div(width).sigmoid();
    }

    static Tensor discounted(Tensor rate, Tensor payoff) {
        return payoff.mul(rate.mul(-YEARS).exp());
    }

    // ---- tables ----

    private static <P> void print(MonteCarlo<P> simulation, P market) {
        List<String> names = List.copyOf(Trees.leaves(market).keySet());
        MonteCarlo.Derivatives greeks = simulation.derivatives(market, unit(market, 0));
        Differences<P> differences = new Differences<>(simulation, market);
        line("value", greeks.value(), differences.value);
        for (int k = 0; k < names.size(); k++) {
            line("d/d" + names.get(k).substring(1), greeks.first().get(k), differences.first(k));
        }
        for (int k = 0; k < names.size(); k++) {
            line("d²/dspot d" + names.get(k).substring(1), greeks.second().get(k), differences.second(k));
        }
        System.out.printf(Locale.ROOT, "the differences took %d simulations%n%n", differences.simulations);
    }

    private static void line(String name, Mean mean, double difference) {
        System.out.printf(
                Locale.ROOT,
                "  %-26s %12.6f ± %.6f   differences %12.6f%n",
                name,
                mean.value(),
                mean.error(),
                difference);
    }

    /** A market of zeros with a one at the k-th parameter. */
    static <P> P unit(P market, int k) {
        int[] position = {0};
        return Trees.map(market, x -> position[0]++ == k ? Tensor.onesLike(x) : Tensor.zerosLike(x));
    }

    /** A digital call has delta 0 along each path, unless its step has a width; the table shows the bias of the width. */
    private static void digital() {
        Market market = Market.of(100, 0.2, 0.03);
        System.out.println("Digital call, Black and Scholes:");
        for (double width : new double[] {4, 2, 1, 0.5}) {
            BiFunction<Market, Tensor, Tensor> payoff =
                    (m, z) -> discounted(m.rate(), digital(prices(m, z).select(0, 0), width));
            MonteCarlo.Derivatives greeks =
                    new MonteCarlo<>(payoff, 1, 10_000, 20, 1).derivatives(market, unit(market, 0));
            System.out.printf(
                    Locale.ROOT,
                    "  width %-5s value %.6f ± %.6f   delta %.6f ± %.6f   gamma %9.6f ± %.6f%n",
                    width,
                    greeks.value().value(),
                    greeks.value().error(),
                    greeks.first().get(0).value(),
                    greeks.first().get(0).error(),
                    greeks.second().get(0).value(),
                    greeks.second().get(0).error());
        }
        System.out.println("  exact       value 0.504572              delta 0.019333              gamma -0.000242");
    }

    /** Central differences of the value, over the same paths. */
    private static final class Differences<P> {
        private static final double STEP = 1e-2;

        private final MonteCarlo<P> simulation;
        private final P market;
        private final List<Tensor> parameters;
        final double value;
        int simulations;

        Differences(MonteCarlo<P> simulation, P market) {
            this.simulation = simulation;
            this.market = market;
            parameters = new ArrayList<>(Trees.leaves(market).values());
            value = at(0, 0, 0, 0);
        }

        /** A step for a parameter, in proportion to its size. */
        private double step(int k) {
            return STEP * Math.abs(parameters.get(k).item());
        }

        private double at(int i, double toI, int j, double toJ) {
            simulations++;
            UnaryOperator<P> shift = from -> Trees.zip(
                    Trees.zip(from, unit(market, i), (x, one) -> x.add(one.mul(toI))),
                    unit(market, j),
                    (x, one) -> x.add(one.mul(toJ)));
            return simulation.value(shift.apply(market));
        }

        double first(int k) {
            double h = step(k);
            return (at(k, h, k, 0) - at(k, -h, k, 0)) / (2 * h);
        }

        /** The second derivative with respect to the first parameter and the k-th. */
        double second(int k) {
            double h = step(0);
            if (k == 0) {
                return (at(0, h, 0, 0) - 2 * value + at(0, -h, 0, 0)) / (h * h);
            }
            double e = step(k);
            return (at(0, h, k, e) - at(0, -h, k, e) - at(0, h, k, -e) + at(0, -h, k, -e)) / (4 * h * e);
        }
    }
}
