package io.adjoint.nn.train;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.autograd.transforms.Trees;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Modes;
import io.adjoint.nn.layer.BatchNorm;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The loss and the gradient of each sample of a batch, where a backward pass has the sum over all samples only: for private training,
 * which clips each gradient (Abadi et al., 2016), for the noise of a gradient, for finding samples that disturb a training.
 *
 * <pre>{@code
 * PerSampleGradients each = PerSampleGradients.of(
 *         model, batch, one -> new CrossEntropy().forward(model.forward(one.x()), one.y()));
 * Tensor ofWeight = each.gradients().get("0.weight");    // [B, out, in]
 * }</pre>
 *
 * @param losses {@code [B]}
 * @param gradients by the path of each parameter that requires a gradient, {@code [B, …]} with the parameter's shape behind B; zeros if a
 *     sample's loss does not depend on the parameter. A shared parameter has its gradient under each of its paths.
 */
@CheckReturnValue
public record PerSampleGradients(Tensor losses, Map<String, Tensor> gradients) {
    /** Copies the map. */
    public PerSampleGradients {
        gradients = Collections.unmodifiableMap(new LinkedHashMap<>(gradients));
    }

    /**
     * Runs the loss forward and backward for each sample, one after the other. The parameters' {@code grad()} stay as they are, and the
     * results are constants. The model may have any blocks, if its result for a sample
     * doesn't depend on the rest of the batch.
     *
     * <p>Random layers draw for each sample anew, in the order of the samples, as in B calls of {@code forward} with one sample each: from
     * generators of the same state, a program of such calls gets the same bits.
     *
     * @param batch a tensor or a structure of tensors ({@link Trees}), such as a {@link io.adjoint.nn.data.Batch}, with the samples along
     *     axis 0 of all of them
     * @param loss the scalar loss of a batch of one sample, axis 0 being of size 1; it runs the model
     * @throws IllegalArgumentException if no parameter requires a gradient; if a block normalizes by the statistics of its batch, or a call
     *     changes a buffer, such as running statistics, in both cases with the block's path, and buffers are as before; or if the batch has
     *     no samples
     * @throws io.adjoint.core.ShapeException if the tensors of the batch are not of the same size along axis 0
     * @throws io.adjoint.autograd.GraphException if the loss is not a scalar, or was computed from nothing that requires a gradient
     */
    public static <S> PerSampleGradients of(Block model, S batch, Function<? super S, Tensor> loss) {
        requireNoBatchStatistics(model);
        Map<String, Tensor> trained = new LinkedHashMap<>(model.namedParameters());
        trained.values().removeIf(parameter -> !parameter.requiresGrad());
        if (trained.isEmpty()) {
            throw new IllegalArgumentException("PerSampleGradients: no parameter of the model requires a gradient;"
                    + " register parameters by parameter(name, leaf), unfreeze() frozen ones");
        }
        Map<Buffer, NdArray> buffers = new LinkedHashMap<>();
        model.namedBuffers().values().forEach(buffer -> buffers.put(buffer, buffer.value()));
        return Transforms.map(
                sample -> {
                    S one = Trees.stack(List.of(sample));
                    try {
                        Tensor value = Callbacks.result(
                                "PerSampleGradients", "the loss", Autograd.enableGrad(() -> loss.apply(one)));
                        requireUnchanged(model, buffers);
                        return ofOne(value, trained);
                    } catch (RuntimeException | Error e) {
                        buffers.forEach(Buffer::assign);
                        throw e;
                    }
                },
                batch);
    }

    private static PerSampleGradients ofOne(Tensor loss, Map<String, Tensor> trained) {
        Tensor seed = Internals.implicitSeed("PerSampleGradients", loss);
        List<Tensor> leaves = trained.values().stream().distinct().toList();
        Gradients gradients = Autograd.gradients(List.of(loss), List.of(seed), leaves, GraphMode.FREE);
        Map<String, Tensor> each = new LinkedHashMap<>();
        trained.forEach((path, parameter) ->
                each.put(path, gradients.find(parameter).orElseGet(() -> Tensor.zerosLike(parameter))));
        return new PerSampleGradients(loss.detach().reshape(Shape.scalar()), each);
    }

    private static void requireNoBatchStatistics(Block model) {
        model.namedBlocks().forEach((path, block) -> {
            boolean tracks = !block.namedBuffers().isEmpty();
            if (block instanceof BatchNorm && (Modes.isTraining(block) || !tracks)) {
                throw new IllegalArgumentException("PerSampleGradients: " + position(path, block)
                        + " normalizes by the statistics of its batch, so that no sample has a gradient of its own; take"
                        + " GroupNorm or LayerNorm" + (tracks ? ", or eval(), which takes running statistics" : ""));
            }
        });
    }

    /** Refuses a call that has changed a buffer. */
    @SuppressWarnings("ReferenceEquality") // a buffer's value is replaced as a whole
    private static void requireUnchanged(Block model, Map<Buffer, NdArray> before) {
        if (before.entrySet().stream().allMatch(each -> each.getKey().value() == each.getValue())) {
            return;
        }
        model.namedBlocks()
                .forEach((path, block) -> block.namedBuffers().forEach((name, buffer) -> {
                    if (name.indexOf('.') < 0 && buffer.value() != before.get(buffer)) {
                        throw new IllegalArgumentException("PerSampleGradients: " + position(path, block)
                                + " changes its buffer '" + name
                                + "' in each call, which would make a step for each sample;"
                                + " put it in evaluation mode by eval()");
                    }
                }));
    }

    private static String position(String path, Block block) {
        return (path.isEmpty() ? "" : "'" + path + "' ") + block;
    }
}
