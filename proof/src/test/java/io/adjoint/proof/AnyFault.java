package io.adjoint.proof;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.OperationCheck;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A fault that can be planted in any operation that has a gradient: the right operation computes value and gradients, which are then
 * changed.
 *
 * @param name what is wrong
 * @param foundBy the check that has to find the fault
 * @param effect makes a new instance of the fault, since a fault may have a state
 */
record AnyFault(String name, OperationCheck foundBy, Supplier<Function<AnyFault.Call, Tensor>> effect) {
    /** The operation with the fault; the mark is set when the fault changes a result. */
    Operation plantedIn(Operation operation, AtomicBoolean mark) {
        Function<Call, Tensor> fault = effect.get();
        return operation
                .computing((inputs, numbers) ->
                        fault.apply(new Call(operation, () -> operation.apply(inputs, numbers), List.of(inputs), mark)))
                // If one tensor is several inputs, only the sum of its gradients is known, so the check with equal
                // inputs is left out.
                .except(OperationCheck.SAME_TENSOR);
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * A call of an operation with a fault.
     *
     * @param right computes the right result of the operation
     */
    record Call(Operation operation, Supplier<Tensor> right, List<Tensor> inputs, AtomicBoolean mark) {
        /** The inputs that require a gradient. */
        List<Tensor> leaves() {
            return inputs.stream().filter(Tensor::requiresGrad).toList();
        }

        Stream<NdArray> arrays() {
            return inputs.stream().map(input -> input.detach().data());
        }

        Stream<NdArray> floatingArrays() {
            return arrays().filter(array -> array.dtype().isFloating());
        }

        /** The value that the right operation computes. */
        NdArray value() {
            return Autograd.noGrad(right).detach().data();
        }

        /** The gradients that the right operation computes for the leaves, recorded if the backward pass is recorded. */
        List<Tensor> gradients(Tensor upstream) {
            List<Tensor> leaves = leaves();
            GraphMode graph = Autograd.isRecording() ? GraphMode.CREATE : GraphMode.FREE;
            Tensor value = Autograd.enableGrad(right);
            if (!value.requiresGrad()) {
                return leaves.stream().map(leaf -> leaf.detach().mul(0)).toList();
            }
            Gradients found = Autograd.gradients(List.of(value), List.of(upstream), leaves, graph);
            return leaves.stream()
                    .map(leaf -> found.find(leaf).orElseGet(() -> leaf.detach().mul(0)))
                    .toList();
        }

        /**
         * Records the value with the backward rule, if the operation has gradients and an input requires one; otherwise returns a constant.
         */
        Tensor record(NdArray value, Function<Tensor, List<Tensor>> rule) {
            List<Tensor> leaves = operation.order() == 0 ? List.of() : leaves();
            return leaves.isEmpty() ? Tensor.of(value) : Autograd.op(operation.name(), value, leaves, rule);
        }

        /**
         * Sets the mark if the fault makes a difference: if an element of the right array differs from the spoilt array by more than {@code
         * little}.
         */
        void compare(NdArray right, NdArray spoilt, double little) {
            if (!right.shape().equals(spoilt.shape())) {
                if (isFar(right, NdArray.zeros(right.dtype(), right.shape()), little)) {
                    mark.set(true);
                }
            } else if (isFar(right, spoilt, little)) {
                mark.set(true);
            }
        }

        private static boolean isFar(NdArray right, NdArray spoilt, double little) {
            double[] a = right.toDoubleArray();
            double[] b = spoilt.toDoubleArray();
            for (int e = 0; e < a.length; e++) {
                if (Math.abs(a[e] - b[e]) > little) {
                    return true;
                }
            }
            return false;
        }
    }
}
