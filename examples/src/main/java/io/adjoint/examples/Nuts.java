package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.examples.Hamiltonian.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The No-U-Turn sampler of Hoffman and Gelman (2014): Hamiltonian Monte Carlo, whose trajectories double in length until they turn back.
 * The next draw is a point of the trajectory, chosen by the points' densities (Betancourt 2017, appendix A.3), as in Stan.
 *
 * @param logDensity the logarithm of the density, up to a constant, of a vector of unconstrained numbers
 * @param warmUp the number of draws that step size and masses are learnt in; they are not returned
 * @param draws the number of draws after them
 */
record Nuts(Function<Tensor, Tensor> logDensity, int warmUp, int draws) {
    private static final int MOST_DOUBLINGS = 10;
    /** The energy error from which on a trajectory counts as divergent. */
    private static final double DIVERGENT = 1000;

    /**
     * The draws of a chain.
     *
     * @param values {@code [draws, parameters]}
     * @param divergent the number of trajectories after the warm-up that diverged, since steps were too large; there should be none
     */
    record Chain(Tensor values, int divergent) {}

    /**
     * A piece of a trajectory in the order of time.
     *
     * @param momentum the sum over all points
     * @param draw one of the points
     * @param logWeight the logarithm of the sum of all points' densities
     * @param isEnd true if it must not be continued
     */
    private record Piece(Point first, Point last, Tensor momentum, Point draw, double logWeight, boolean isEnd) {}

    /** Draws a chain. */
    Chain sample(Tensor start, Generator rng) {
        return new Run(start, rng).chain();
    }

    private final class Run {
        private final Generator rng;
        private final Adaptation adaptation;
        private Hamiltonian hamiltonian;
        private Point now;

        // Of the trajectory.
        private double energy;
        private double acceptance;
        private int leaves;
        private boolean isDivergent;

        Run(Tensor start, Generator rng) {
            this.rng = rng;
            adaptation = new Adaptation(warmUp, start.shape());
            hamiltonian = new Hamiltonian(logDensity, adaptation.variances());
            now = hamiltonian.point(start);
        }

        Chain chain() {
            List<Tensor> values = new ArrayList<>();
            int divergent = 0;
            adaptation.restart(hamiltonian.firstStep(now, rng));
            for (int k = 0; k < warmUp + draws; k++) {
                now = next(adaptation.stepSize());
                if (k >= warmUp) {
                    values.add(now.at());
                    divergent += isDivergent ? 1 : 0;
                } else if (adaptation.learn(now.at(), acceptance / leaves)) {
                    hamiltonian = new Hamiltonian(logDensity, adaptation.variances());
                    adaptation.restart(hamiltonian.firstStep(now, rng));
                }
            }
            return new Chain(Tensor.stack(0, values), divergent);
        }

        private Point next(double stepSize) {
            Point start = hamiltonian.withMomentum(now, rng);
            energy = hamiltonian.energy(start);
            acceptance = 0;
            leaves = 0;
            isDivergent = false;
            Piece all = new Piece(start, start, start.momentum(), start, 0, false);
            for (int depth = 0; depth < MOST_DOUBLINGS && !all.isEnd; depth++) {
                double step = rng.nextBoolean() ? stepSize : -stepSize;
                Piece more = piece(step > 0 ? all.last : all.first, depth, step);
                if (more.isEnd) {
                    break;
                }
                all = join(all, more, step, more.logWeight - all.logWeight);
            }
            return all.draw;
        }

        /** The 2ᵈ points after one of them; before it if the step is negative. */
        private Piece piece(Point from, int depth, double step) {
            if (depth == 0) {
                return leaf(hamiltonian.leapfrog(from, step));
            }
            Piece near = piece(from, depth - 1, step);
            if (near.isEnd) {
                return near;
            }
            Piece far = piece(step > 0 ? near.last : near.first, depth - 1, step);
            return far.isEnd ? far : join(near, far, step, far.logWeight - logSum(near.logWeight, far.logWeight));
        }

        private Piece leaf(Point point) {
            double logWeight = energy - hamiltonian.energy(point);
            boolean diverges = !(logWeight > -DIVERGENT);
            isDivergent |= diverges;
            leaves++;
            acceptance += diverges ? 0 : Math.min(1, StrictMath.exp(logWeight));
            return new Piece(point, point, point.momentum(), point, logWeight, diverges);
        }

        /** Both pieces; the draw is, with a probability, that of the added one. */
        private Piece join(Piece old, Piece added, double step, double logProbability) {
            Piece early = step > 0 ? old : added;
            Piece late = step > 0 ? added : old;
            Tensor momentum = early.momentum.add(late.momentum);
            // The second and third find turns that the ends of a periodic trajectory miss, as in Stan since 2.21.
            boolean turns = hamiltonian.turns(early.first, late.last, momentum)
                    || hamiltonian.turns(early.first, late.first, early.momentum.add(late.first.momentum()))
                    || hamiltonian.turns(early.last, late.last, late.momentum.add(early.last.momentum()));
            Point draw = StrictMath.log(rng.nextDouble()) < logProbability ? added.draw : old.draw;
            double logWeight = logSum(old.logWeight, added.logWeight);
            return new Piece(early.first, late.last, momentum, draw, logWeight, turns);
        }
    }

    private static double logSum(double a, double b) {
        return Math.max(a, b) + StrictMath.log1p(StrictMath.exp(-Math.abs(a - b)));
    }
}
