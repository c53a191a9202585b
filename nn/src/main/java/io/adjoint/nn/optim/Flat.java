package io.adjoint.nn.optim;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import java.util.ArrayList;
import java.util.List;

/**
 * An immutable vector of doubles with a number for each element of all parameters, one parameter after the other: for example the gradient.
 */
@SuppressWarnings("ArrayRecordComponent") // vectors are not compared
record Flat(double[] values) {
    /** The gradients of parameters; zeros for a parameter without a gradient. */
    static Flat gradients(List<Tensor> parameters) {
        double[] all =
                new double[parameters.stream().mapToInt(p -> p.data().size()).sum()];
        int at = 0;
        for (Tensor parameter : parameters) {
            int n = parameter.data().size();
            Tensor gradient = parameter.grad();
            if (gradient != null) {
                System.arraycopy(gradient.data().toDoubleArray(), 0, all, at, n);
            }
            at += n;
        }
        return new Flat(all);
    }

    /** Adds {@code factor·this} to the parameters. If memory runs out, no parameter is changed. */
    void addTo(List<Tensor> parameters, double factor) {
        int at = 0;
        List<NdArray> all = new ArrayList<>();
        for (Tensor parameter : parameters) {
            NdArray data = parameter.data();
            double[] moved = data.toDoubleArray();
            for (int i = 0; i < moved.length; i++) {
                moved[i] += factor * values[at + i];
            }
            at += moved.length;
            all.add(NdArray.wrap(data.shape(), moved).to(data.dtype()));
        }
        for (int k = 0; k < all.size(); k++) {
            InPlace.assign(parameters.get(k).data(), all.get(k));
        }
    }

    Flat mul(double factor) {
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i] * factor;
        }
        return new Flat(result);
    }

    /** Returns {@code this + factor·other}. */
    Flat add(double factor, Flat other) {
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i] + factor * other.values[i];
        }
        return new Flat(result);
    }

    double dot(Flat other) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * other.values[i];
        }
        return sum;
    }

    double largest() {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    double sumOfAbsolutes() {
        double sum = 0;
        for (double value : values) {
            sum += Math.abs(value);
        }
        return sum;
    }
}
