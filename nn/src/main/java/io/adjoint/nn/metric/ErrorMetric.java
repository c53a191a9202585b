package io.adjoint.nn.metric;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;

/** A figure of the differences between predicted and actual numbers, both floating and of one shape and dtype; elements count alike. */
public abstract sealed class ErrorMetric extends MeanMetric
        permits MeanAbsoluteError, MeanSquaredError, RootMeanSquaredError, MeanAbsolutePercentageError, R2 {
    ErrorMetric() {}

    /** The error of one predicted number; the mean of all errors is taken. */
    abstract double error(double prediction, double target);

    /** Adds a predicted and the actual number to the metric. */
    void addError(double prediction, double target) {
        add(error(prediction, target), 1);
    }

    @Override
    public final void update(Tensor prediction, Tensor target) {
        String name = getClass().getSimpleName();
        if (!prediction.shape().equals(target.shape())) {
            throw new ShapeException(name + ": the prediction " + prediction.shape() + " and the target "
                    + target.shape() + " must have the same shape");
        }
        DTypeException.requireSameFloating(name, prediction.dtype(), target.dtype());
        prediction.dtype().requireFloating(name);
        double[] predicted = prediction.data().toDoubleArray();
        double[] actual = target.data().toDoubleArray();
        for (int k = 0; k < predicted.length; k++) {
            addError(predicted[k], actual[k]);
        }
    }
}
