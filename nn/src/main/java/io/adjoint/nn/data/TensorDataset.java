package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;

/** A data set whose samples are the rows, along axis 0, of an input and a target tensor. */
final class TensorDataset implements Dataset<Batch> {
    private final NdArray inputs;
    private final NdArray targets;

    TensorDataset(Tensor x, Tensor y) {
        if (x.shape().rank() == 0 || y.shape().rank() == 0) {
            throw new ShapeException(
                    "Dataset: samples lie along axis 0, but x is " + x.shape() + " and y is " + y.shape());
        }
        if (x.shape().dim(0) != y.shape().dim(0)) {
            throw new ShapeException(
                    "Dataset: x " + x.shape() + " has " + x.shape().dim(0) + " samples, but y " + y.shape() + " has "
                            + y.shape().dim(0));
        }
        inputs = x.data();
        targets = y.data();
    }

    @Override
    public int size() {
        return inputs.shape().dim(0);
    }

    @Override
    public Batch get(int index) {
        FunctionDataset.requireIndex(index, size());
        return new Batch(Tensor.of(inputs.select(0, index)), Tensor.of(targets.select(0, index)));
    }

    @Override
    public Batch batch(int... indices) {
        NdArray index = NdArray.of(Shape.of(indices.length), indices);
        return new Batch(Tensor.of(inputs.indexSelect(0, index)), Tensor.of(targets.indexSelect(0, index)));
    }
}
