package io.adjoint.testkit;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Turns a function of leaves, some of which are a block's own parameters, into a differentiable function of tensors that replace the
 * leaves. Each evaluation begins by assigning the tensors' elements to the parameters. The backward rule is lifted in the same way, and is
 * therefore differentiable, too.
 *
 * @param inputs the number of leaves before the block's parameters
 * @param own the block's parameters
 * @param function takes the inputs, the block's parameters, then upstream gradients
 */
record Lifted(int inputs, List<Tensor> own, Function<Tensor[], Tensor> function) {
    Tensor apply(List<Tensor> tensors) {
        Tensor[] leaves = leaves(tensors);
        NdArray value = Autograd.noGrad(() -> function.apply(leaves)).data();
        if (tensors.isEmpty() || !value.dtype().isFloating()) {
            return Tensor.of(value);
        }
        return Autograd.op("layer", value, tensors, g -> {
            List<Tensor> withUpstream = new ArrayList<>(tensors);
            withUpstream.add(g);
            // The inner pass records only if the outer pass records; without recording, fused kernels compute the
            // gradients.
            GraphMode graph = Autograd.isRecording() ? GraphMode.CREATE : GraphMode.FREE;
            BitSet wanted = new BitSet();
            IntStream.range(0, tensors.size()).forEach(k -> wanted.set(k, Autograd.isWanted(tensors.get(k))));
            Tensor joined = new Lifted(inputs, own, all -> gradients(graph, wanted, all)).apply(withUpstream);
            List<Tensor> gradients = new ArrayList<>();
            int at = 0;
            for (Tensor tensor : tensors) {
                int size = tensor.shape().size();
                gradients.add(joined.slice(0, at, at + size).reshape(tensor.shape()));
                at += size;
            }
            return gradients;
        });
    }

    private Tensor[] leaves(List<Tensor> tensors) {
        Tensor[] leaves = new Tensor[tensors.size()];
        for (int k = 0; k < leaves.length; k++) {
            boolean isOwn = k >= inputs && k < inputs + own.size();
            leaves[k] = isOwn ? own.get(k - inputs) : tensors.get(k).detach().requiresGrad(true);
            // Equal elements are not assigned again: within a backward rule, the engine would report the assignment as
            // a change of a saved value.
            if (isOwn && !leaves[k].data().equals(tensors.get(k).data())) {
                leaves[k].assign(tensors.get(k).data());
            }
        }
        return leaves;
    }

    /**
     * The gradients of the function concatenated to one vector, with zeros for gradients that are not wanted, as a function of the leaves
     * followed by an upstream gradient.
     */
    private Tensor gradients(GraphMode graph, BitSet wanted, Tensor... leaves) {
        Tensor[] inner = Arrays.copyOf(leaves, leaves.length - 1);
        List<Tensor> asked = wanted.stream().mapToObj(k -> inner[k]).toList();
        Tensor[] gradients = Autograd.enableGrad(() -> {
            Tensor output = function.apply(inner);
            Gradients found = output.requiresGrad()
                    ? Autograd.gradients(List.of(output), List.of(leaves[inner.length]), asked, graph)
                    : null;
            Tensor[] all = new Tensor[inner.length];
            for (int k = 0; k < all.length; k++) {
                Tensor zeros = Tensor.zerosLike(inner[k]);
                all[k] = (found == null ? zeros : found.find(inner[k]).orElse(zeros)).reshape(-1);
            }
            return all;
        });
        return Tensor.concat(0, gradients);
    }
}
