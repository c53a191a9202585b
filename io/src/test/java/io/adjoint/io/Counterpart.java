package io.adjoint.io;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.Shape;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.AdaptiveLogSoftmax;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.BatchNorm2d;
import io.adjoint.nn.layer.BatchNorm3d;
import io.adjoint.nn.layer.Bilinear;
import io.adjoint.nn.layer.Conv1d;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Conv3d;
import io.adjoint.nn.layer.ConvTranspose1d;
import io.adjoint.nn.layer.ConvTranspose2d;
import io.adjoint.nn.layer.ConvTranspose3d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Embedding;
import io.adjoint.nn.layer.EmbeddingBag;
import io.adjoint.nn.layer.EmbeddingOptions;
import io.adjoint.nn.layer.GELU;
import io.adjoint.nn.layer.GRU;
import io.adjoint.nn.layer.GRUCell;
import io.adjoint.nn.layer.GroupNorm;
import io.adjoint.nn.layer.HeadOptions;
import io.adjoint.nn.layer.InstanceNorm1d;
import io.adjoint.nn.layer.InstanceNorm2d;
import io.adjoint.nn.layer.InstanceNorm3d;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.LSTMCell;
import io.adjoint.nn.layer.LayerNorm;
import io.adjoint.nn.layer.MultiHeadAttention;
import io.adjoint.nn.layer.NormOptions;
import io.adjoint.nn.layer.PReLU;
import io.adjoint.nn.layer.RMSNorm;
import io.adjoint.nn.layer.RNN;
import io.adjoint.nn.layer.RNNCell;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.RecurrentOptions;
import io.adjoint.nn.layer.SpectralNorm;
import io.adjoint.nn.layer.Transformer;
import io.adjoint.nn.layer.TransformerDecoder;
import io.adjoint.nn.layer.TransformerDecoderLayer;
import io.adjoint.nn.layer.TransformerEncoder;
import io.adjoint.nn.layer.TransformerEncoderLayer;
import io.adjoint.nn.layer.TransformerOptions;
import io.adjoint.nn.layer.WeightNorm;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A layer or model that {@code counterparts.py} has under the same name in PyTorch.
 *
 * @param make makes it
 * @param run computes the output that is compared
 */
record Counterpart<B extends Block>(String name, Function<Init, B> make, BiFunction<B, Tensor[], Tensor> run) {
    private static final NormOptions NORM = new NormOptions();
    private static final RecurrentOptions TWICE =
            new RecurrentOptions().layers(2).bidirectional();
    private static final TransformerOptions SMALL = new TransformerOptions().feedForward(12);
    private static final ConvOptions GROUPS = new ConvOptions().groups(2);

    /** All counterparts, except those with the names of older versions of PyTorch. */
    static final List<Counterpart<?>> ALL = List.of(
            layer("Linear", init -> new Dense(3, 4, init)),
            layer("Linear without bias", init -> Dense.withoutBias(3, 4, init)),
            new Counterpart<>(
                    "Bilinear", init -> new Bilinear(2, 3, 4, init), (block, in) -> block.forward(in[0], in[1])),
            layer("PReLU", init -> new PReLU(3, init)),
            layer("Embedding", init -> new Embedding(7, 3, init)),
            layer("AdaptiveLogSoftmaxWithLoss", init -> new AdaptiveLogSoftmax(16, 9, new int[] {3, 5}, init)),
            layer("EmbeddingBag", init -> new EmbeddingBag(7, 3, init)),
            layer("Conv1d", init -> new Conv1d(2, 3, 3, init)),
            layer("Conv2d", init -> new Conv2d(4, 6, Shape.of(3, 2), GROUPS, init)),
            layer("Conv3d", init -> new Conv3d(1, 2, 2, init)),
            layer("ConvTranspose1d", init -> new ConvTranspose1d(2, 3, 3, init)),
            layer("ConvTranspose2d", init -> new ConvTranspose2d(4, 6, Shape.of(3, 2), GROUPS, init)),
            layer("ConvTranspose3d", init -> new ConvTranspose3d(1, 2, 2, init)),
            layer("BatchNorm1d", init -> new BatchNorm1d(3, init)),
            layer("BatchNorm2d", init -> new BatchNorm2d(3, NORM.cumulativeAverage(), init)),
            layer("BatchNorm3d", init -> new BatchNorm3d(3, NORM.affine(false), init)),
            layer("BatchNorm1d without statistics", init -> new BatchNorm1d(3, NORM.trackRunningStats(false), init)),
            layer(
                    "InstanceNorm1d",
                    init -> new InstanceNorm1d(3, NORM.affine(true).trackRunningStats(true), init)),
            layer("InstanceNorm2d", init -> new InstanceNorm2d(3, NORM.affine(true), init)),
            layer("InstanceNorm3d", init -> new InstanceNorm3d(3, NORM.trackRunningStats(true), init)),
            layer("LayerNorm", init -> new LayerNorm(Shape.of(2, 3), init)),
            layer("LayerNorm without bias", init -> new LayerNorm(Shape.of(3), NORM.withoutBias(), init)),
            layer("RMSNorm", init -> new RMSNorm(Shape.of(3), NORM.eps(1e-5), init)),
            layer("GroupNorm", init -> new GroupNorm(2, 4, init)),
            new Counterpart<>(
                    "RNN",
                    init -> new RNN(3, 4, new RecurrentOptions().nonlinearity(RNN.Nonlinearity.RELU), init),
                    (rnn, in) -> rnn.forward(in[0]).sequence()),
            new Counterpart<>(
                    "GRU",
                    init -> new GRU(3, 4, TWICE, init),
                    (gru, in) -> gru.forward(in[0]).sequence()),
            lstm("LSTM", TWICE),
            lstm("LSTM with projection", TWICE.projection(2)),
            lstm("LSTM without bias", new RecurrentOptions().withoutBias()),
            new Counterpart<>(
                    "RNNCell",
                    init -> new RNNCell(3, 4, init),
                    (cell, in) -> cell.forward(in[0]).hidden()),
            new Counterpart<>(
                    "GRUCell",
                    init -> new GRUCell(3, 4, init),
                    (cell, in) -> cell.forward(in[0]).hidden()),
            new Counterpart<>(
                    "LSTMCell",
                    init -> new LSTMCell(3, 4, init),
                    (cell, in) -> cell.forward(in[0]).hidden()),
            attention("MultiheadAttention", new HeadOptions()),
            attention(
                    "MultiheadAttention of other widths",
                    new HeadOptions().keyDim(3).valueDim(5)),
            attention("MultiheadAttention without bias", new HeadOptions().withoutBias()),
            layer("TransformerEncoderLayer", init -> new TransformerEncoderLayer(8, 2, SMALL, init)),
            layer(
                    "TransformerEncoderLayer, norm first",
                    init -> new TransformerEncoderLayer(
                            8, 2, SMALL.normFirst(true).activation(new GELU()), init)),
            new Counterpart<>(
                    "TransformerDecoderLayer",
                    init -> new TransformerDecoderLayer(8, 2, SMALL, init),
                    (block, in) -> block.forward(in[0], in[1])),
            layer(
                    "TransformerEncoder",
                    init -> new TransformerEncoder(
                            2, 8, 2, SMALL.normFirst(true).finalNorm(true), init)),
            new Counterpart<>(
                    "TransformerDecoder",
                    init -> new TransformerDecoder(2, 8, 2, SMALL.withoutBias(), init),
                    (block, in) -> block.forward(in[0], in[1])),
            new Counterpart<>(
                    "Transformer",
                    init -> new Transformer(8, 2, 1, 1, SMALL, init),
                    (block, in) -> block.forward(in[0], in[1], new AttentionMask().causal())),
            layer("weight_norm", init -> WeightNorm.of(new Dense(3, 4, init))),
            layer(
                    "weight_norm of ConvTranspose1d",
                    init -> WeightNorm.of(ConvTranspose1d.withoutBias(2, 3, Shape.of(3), new ConvOptions(), init))),
            layer("spectral_norm", init -> SpectralNorm.of(new Conv2d(2, 3, 2, init), init.generator())),
            layer(
                    "spectral_norm of ConvTranspose1d",
                    init -> SpectralNorm.of(new ConvTranspose1d(2, 3, 3, init), init.generator())),
            layer(
                    "MLP",
                    init -> new Sequential(
                            new Dense(3, 8, init),
                            new ReLU(),
                            new Dropout(0.5, init.generator()),
                            new Dense(8, 2, init))),
            layer("CNN", Cnn::new),
            layer("tagger", Tagger::new),
            layer("tied", Tied::new));

    /** Counterparts whose states have names that PyTorch no longer writes, so they are only read. */
    static final List<Counterpart<?>> OLDER = List.of(
            layer("weight_norm, older", init -> WeightNorm.of(new Dense(3, 4, init))),
            layer("spectral_norm, older", init -> SpectralNorm.of(new Conv2d(2, 3, 2, init), init.generator())));

    private static Counterpart<Layer> layer(String name, Function<Init, Layer> make) {
        return new Counterpart<>(name, make, (layer, in) -> layer.forward(in[0]));
    }

    private static Counterpart<LSTM> lstm(String name, RecurrentOptions options) {
        return new Counterpart<>(
                name,
                init -> new LSTM(3, 4, options, init),
                (lstm, in) -> lstm.forward(in[0]).sequence());
    }

    private static Counterpart<MultiHeadAttention> attention(String name, HeadOptions options) {
        return new Counterpart<>(
                name,
                init -> new MultiHeadAttention(8, 2, options, init),
                (block, in) -> block.forward(in[0], in[1], in[2]));
    }

    Made made(Init init) {
        B block = make.apply(init);
        block.eval();
        return new Made(block, in -> run.apply(block, in));
    }

    /** A counterpart whose block was made. */
    record Made(Block block, Function<Tensor[], Tensor> run) {}

    @Override
    public String toString() {
        return name;
    }

    /** A model with the names of its counterpart in camel case; {@code Mixed_1a} is the same in both. */
    private static final class Cnn extends Layer {
        private final Conv2d conv1;
        private final BatchNorm2d bn1;
        private final Sequential downSample;
        private final Conv2d mixed;
        private final Dense fc;

        private Cnn(Init init) {
            conv1 = child("conv1", Conv2d.withoutBias(3, 4, Shape.of(3, 3), new ConvOptions().padding(1), init));
            bn1 = child("bn1", new BatchNorm2d(4, init));
            downSample = child(
                    "downSample",
                    new Sequential(
                            new Conv2d(4, 6, Shape.of(3, 3), new ConvOptions().stride(2), init),
                            new BatchNorm2d(6, init),
                            new ReLU()));
            mixed = child("Mixed_1a", new Conv2d(6, 5, 1, init));
            fc = child("fc", new Dense(5, 2, init));
        }

        @Override
        protected Tensor compute(Tensor x) {
            Tensor small = downSample.forward(bn1.forward(conv1.forward(x)).relu());
            return fc.forward(mixed.forward(small).mean(2, 3));
        }
    }

    private static final class Tagger extends Layer {
        private final Embedding embedding;
        private final LSTM rnn;
        private final Dense head;

        private Tagger(Init init) {
            embedding = child("tokenEmbedding", new Embedding(11, 3, new EmbeddingOptions().paddingIndex(0), init));
            rnn = child("encoderRnn", new LSTM(3, 4, TWICE, init));
            head = child("head", new Dense(8, 5, init));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return head.forward(rnn.forward(embedding.forward(x)).sequence());
        }
    }

    /** An embedding whose table is also the output's weight. */
    private static final class Tied extends Layer {
        private final Embedding embedding;

        private Tied(Init init) {
            embedding = child("wte", new Embedding(7, 4, init));
            child("lm_head", embedding);
        }

        @Override
        protected Tensor compute(Tensor x) {
            return embedding.forward(x).matmul(embedding.weight().transpose(0, 1));
        }
    }
}
