package io.adjoint.benchmarks.gradbench;

import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** FLOAT64 tensors as numbers in arrays in arrays: a scalar is a number, a tensor of shape [2, 3] an array of 2 arrays of 3 numbers. */
final class TensorJson extends TypeAdapter<Tensor> {
    @Override
    public Tensor read(JsonReader in) throws IOException {
        List<Integer> shape = new ArrayList<>();
        DoubleStream.Builder values = DoubleStream.builder();
        read(in, 0, shape, values);
        int[] dims = shape.stream().mapToInt(Integer::intValue).toArray();
        return Tensor.of(NdArray.wrap(Shape.of(dims), values.build().toArray()));
    }

    private static void read(JsonReader in, int axis, List<Integer> shape, DoubleStream.Builder values)
            throws IOException {
        if (in.peek() != JsonToken.BEGIN_ARRAY) {
            values.add(in.nextDouble());
            return;
        }
        if (axis == shape.size()) {
            shape.add(0);
        }
        int size = 0;
        in.beginArray();
        for (; in.hasNext(); size++) {
            read(in, axis + 1, shape, values);
        }
        in.endArray();
        shape.set(axis, size);
    }

    @Override
    public void write(JsonWriter out, Tensor tensor) throws IOException {
        write(out, tensor.data(), tensor.data().toDoubleArray(), 0, 0);
    }

    /** Writes the part of an array below an axis, whose first element has the given number; returns the number behind its last. */
    private static int write(JsonWriter out, NdArray array, double[] values, int axis, int from) throws IOException {
        if (axis == array.shape().rank()) {
            out.value(values[from]);
            return from + 1;
        }
        int next = from;
        out.beginArray();
        for (int k = 0; k < array.shape().dim(axis); k++) {
            next = write(out, array, values, axis + 1, next);
        }
        out.endArray();
        return next;
    }
}
