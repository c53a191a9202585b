package io.adjoint.proof;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;

/** The arguments of a row of the golden file. */
record Arguments(JsonObject json) {
    boolean has(String name) {
        return json.has(name) && !json.get(name).isJsonNull();
    }

    String text(String name) {
        return json.get(name).getAsString();
    }

    /** An argument that is a list of texts; an empty list if the row lacks the argument. */
    List<String> texts(String name) {
        return has(name)
                ? json.getAsJsonArray(name).asList().stream()
                        .map(JsonElement::getAsString)
                        .toList()
                : List.of();
    }

    double number(String name) {
        return json.get(name).getAsDouble();
    }

    double number(String name, double otherwise) {
        return has(name) ? number(name) : otherwise;
    }

    int integer(String name, int otherwise) {
        return has(name) ? integer(name) : otherwise;
    }

    int integer(String name) {
        return json.get(name).getAsInt();
    }

    boolean flag(String name) {
        return has(name) && json.get(name).getAsBoolean();
    }

    boolean isFalse(String name) {
        return has(name) && !json.get(name).getAsBoolean();
    }

    /** PyTorch's argument {@code keepdim}. */
    Dims dims() {
        return flag("keepdim") ? Dims.KEEP : Dims.DROP;
    }

    /** An argument that is one integer or a list of integers; an empty array if it is null. */
    int[] integers(String name) {
        if (!has(name)) {
            return new int[0];
        }
        JsonElement value = json.get(name);
        return value.isJsonArray()
                ? value.getAsJsonArray().asList().stream()
                        .mapToInt(JsonElement::getAsInt)
                        .toArray()
                : new int[] {value.getAsInt()};
    }

    /** An argument that is a nested list of numbers, as a FLOAT64 tensor. */
    Tensor tensor(String name) {
        List<Integer> dims = new ArrayList<>();
        for (JsonElement at = json.get(name);
                at.isJsonArray();
                at = at.getAsJsonArray().get(0)) {
            dims.add(at.getAsJsonArray().size());
            if (at.getAsJsonArray().isEmpty()) {
                break;
            }
        }
        List<Double> elements = new ArrayList<>();
        collect(json.get(name), elements);
        return Tensor.of(NdArray.of(
                Shape.of(dims.stream().mapToInt(size -> size).toArray()),
                elements.stream().mapToDouble(element -> element).toArray()));
    }

    /** An argument that is a nested list of truth values, as a BOOL tensor. */
    Tensor mask(String name) {
        return tensor(name).to(DType.BOOL);
    }

    /** An argument that is a nested list of indices or classes, as an INT32 tensor. */
    Tensor indices(String name) {
        return tensor(name).to(DType.INT32);
    }

    private static void collect(JsonElement value, List<Double> into) {
        if (value instanceof JsonArray array) {
            array.forEach(element -> collect(element, into));
        } else if (value.getAsJsonPrimitive().isBoolean()) {
            into.add(value.getAsBoolean() ? 1.0 : 0.0);
        } else {
            into.add(value.getAsDouble());
        }
    }
}
