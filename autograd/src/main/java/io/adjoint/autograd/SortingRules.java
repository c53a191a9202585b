package io.adjoint.autograd;

import static io.adjoint.autograd.Attributes.with;
import static io.adjoint.autograd.LibraryOps.plain;

import io.adjoint.core.Order;
import java.util.List;

/** Sorting of elements. The permutation counts as constant: the gradient of a sorted element goes to its original position. */
final class SortingRules {
    private SortingRules() {}

    static IndexedValues sort(Tensor x, int axis, Order order) {
        x.dtype().requireNumbers("sort");
        int a = x.shape().axis("sort", axis);
        return picked(x, a, x.argSort(a, order));
    }

    static IndexedValues topK(Tensor x, int axis, int k, Order order) {
        Attributes attributes = () -> with("axis", axis, "k", k, "order", order);
        return picked(x, axis, plain("argTopK", attributes, x.data().argTopK(axis, k, order), x));
    }

    private static IndexedValues picked(Tensor x, int axis, Tensor indices) {
        return new IndexedValues(x.gather(axis, indices), indices);
    }

    static Unique unique(Tensor x) {
        List<Tensor> found = x.data().unique().stream()
                .map(part -> plain("unique", Attributes.NONE, part, x))
                .toList();
        return new Unique(found.get(0), found.get(1), found.get(2));
    }
}
