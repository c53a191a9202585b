package io.adjoint.autograd;

import io.adjoint.core.NdArray;
import io.adjoint.core.Order;
import java.util.List;

/** Sorting of elements. The permutation counts as constant: the gradient of a sorted element goes to its original position. */
final class SortingRules {
    private SortingRules() {}

    static IndexedValues sort(Tensor x, int axis, Order order) {
        x.dtype().requireNumbers("sort");
        int a = x.shape().axis("sort", axis);
        return picked(x, a, x.data().argSort(a, order));
    }

    static IndexedValues topK(Tensor x, int axis, int k, Order order) {
        return picked(x, axis, x.data().argTopK(axis, k, order));
    }

    private static IndexedValues picked(Tensor x, int axis, NdArray positions) {
        Tensor indices = Tensor.of(positions);
        return new IndexedValues(x.gather(axis, indices), indices);
    }

    static Unique unique(Tensor x) {
        List<NdArray> found = x.data().unique();
        return new Unique(Tensor.of(found.get(0)), Tensor.of(found.get(1)), Tensor.of(found.get(2)));
    }
}
