package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;

/** Samples, numbered from 0, each an input with its target. */
public interface Dataset {
    /** The number of samples. */
    int size();

    /** The samples of the given numbers, in that order; the array is the caller's and may change afterwards. */
    Batch batch(int... indices);

    /**
     * The data set whose sample k is entry k of axis 0 of x, with entry k of axis 0 of y as its target.
     *
     * @throws ShapeException if the two are not equally long, or one has no axis
     */
    static Dataset of(Tensor x, Tensor y) {
        if (x.shape().rank() == 0 || y.shape().rank() == 0) {
            throw new ShapeException(
                    "Dataset: samples lie along axis 0, but x is " + x.shape() + " and y is " + y.shape());
        }
        if (x.shape().dim(0) != y.shape().dim(0)) {
            throw new ShapeException(
                    "Dataset: x " + x.shape() + " has " + x.shape().dim(0) + " samples, but y " + y.shape() + " has "
                            + y.shape().dim(0));
        }
        NdArray inputs = x.data();
        NdArray targets = y.data();
        return new Dataset() {
            @Override
            public int size() {
                return inputs.shape().dim(0);
            }

            @Override
            public Batch batch(int... indices) {
                NdArray index = NdArray.of(Shape.of(indices.length), indices);
                return new Batch(Tensor.of(inputs.indexSelect(0, index)), Tensor.of(targets.indexSelect(0, index)));
            }
        };
    }
}
