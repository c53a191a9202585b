package io.adjoint.benchmarks;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.ReLU;
import java.util.function.Supplier;

/** Workloads whose size can be chosen; a step of each is timed for several sizes. */
enum Growth {
    /** The product of two square matrices. */
    MATMUL("rows") {
        @Override
        Supplier<Tensor> build(int size, DType dtype) {
            Tensor a = Tensor.randn(dtype, new Generator(1), size, size);
            Tensor b = Tensor.randn(dtype, new Generator(2), size, size);
            return () -> a.matmul(b);
        }
    },
    /** Forward and backward pass of a network 256-256-256 with ReLU, for a batch of the given size. */
    BATCH("samples") {
        @Override
        Supplier<Tensor> build(int size, DType dtype) {
            Init init = new Init(new Generator(1)).dtype(dtype);
            Layer net = new Sequential(new Dense(256, 256, init), new ReLU(), new Dense(256, 256, init));
            Tensor x = Tensor.randn(dtype, new Generator(2), size, 256);
            return () -> {
                net.zeroGrad();
                Tensor sum = net.forward(x).sum();
                sum.backward();
                return sum;
            };
        }
    },
    /** Forward and backward pass of self-attention with one head of width 64, for a sequence of the given length. */
    SEQUENCE("length") {
        @Override
        Supplier<Tensor> build(int size, DType dtype) {
            Tensor x = Tensor.randn(dtype, new Generator(1), 1, size, 64).requiresGrad(true);
            return () -> {
                x.zeroGrad();
                Tensor sum = Functional.scaledDotProductAttention(x, x, x).sum();
                sum.backward();
                return sum;
            };
        }
    };

    /** The unit of the size, such as {@code rows}. */
    final String axis;

    Growth(String axis) {
        this.axis = axis;
    }

    /** Returns a function that makes a step. Its result must be used, so that the JIT doesn't eliminate the step. */
    abstract Supplier<Tensor> build(int size, DType dtype);
}
