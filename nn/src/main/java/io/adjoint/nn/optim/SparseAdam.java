package io.adjoint.nn.optim;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import java.util.ArrayList;
import java.util.List;

/**
 * Adam for embeddings, of which a step needs few rows: a row of a parameter, one index of its first axis, whose gradient is all 0 is left
 * as it is, with its moments. With gradient g, parameter p, learning rate η, and the number t of steps that p has made, for all other rows:
 *
 * <pre>{@code
 * m = β₁·m + (1 − β₁)·g
 * v = β₂·v + (1 − β₂)·g²
 * p = p − η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε)
 * }</pre>
 *
 * <p>{@link Adam} moves rows without a gradient as well, along their momentum. By default η = 0.001, β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸;
 * there is no weight decay. The settings return this optimizer. PyTorch's reads the rows from sparse gradients, where a row that is there
 * and all 0 is moved; Adjoint's gradients are dense.
 */
public final class SparseAdam extends MomentOptimizer<SparseAdam> {
    /** SparseAdam with learning rate 0.001. */
    public SparseAdam(List<Tensor> parameters) {
        this(parameters, 1e-3);
    }

    /**
     * SparseAdam with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does
     */
    public SparseAdam(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
        refuseWeightDecay("rows without a gradient stay as they are");
    }

    @Override
    protected Update update(ParameterGroup group, int t) {
        double first = group.get(beta1);
        double second = group.get(beta2);
        double small = group.get(eps);
        double rate = group.learningRate() * Math.sqrt(1 - StrictMath.pow(second, t)) / (1 - StrictMath.pow(first, t));
        DoubleRAdam doubles = new DoubleRAdam(rate, true, first, second, small, 0, 1);
        FloatRAdam floats = new FloatRAdam(rate, true, first, second, small, 0, 1);
        List<StateArray> carried = List.of(StateArray.like("firstMoment"), StateArray.like("secondMoment"));
        return Update.ours(carried, (parameter, gradient, arrays) -> {
            if (parameter.size() == 0) {
                return () -> {};
            }
            int rows = parameter.shape().rank() == 0 ? 1 : parameter.shape().dim(0);
            int columns = parameter.size() / rows;
            NdArray[] all = {
                parameter.reshape(rows, columns), arrays[0].reshape(rows, columns), arrays[1].reshape(rows, columns)
            };
            NdArray slopes = gradient.reshape(rows, columns);
            List<NdArray> targets = new ArrayList<>();
            List<NdArray> stepped = new ArrayList<>();
            for (int[] run : runs(slopes)) {
                NdArray[] next = new NdArray[all.length];
                for (int k = 0; k < all.length; k++) {
                    NdArray touched = all[k].slice(0, run[0], run[1]);
                    targets.add(touched);
                    next[k] = touched.copy();
                    stepped.add(next[k]);
                }
                InPlace.update(next[0], slopes.slice(0, run[0], run[1]).copy(), doubles, floats, next[1], next[2]);
            }
            return () -> {
                for (int k = 0; k < targets.size(); k++) {
                    InPlace.assign(targets.get(k), stepped.get(k));
                }
            };
        });
    }

    /** The bounds {@code [from, to)} of all runs of consecutive rows with an element other than 0. */
    private static List<int[]> runs(NdArray matrix) {
        double[] largest = matrix.vectorNorm(Double.POSITIVE_INFINITY, 1).toDoubleArray();
        List<int[]> runs = new ArrayList<>();
        int row = 0;
        while (row < largest.length) {
            int from = row;
            while (row < largest.length && largest[row] != 0) {
                row++;
            }
            if (row > from) {
                runs.add(new int[] {from, row});
            } else {
                row++;
            }
        }
        return runs;
    }
}
