package io.adjoint.nn.metric;

import io.adjoint.core.StateFields;

/** The mean of the errors of all elements. See {@link ErrorMetric}. */
abstract sealed class MeanError extends ErrorMetric
        permits MeanAbsoluteError, MeanSquaredError, RootMeanSquaredError, MeanAbsolutePercentageError {
    private final Mean mean = new Mean();

    MeanError() {}

    /** The error of one predicted number; the mean of all errors is taken. */
    abstract double error(double prediction, double target);

    @Override
    final void add(double prediction, double target) {
        mean.add(error(prediction, target));
    }

    @Override
    public double value() {
        return mean.value();
    }

    @Override
    public void reset() {
        mean.reset();
    }

    @Override
    public void declareState(StateFields fields) {
        mean.declareState(fields);
    }
}
