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
    /** The operation with the fault, which sets a mark where it makes a difference. */
    Operation plantedIn(Operation operation, AtomicBoolean mark) {
        Function<Call, Tensor> fault = effect.get();
        return operation
                .computing((inputs, numbers) ->
                        fault.apply(new Call(operation, () -> operation.apply(inputs, numbers), List.of(inputs), mark)))
                // The right gradient of one tensor is known for all of its inputs together only.
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

        /** The right value of the operation. */
        NdArray value() {
            return Autograd.noGrad(right).detach().data();
        }

        /** The right gradients of the leaves, recorded if the backward pass is recorded. */
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

        /** Records a value with a rule, if anything requires a gradient and there is one. */
        Tensor record(NdArray value, Function<Tensor, List<Tensor>> rule) {
            List<Tensor> leaves = operation.order() == 0 ? List.of() : leaves();
            return leaves.isEmpty() ? Tensor.of(value) : Autograd.op(operation.name(), value, leaves, rule);
        }

        /** Marks that the fault makes a difference: that something right is spoilt by more than a little. */
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
