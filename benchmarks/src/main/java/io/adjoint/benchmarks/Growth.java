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

/** One step of a workload of any size. */
enum Growth {
    /** A product of two square matrices. */
    MATMUL("rows") {
        @Override
        Supplier<Tensor> build(int size, DType dtype) {
            Tensor a = Tensor.randn(dtype, new Generator(1), size, size);
            Tensor b = Tensor.randn(dtype, new Generator(2), size, size);
            return () -> a.matmul(b);
        }
    },
    /** Forward and backward through 256-256-256 with ReLU. */
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
    /** Forward and backward through the attention of a sequence to itself, one head of width 64. */
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

    /** The name of the size. */
    final String axis;

    Growth(String axis) {
        this.axis = axis;
    }

    /** The step; what it returns must be used, lest the JIT leave it out. */
    abstract Supplier<Tensor> build(int size, DType dtype);
}
