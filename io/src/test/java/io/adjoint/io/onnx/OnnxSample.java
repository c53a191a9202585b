package io.adjoint.io.onnx;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A model that can be exported.
 *
 * @param name begins with the name of its file
 * @param ranges for each input the numbers that it is drawn from
 * @param forward its outputs for inputs of its type
 */
public record OnnxSample(
        String name, Block model, OnnxOptions options, List<Range> ranges, UnaryOperator<List<Tensor>> forward) {
    /** Numbers of an input, integers if that is INT32. */
    public record Range(double from, double before) {
        /** A range around 0, in which activation functions bend. */
        public static final Range FLOATS = new Range(-3, 3);

        /** Indices below a limit. */
        public static Range indices(int limit) {
            return new Range(0, limit);
        }

        /** Lengths from the shortest to the longest. */
        public static Range lengths(int shortest, int longest) {
            return new Range(shortest, longest + 1);
        }
    }

    /** A sample of a layer, whose output is the only one. */
    public static OnnxSample of(String name, Layer model, OnnxOptions options, Range range) {
        return new OnnxSample(name, model, options, List.of(range), x -> List.of(model.forward(x.get(0))));
    }

    /** Options of a model with one input, of the given sizes after the batch's. */
    public static OnnxOptions input(DType dtype, int... sizes) {
        return new OnnxOptions().input("input", dtype, Shape.of(OnnxWeighted.both(new int[] {1}, sizes)));
    }

    /** Random inputs of a batch, with the dtypes that the file has: samples of an example that is given, else numbers. */
    List<Tensor> draw(int batch, Generator rng) {
        List<Tensor> inputs = new ArrayList<>();
        for (int k = 0; k < ranges.size(); k++) {
            Range range = ranges.get(k);
            OnnxOptions.Input input = options.inputs.get(k);
            NdArray given = input.values();
            if (given != null) {
                int count = given.shape().dim(0);
                int[] chosen = IntStream.generate(() -> rng.nextInt(count))
                        .limit(batch)
                        .toArray();
                inputs.add(Tensor.of(given).indexSelect(0, chosen));
                continue;
            }
            int[] dims = input.example().toArray();
            dims[0] = batch;
            Tensor x = Tensor.uniform(DType.FLOAT32, Shape.of(dims), range.from(), range.before(), rng);
            inputs.add(input.dtype().isFloating() ? x : x.floor().to(DType.INT32));
        }
        return inputs;
    }

    /** The outputs of the model, for inputs that it is given in its own type. */
    List<Tensor> outputs(List<Tensor> inputs) {
        DType dtype = model.parameters().isEmpty()
                ? DType.FLOAT64
                : model.parameters().get(0).dtype();
        List<Tensor> typed = inputs.stream()
                .map(x -> x.dtype().isFloating() ? x.to(dtype) : x)
                .toList();
        return Autograd.noGrad(() -> forward.apply(typed));
    }

    @Override
    public String toString() {
        return name;
    }
}
