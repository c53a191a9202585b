package io.adjoint.proof;

import static io.adjoint.nn.Functional.batchNorm;
import static io.adjoint.nn.Functional.groupNorm;
import static io.adjoint.nn.Functional.layerNorm;
import static io.adjoint.nn.Functional.rmsNorm;
import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The entries of {@link LossFamily} for normalization. */
final class Normalizations {
    /** An ε so large that finite differences can follow the normalization's strong curvature at variance 0. */
    private static final double EPS = 0.25;

    private Normalizations() {}

    private static double normalized(double value, double... sample) {
        double mean = Arrays.stream(sample).average().orElse(Double.NaN);
        double variance = Arrays.stream(sample)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElse(Double.NaN);
        return (value - mean) / Math.sqrt(variance + EPS);
    }

    private static NdArray layerNormReference(NdArray x, NdArray weight, NdArray bias) {
        int normalized = weight.size();
        double[] all = x.toDoubleArray();
        double[] w = weight.toDoubleArray();
        double[] b = bias.toDoubleArray();
        double[] y = new double[all.length];
        for (int e = 0; e < y.length; e++) {
            int within = e % normalized;
            double[] sample = Arrays.copyOfRange(all, e - within, e - within + normalized);
            y[e] = normalized(all[e], sample) * w[within] + b[within];
        }
        return NdArray.of(x.shape(), y);
    }

    private static NdArray rmsNormReference(NdArray x, NdArray weight) {
        int normalized = weight.size();
        double[] all = x.toDoubleArray();
        double[] w = weight.toDoubleArray();
        double[] y = new double[all.length];
        for (int e = 0; e < y.length; e++) {
            int within = e % normalized;
            double squares = Arrays.stream(all, e - within, e - within + normalized)
                    .map(v -> v * v)
                    .average()
                    .orElse(Double.NaN);
            y[e] = all[e] / Math.sqrt(squares + EPS) * w[within];
        }
        return NdArray.of(x.shape(), y);
    }

    /** The reference of group normalization with two groups. */
    private static NdArray groupNormReference(NdArray x, NdArray weight, NdArray bias) {
        int size = x.size() / Math.max(1, x.shape().dim(0) * 2);
        int inner = x.shape().rank() == 2 ? 1 : x.shape().dim(2);
        double[] all = x.toDoubleArray();
        double[] y = new double[all.length];
        for (int e = 0; e < y.length; e++) {
            double[] sample = Arrays.copyOfRange(all, e - e % size, e - e % size + size);
            int channel = e / inner % weight.size();
            y[e] = normalized(all[e], sample) * weight.get(channel) + bias.get(channel);
        }
        return NdArray.of(x.shape(), y);
    }

    private static NdArray batchNormReference(NdArray x, NdArray weight, NdArray bias) {
        int channels = x.shape().dim(1);
        int inner = x.shape().rank() == 2 ? 1 : x.shape().dim(2);
        double[] all = x.toDoubleArray();
        return Reference.build(x.shape(), at -> {
            double[] sample = IntStream.range(0, all.length)
                    .filter(e -> e / inner % channels == at[1])
                    .mapToDouble(e -> all[e])
                    .toArray();
            return normalized(x.get(at), sample) * weight.get(at[1]) + bias.get(at[1]);
        });
    }

    private static Entry layerNormEntry(String name, String shapes) {
        Tensor ones = Tensor.of(1, 1, 1);
        return entry(name, t -> layerNorm(t[0], t[1].shape(), t[1], t[2], EPS))
                .shapes(shapes)
                .reference((in, none) -> layerNormReference(in[0], in[1], in[2]))
                .order(2)
                .rejects("another normalised shape", x -> layerNorm(x, Shape.of(2), null, null, 1e-5), "[2, 3] … [2]")
                .rejects(
                        "a weight of another shape",
                        x -> layerNorm(x, Shape.of(3), Tensor.of(1, 2), null, 1e-5),
                        "weight … [3] … [2]")
                .rejects("a negative epsilon", x -> layerNorm(x, Shape.of(3), ones, ones, -1), "-1.0")
                .rejects(
                        "INT32 elements",
                        x -> layerNorm(x.to(DType.INT32), Shape.of(3), null, null, 1e-5),
                        "INT32 … to(FLOAT64)");
    }

    static List<Entry> entries() {
        Tensor three = Tensor.of(1, 1, 1);
        return List.of(
                layerNormEntry("layerNorm", "(b?,c?,n),(n),(n)->(b?,c?,n)"),
                layerNormEntry("layerNorm over two axes", "(b?,m,n),(m,n),(m,n)->(b?,m,n)"),
                entry("rmsNorm", t -> rmsNorm(t[0], t[1].shape(), t[1], EPS))
                        .shapes("(b?,c?,n),(n)->(b?,c?,n)")
                        .reference((in, none) -> rmsNormReference(in[0], in[1]))
                        .order(2)
                        .rejects("another normalised shape", x -> rmsNorm(x, Shape.of(2), null, 1e-5), "[2, 3] … [2]")
                        .rejects(
                                "a weight of another shape",
                                x -> rmsNorm(x, Shape.of(3), Tensor.of(1, 2), 1e-5),
                                "weight … [3] … [2]")
                        .rejects("a negative epsilon", x -> rmsNorm(x, Shape.of(3), three, -1), "-1.0"),
                entry("groupNorm", t -> groupNorm(t[0], 2, t[1], t[2], EPS))
                        .shapes("(n,4,d?),(4),(4)->(n,4,d?)")
                        .reference((in, none) -> groupNormReference(in[0], in[1], in[2]))
                        .order(2)
                        .rejects("no channels", x -> groupNorm(x.sum(0), 1, null, null, 1e-5), "[N, C, ...] … [3]")
                        .rejects(
                                "groups that do not divide the channels",
                                x -> groupNorm(x, 2, null, null, 1e-5),
                                "[2, 3] … 3 channels … 2")
                        .rejects("no group", x -> groupNorm(x, 0, null, null, 1e-5), "at least 1 group … 0"),
                entry("batchNorm", t -> batchNorm(t[0], t[1], t[2], EPS))
                        .shapes("(n,c,d?),(c),(c)->(n,c,d?)")
                        .dims(2, 4)
                        .reference((in, none) -> batchNormReference(in[0], in[1], in[2]))
                        .order(2)
                        .rejects("no channels", x -> batchNorm(x.sum(0), null, null, 1e-5), "[N, C, ...] … [3]")
                        .rejects(
                                "one value a channel",
                                x -> batchNorm(x.slice(0, 0, 1), three, three, 1e-5),
                                "[1, 3] … one value")
                        .rejects(
                                "a bias of another shape",
                                x -> batchNorm(x, three, Tensor.of(1, 2), 1e-5),
                                "bias … [3] … [2]"),
                entry("batchNorm with given statistics", t -> batchNorm(t[0], t[1], t[2], t[3], t[4], 1e-5))
                        .shapes("(n,c,d?),(c),(c),(c),(c)->(n,c,d?)")
                        .within(
                                Values.between(-2, 2),
                                Values.between(-2, 2),
                                Values.between(0.5, 2),
                                Values.between(-2, 2),
                                Values.between(-2, 2))
                        .reference((in, none) -> Reference.build(
                                in[0].shape(),
                                at -> (in[0].get(at) - in[1].get(at[1]))
                                                / Math.sqrt(in[2].get(at[1]) + 1e-5)
                                                * in[3].get(at[1])
                                        + in[4].get(at[1])))
                        .order(2)
                        .rejects(
                                "a mean of another shape",
                                x -> batchNorm(x, Tensor.of(1, 2), three, null, null, 1e-5),
                                "mean … [3] … [2]")
                        .rejects(
                                "unequal types",
                                x -> batchNorm(x, three, three.to(DType.FLOAT32), null, null, 1e-5),
                                "FLOAT32 … to(")
                        .rejects(
                                "an epsilon that is no number",
                                x -> batchNorm(x, three, three, null, null, Double.NaN),
                                "eps … NaN"));
    }
}
