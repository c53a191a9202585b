package io.adjoint.nn.train;

import io.adjoint.core.NdArray;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Block;
import io.adjoint.nn.Modes;
import io.adjoint.nn.Settings;
import io.adjoint.nn.TextTable;
import io.adjoint.nn.optim.Optimizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The losses of a search of the learning rate: of steps whose rate grows from a small to a large one, each by the same factor, the range
 * test of <a href="https://arxiv.org/abs/1506.01186">Smith</a>. See {@link Trainer#searchRate}.
 *
 * @param rates the learning rate of each step
 * @param losses the loss of each step's batch, before the step
 * @param smoothed a mean of the losses before and after each step: a loss counts less by a factor of e with each twentieth of the search
 *     that it is away
 */
public record RateSearch(List<Double> rates, List<Double> losses, List<Double> smoothed) {
    /**
     * The width of the smoothing, as a fraction of the search: at this distance the weight of a loss in the smoothed loss has fallen by a
     * factor of e.
     */
    private static final double WIDTH = 0.05;
    /** The weight of the last loss in the running average that decides when the search ends. */
    private static final double WEIGHT = 0.1;
    /** The search ends when the running average exceeds its minimum by this multiple of the minimum's absolute value. */
    private static final double DIVERGED = 3;

    /**
     * A search.
     *
     * @throws IllegalArgumentException if the lists have different sizes
     */
    public RateSearch {
        rates = List.copyOf(rates);
        losses = List.copyOf(losses);
        smoothed = List.copyOf(smoothed);
        if (rates.size() != losses.size() || rates.size() != smoothed.size()) {
            throw new IllegalArgumentException("RateSearch: expected lists of one size, got " + rates.size() + ", "
                    + losses.size() + " and " + smoothed.size());
        }
    }

    /**
     * A tenth of the rate at which the smoothed loss is smallest, a good maximum for a schedule: the rate there is about to be too large,
     * and the loss still falls well below it. Unlike the steepest fall, the minimum stays where it is if the losses of batches differ much,
     * or if the loss falls again after it has grown. Search by 100 steps or more: of fewer the suggestion may be off by chance.
     *
     * @throws IllegalStateException if the loss is smallest in the first tenth of the search, so that it falls at no rate
     */
    public double suggestion() {
        if (rates.isEmpty()) {
            throw new IllegalStateException(
                    "RateSearch: the loss of the first batch is not finite; look for the cause by a Doctor");
        }
        int lowest = smoothed.indexOf(Collections.min(smoothed));
        if (lowest < Math.max(1, smoothed.size() / 10)) {
            throw new IllegalStateException("RateSearch: the loss falls at no rate from " + rates.get(0) + " to "
                    + rates.get(rates.size() - 1) + "; begin with a smaller one, or look for a mistake by a Doctor");
        }
        return rates.get(lowest) / 10;
    }

    /** A table of the rates and losses. */
    @Override
    public String toString() {
        TextTable table = new TextTable(TextTable.right().atLeast(12)).row("rate", "loss", "smoothed");
        for (int k = 0; k < rates.size(); k++) {
            table.row(
                    String.format(Locale.ROOT, "%.4g", rates.get(k)),
                    String.format(Locale.ROOT, "%.6g", losses.get(k)),
                    String.format(Locale.ROOT, "%.6g", smoothed.get(k)));
        }
        return table.toString();
    }

    /** Makes the steps of a search, and then restores everything that the steps have changed. */
    static <B> RateSearch run(
            TrainingPlan<B> plan, Iterable<? extends B> batches, double from, double to, int steps, Stateful... drawn) {
        Settings.requirePositive(RateSearch.class, "first rate", from);
        Settings.require(to > from && Double.isFinite(to), RateSearch.class, "last rate", "be above the first", to);
        Settings.require(steps >= 3, RateSearch.class, "number of steps", "be at least 3", steps);
        Optimizer optimizer = Objects.requireNonNull(plan.optimizer);
        Trainer.requireThat(
                !optimizer.needsClosure(),
                optimizer.getClass().getSimpleName() + " searches its steps itself; there is no rate to search for");
        plan.check();
        Block model = plan.model();
        List<Runnable> restore = new ArrayList<>(List.of(optimizer::zeroGrad, Modes.kept(model)));
        List<Stateful> changed = new ArrayList<>(List.of(model, optimizer));
        changed.addAll(List.of(drawn));
        if (batches instanceof Stateful loader) {
            changed.add(loader);
        }
        for (Stateful each : changed) {
            Map<String, NdArray> before = each.state();
            restore.add(() -> each.load(before));
        }
        return Cleanup.after(
                () -> {
                    if (!Modes.anyTraining(model)) {
                        model.train();
                    }
                    return search(plan, optimizer, batches, from, to, steps);
                },
                restore);
    }

    private static <B> RateSearch search(
            TrainingPlan<B> plan,
            Optimizer optimizer,
            Iterable<? extends B> batches,
            double from,
            double to,
            int steps) {
        Evaluator<B> evaluator = plan.evaluator;
        Updates trial = new Updates(plan);
        trial.begin(() -> steps);
        List<Double> rates = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        List<Double> means = new ArrayList<>();
        double average = 0;
        double weight = 0;
        Iterator<? extends B> rest = Collections.emptyIterator();
        try {
            while (rates.size() < steps) {
                boolean isNew = !rest.hasNext();
                rest = isNew ? batches.iterator() : rest;
                B batch = nextWithSamples(evaluator, rest);
                if (batch == null) {
                    Trainer.requireThat(!isNew, "there are no batches to train with");
                    continue;
                }
                double rate = from * StrictMath.pow(to / from, (double) rates.size() / (steps - 1));
                optimizer.learningRate(rate);
                trial.clear();
                double loss = trial.backward(factor -> evaluator.of(batch).backward(factor), 1, 0)
                        .loss()
                        .item();
                trial.checkRegistered();
                average += WEIGHT * (loss - average);
                weight += WEIGHT * (1 - weight);
                double mean = average / weight;
                if (diverged(mean, means) || !Double.isFinite(mean) || !trial.stepIfDue(1, 0)) {
                    break;
                }
                rates.add(rate);
                losses.add(loss);
                means.add(mean);
            }
        } finally {
            CurrentEpoch.end(rest);
        }
        return new RateSearch(rates, losses, smoothed(losses, WIDTH * steps));
    }

    /**
     * Smooths the losses by means centred at each loss. A running average would lag, which in a search of few steps would suggest a much
     * too large rate.
     */
    private static List<Double> smoothed(List<Double> losses, double width) {
        List<Double> smoothed = new ArrayList<>();
        for (int k = 0; k < losses.size(); k++) {
            double sum = 0;
            double all = 0;
            for (int other = 0; other < losses.size(); other++) {
                double weight = StrictMath.exp(-Math.abs(other - k) / width);
                sum += weight * losses.get(other);
                all += weight;
            }
            smoothed.add(sum / all);
        }
        return smoothed;
    }

    private static boolean diverged(double mean, List<Double> before) {
        if (before.isEmpty()) {
            return false;
        }
        // Losses may be negative, such as log densities.
        double smallest = Collections.min(before);
        return mean > smallest + DIVERGED * Math.abs(smallest);
    }

    private static <B> @Nullable B nextWithSamples(Evaluator<B> evaluator, Iterator<? extends B> rest) {
        while (rest.hasNext()) {
            B batch = rest.next();
            if (evaluator.sizeOf(RateSearch.class, batch) > 0) {
                return batch;
            }
        }
        return null;
    }
}
