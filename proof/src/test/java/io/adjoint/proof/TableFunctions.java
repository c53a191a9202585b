package io.adjoint.proof;

import static io.adjoint.nn.Functional.bilinear;
import static io.adjoint.nn.Functional.dropout;
import static io.adjoint.nn.Functional.embedding;
import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DropoutKernels;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Reference;
import java.util.List;

/** The part of {@link LossFamily} that is about dropout, tables and products of two inputs. */
final class TableFunctions {
    private static final int[] INDEX = {2, 0, 2, 1};

    private TableFunctions() {}

    private static Tensor ints(int... numbers) {
        return Tensor.of(NdArray.of(Shape.of(numbers.length), numbers));
    }

    private static NdArray bilinearReference(NdArray a, NdArray b, NdArray weight, NdArray bias) {
        return Reference.build(Shape.of(a.shape().dim(0), weight.shape().dim(0)), at -> {
            double sum = bias.get(at[1]);
            for (int i = 0; i < weight.shape().dim(1); i++) {
                for (int j = 0; j < weight.shape().dim(2); j++) {
                    sum += a.get(at[0], i) * weight.get(at[1], i, j) * b.get(at[0], j);
                }
            }
            return sum;
        });
    }

    static List<Entry> entries() {
        return List.of(
                entry("bilinear", t -> bilinear(t[0], t[1], t[2], t[3]))
                        .shapes("(n,i),(n,j),(o,i,j),(o)->(n,o)")
                        .reference((in, none) -> bilinearReference(in[0], in[1], in[2], in[3]))
                        .order(2)
                        .rejects("a weight of two axes", x -> bilinear(x, x, x, null), "[out, in1, in2] … [2, 3]")
                        .rejects(
                                "an input of another size",
                                x -> bilinear(x, x, Tensor.zeros(1, 3, 2), null),
                                "[..., 2] … [2, 3] … [1, 3, 2]")
                        .rejects(
                                "inputs of unequal length",
                                x -> bilinear(x, x.slice(0, 0, 1), Tensor.zeros(1, 3, 3), null),
                                "[2, 3] … [1, 3]"),
                entry("dropout", t -> dropout(t[0], 0.25, new Generator(3)))
                        .shapes("(...)->(...)")
                        .reference((in, none) -> {
                            long seed = new Generator(3).nextLong();
                            NdArray ones = NdArray.full(DType.FLOAT64, in[0].shape(), 1);
                            NdArray mask = DropoutKernels.dropout(ones, 0.25, 1 / 0.75, seed);
                            return in[0].mul(mask);
                        })
                        .order(2)
                        .rejects("a negative p", x -> dropout(x, -0.5, new Generator(1)), "p … -0.5")
                        .rejects("a p above 1", x -> dropout(x, 1.5, new Generator(1)), "p … 1.5")
                        .rejects(
                                "INT32 elements",
                                x -> dropout(x.to(DType.INT32), 0.5, new Generator(1)),
                                "INT32 … to(FLOAT64)"),
                entry("embedding (rows)", t -> embedding(ints(INDEX), t[0]))
                        .shapes("(3,f)->(4,f)")
                        .reference((in, none) -> Reference.build(
                                Shape.of(4, in[0].shape().dim(1)), at -> in[0].get(INDEX[at[0]], at[1])))
                        .order(2)
                        .rejects("a number out of range", x -> embedding(ints(0, 2), x), "index 2 … [1] … 2 rows")
                        .rejects("a negative number", x -> embedding(ints(-1), x), "index -1 … [0] … 2 rows")
                        .rejects(
                                "a vector for a table",
                                x -> embedding(ints(0), x.select(0, 0)),
                                "[count, features] … [3]"));
    }
}
