package io.adjoint.benchmarks;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.Correction;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.BatchNorm2d;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Flatten;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.LayerNorm;
import io.adjoint.nn.layer.MaxPool2d;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.layer.TransformerEncoderLayer;
import io.adjoint.nn.layer.TransformerOptions;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.Loss;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.loss.Reduction;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.SGD;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The workloads that are timed; pytorch/workloads.py has the same workloads in PyTorch. */
public enum Workloads {
    /** A training step of a 2-2-1 sigmoid network: mean squared error, SGD, batch of 4. */
    XOR(dtype -> {
        Tensor x = Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}).to(dtype);
        Tensor y = Tensor.of(new double[][] {{0}, {1}, {1}, {0}}).to(dtype);
        Layer net = new Sequential(dense(2, 2, dtype), new Sigmoid(), dense(2, 1, dtype), new Sigmoid());
        return new Training(net, new MSE(), x, y, new SGD(net.parameters(), 0.5));
    }),
    /** A training step of a network 784-128-10 with ReLU: cross-entropy, Adam, batch of 64. */
    MLP_S(dtype -> mlp(784, 128, 10, 64, dtype)),
    /** A training step of a network 1024-1024-1024 with ReLU: cross-entropy, Adam, batch of 256. */
    MLP_L(dtype -> mlp(1024, 1024, 1024, 256, dtype)),
    /** The sum of sigmoid(a)·tanh(a) + exp(−a·a) for a matrix 1000×1000, forward and backward. */
    EW_1M(dtype -> elementwise(1000, dtype, Workloads::formula)),
    /** The workload EW_1M with its formula as one fused function. */
    EW_1M_FUSED(dtype -> elementwise(1000, dtype, Transforms.fused(Workloads::formula))),
    /** The workload EW_1M for a matrix 4×4. */
    EW_16(dtype -> elementwise(4, dtype, Workloads::formula)),
    /** A matrix 4×4 multiplied by 1.0001 a thousand times in succession, and summed; forward and backward. */
    CHAIN(dtype -> {
        Tensor start = random(dtype, 4, 4).requiresGrad(true);
        return () -> {
            start.zeroGrad();
            Tensor t = start;
            for (int k = 0; k < 1000; k++) {
                t = t.mul(1.0001);
            }
            Tensor sum = t.sum();
            sum.backward();
            return sum;
        };
    }),
    /** The matrix product of 512×512 and 512×512. */
    MATMUL(dtype -> product(random(dtype, 512, 512), random(dtype, 512, 512))),
    /** The matrix product of 64×64 and 64×64. */
    MATMUL_64(dtype -> product(random(dtype, 64, 64), random(dtype, 64, 64))),
    /** The matrix product of 128×128 and 128×128. */
    MATMUL_128(dtype -> product(random(dtype, 128, 128), random(dtype, 128, 128))),
    /** The matrix product of 1024×1024 and 1024×1024. */
    MATMUL_1024(dtype -> product(random(dtype, 1024, 1024), random(dtype, 1024, 1024))),
    /** A batch of 256 matrix products of 32×16 and 16×32. */
    MATMUL_BATCH(dtype -> product(random(dtype, 256, 32, 16), random(dtype, 256, 16, 32))),
    /** The outer product, as the matrix product of 2048×1 and 1×2048. */
    MATMUL_OUTER(dtype -> product(random(dtype, 2048, 1), random(dtype, 1, 2048))),
    /** The product of a row vector and a matrix 1024×1024. */
    MATMUL_ROW(dtype -> product(random(dtype, 1, 1024), random(dtype, 1024, 1024))),
    /** A convolution 3×3 of 64 images of 26×26 pixels from 32 to 64 channels, and the gradients of images, weight and bias. */
    CONVOLUTION(dtype -> {
        Layer layer = convolution(32, 64, dtype);
        Tensor x = random(dtype, 64, 32, 26, 26).requiresGrad(true);
        Tensor upstream = random(dtype, 64, 64, 24, 24);
        return () -> {
            x.zeroGrad();
            layer.zeroGrad();
            Tensor y = layer.forward(x);
            y.backward(upstream);
            return y;
        };
    }),
    /**
     * A training step of a network for images of 28×28: convolution 3×3 to 16 channels, ReLU, max pooling by 2, convolution 3×3 to 32
     * channels, ReLU, max pooling by 2, dense layer to 10 classes; cross-entropy, SGD, batch of 16.
     */
    CNN(dtype -> {
        Layer net = new Sequential(
                convolution(1, 16, dtype),
                new ReLU(),
                new MaxPool2d(2),
                convolution(16, 32, dtype),
                new ReLU(),
                new MaxPool2d(2),
                new Flatten(),
                dense(32 * 5 * 5, 10, dtype));
        return new Training(
                net, new CrossEntropy(), random(dtype, 16, 1, 28, 28), labels(16, 10), new SGD(net.parameters(), 0.1));
    }),
    /**
     * An LSTM of 64 units over 16 sequences of 20 steps with 32 features, and the gradients of the sum of its outputs with respect to all
     * parameters.
     */
    LSTM(dtype -> {
        LSTM lstm = new LSTM(32, 64, init(dtype));
        Tensor x = random(dtype, 16, 20, 32);
        return () -> {
            lstm.zeroGrad();
            Tensor sum = lstm.forward(x).sequence().sum();
            sum.backward();
            return sum;
        };
    }),
    /**
     * A transformer encoder layer of width 64 with 4 heads and feed-forward width 128, for 8 sequences of length 32, forward and backward.
     */
    TRANSFORMER(dtype -> {
        Layer net = new TransformerEncoderLayer(
                64, 4, new TransformerOptions().feedForward(128).dropout(0), init(dtype));
        Tensor x = random(dtype, 8, 32, 64);
        return () -> {
            net.zeroGrad();
            Tensor sum = net.forward(x).sum();
            sum.backward();
            return sum;
        };
    }),
    /** A step of Adam on 1,000,000 parameters. */
    ADAM(dtype -> {
        Tensor parameter = random(dtype, 1_000_000).requiresGrad(true);
        parameter.setGrad(random(dtype, 1_000_000));
        Optimizer adam = new Adam(List.of(parameter), 1e-3);
        return () -> {
            adam.step();
            return parameter;
        };
    }),
    /** The softmax of a matrix 1024×1024 over the last axis, forward and backward. */
    SOFTMAX_LAST(dtype -> softmax(1, dtype)),
    /** The softmax of a matrix 1024×1024 over the first axis, forward and backward. */
    SOFTMAX_FIRST(dtype -> softmax(0, dtype)),
    /** The normalization (x − mean) / √(var + 1e-5) of a matrix 1024×1024 over the last axis, forward and backward. */
    NORM_LAST(dtype -> norm(1, dtype)),
    /** The normalization (x − mean) / √(var + 1e-5) of a matrix 1024×1024 over the first axis, forward and backward. */
    NORM_FIRST(dtype -> norm(0, dtype)),
    /** Dropout with p = 0.5 of a matrix 1024×1024, forward and backward. */
    DROPOUT(dtype -> differentiated(new Dropout(0.5, new Generator(1))::forward, dtype, 1024, 1024)),
    /** Max pooling with windows 2×2 of 16 images of 26×26 pixels with 16 channels, forward and backward. */
    MAX_POOL(dtype -> differentiated(x -> x.maxPool2d(2), dtype, 16, 16, 26, 26)),
    /** Batch normalization, in training mode, of 64 images of 28×28 pixels with 64 channels, forward and backward. */
    BATCH_NORM(dtype -> differentiated(new BatchNorm2d(64, init(dtype))::forward, dtype, 64, 64, 28, 28)),
    /** Layer normalization of a matrix 4096×512 over the last axis, forward and backward. */
    LAYER_NORM(dtype -> {
        Layer norm = new LayerNorm(Shape.of(512), init(dtype));
        return differentiated(norm::forward, dtype, 4096, 512);
    }),
    /** The cross-entropy of 512 samples with 50,000 classes, forward and backward. */
    CROSS_ENTROPY(dtype -> {
        Tensor classes = index(512, 50_000);
        CrossEntropy loss = new CrossEntropy().reduction(Reduction.NONE);
        return differentiated(x -> loss.forward(x, classes), dtype, 512, 50_000);
    }),
    /** Self-attention of 8 sequences of length 128, with 4 heads of width 32, forward and backward. */
    ATTENTION(dtype -> differentiated(x -> Functional.scaledDotProductAttention(x, x, x), dtype, 8, 4, 128, 32)),
    /** The selection of 100,000 random rows of a table 10,000×64. */
    GATHER(dtype -> {
        Tensor table = random(dtype, 10_000, 64);
        Tensor index = index(100_000, 10_000);
        return () -> table.indexSelect(0, index);
    }),
    /** The addition of 100,000 rows of 64 elements to random rows of a table 10,000×64. */
    SCATTER(dtype -> {
        Tensor table = random(dtype, 10_000, 64);
        Tensor index = index(100_000, 10_000);
        Tensor rows = random(dtype, 100_000, 64);
        return () -> table.indexAdd(0, index, rows);
    }),
    /** The sum of a matrix 1000×1000 and a row vector, broadcast. */
    ADD_ROW(dtype -> {
        Tensor a = random(dtype, 1000, 1000);
        Tensor row = random(dtype, 1000);
        return () -> a.add(row);
    }),
    /** The sum of a matrix 1000×1000 and a column vector, broadcast. */
    ADD_COLUMN(dtype -> {
        Tensor a = random(dtype, 1000, 1000);
        Tensor column = random(dtype, 1000, 1);
        return () -> a.add(column);
    }),
    /** A contiguous copy of an array 64×64×64×16 whose axes are permuted to 3, 1, 0, 2. */
    PERMUTE(dtype -> {
        NdArray permuted = random(dtype, 64, 64, 64, 16).data().permute(3, 1, 0, 2);
        return () -> Tensor.of(permuted.copy());
    });

    private static final SplittableRandom RANDOM = new SplittableRandom(0);

    private final Function<DType, Supplier<Tensor>> steps;

    Workloads(Function<DType, Supplier<Tensor>> steps) {
        this.steps = steps;
    }

    /** Returns a function that makes a step. Its result must be used, so that the JIT doesn't eliminate the step. */
    Supplier<Tensor> build(DType dtype) {
        return steps.apply(dtype);
    }

    /** The step, which runs in a workspace if {@code inWorkspace}. */
    Supplier<Tensor> build(DType dtype, boolean inWorkspace) {
        Supplier<Tensor> step = build(dtype);
        Workspace workspace = inWorkspace ? new Workspace() : Workspace.none();
        return () -> workspace.run(step);
    }

    private static Init init(DType dtype) {
        return new Init(RANDOM).dtype(dtype);
    }

    private static Dense dense(int in, int out, DType dtype) {
        return new Dense(in, out, init(dtype));
    }

    private static Conv2d convolution(int in, int out, DType dtype) {
        return new Conv2d(in, out, 3, init(dtype));
    }

    private static Tensor random(DType dtype, int... dims) {
        return Tensor.randn(dtype, RANDOM, dims);
    }

    private static Supplier<Tensor> product(Tensor a, Tensor b) {
        return () -> a.matmul(b);
    }

    private static Supplier<Tensor> mlp(int in, int hidden, int out, int batch, DType dtype) {
        Layer net = new Sequential(dense(in, hidden, dtype), new ReLU(), dense(hidden, out, dtype));
        return new Training(
                net,
                new CrossEntropy(),
                random(dtype, batch, in),
                labels(batch, out),
                new Adam(net.parameters(), 1e-3));
    }

    private static Tensor labels(int batch, int classes) {
        int[] labels = new int[batch];
        Arrays.setAll(labels, k -> RANDOM.nextInt(classes));
        return Tensor.of(NdArray.of(Shape.of(batch), labels));
    }

    /** A training step, always with the same batch. */
    record Training(Layer net, Loss criterion, Tensor x, Tensor y, Optimizer optimizer) implements Supplier<Tensor> {
        @Override
        public Tensor get() {
            optimizer.zeroGrad();
            Tensor loss = criterion.forward(net.forward(x), y);
            loss.backward();
            optimizer.step();
            return loss;
        }
    }

    private static Supplier<Tensor> softmax(int axis, DType dtype) {
        return differentiated(x -> x.softmax(axis), dtype);
    }

    private static Supplier<Tensor> norm(int axis, DType dtype) {
        return differentiated(
                x -> x.sub(x.mean(Dims.KEEP, axis))
                        .div(x.var(Correction.NONE, Dims.KEEP, axis).add(1e-5).sqrt()),
                dtype);
    }

    private static Supplier<Tensor> differentiated(UnaryOperator<Tensor> function, DType dtype) {
        return differentiated(function, dtype, 1024, 1024);
    }

    /** Computes a function of a random x of a shape, and the gradient of x for a random upstream gradient. */
    private static Supplier<Tensor> differentiated(UnaryOperator<Tensor> function, DType dtype, int... shape) {
        Tensor x = random(dtype, shape).requiresGrad(true);
        Tensor upstream = random(dtype, function.apply(x).shape().toArray());
        return () -> {
            x.zeroGrad();
            Tensor value = function.apply(x);
            value.backward(upstream);
            return value;
        };
    }

    private static Tensor index(int count, int bound) {
        return Tensor.of(RANDOM.ints(count, 0, bound).toArray());
    }

    static Tensor formula(Tensor a) {
        return a.sigmoid().mul(a.tanh()).add(a.mul(a).neg().exp());
    }

    private static Supplier<Tensor> elementwise(int size, DType dtype, Function<Tensor, Tensor> function) {
        Tensor a = random(dtype, size, size).requiresGrad(true);
        return () -> {
            a.zeroGrad();
            Tensor sum = function.apply(a).sum();
            sum.backward();
            return sum;
        };
    }
}
