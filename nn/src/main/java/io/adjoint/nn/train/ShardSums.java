package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ArrayElements;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.parallel.ShardSum;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sums of gradients and buffers over all shards. All arrays of one dtype are packed into one vector, so that there are few messages.
 * The FLOAT64 vector also holds INT32 and BOOL buffers, and flags: for each parameter whether it has a gradient, and for each buffer
 * whether it has changed.
 */
final class ShardSums {
    private final Map<String, Tensor> named;
    /** The time of the last change of each parameter before the first shard, by name; shards must not change parameters. */
    private final Map<String, Long> versions = new HashMap<>();

    private final List<Tensor> parameters;
    private final List<Buffer> buffers;
    private final List<@Nullable Tensor> gradients = new ArrayList<>();
    private final List<NdArray> values = new ArrayList<>();
    /** Arrays with the dtypes and shapes of the sums, first for the parameters, then for the buffers. */
    private final List<NdArray> layout;

    /** The sums of the FLOAT32 and of the FLOAT64 vectors of all shards. */
    private final Map<DType, ShardSum> sums = new EnumMap<>(DType.class);

    ShardSums(Block model, Optimizer optimizer, Collective workers, int shards) {
        named = model.namedParameters();
        Set<Tensor> all = Collections.newSetFromMap(new IdentityHashMap<>());
        parameters = Stream.concat(named.values().stream(), optimizer.parameters().stream())
                .filter(Tensor::requiresGrad)
                .filter(all::add)
                .toList();
        named.forEach((name, parameter) -> versions.put(name, ArrayElements.modified(parameter.data())));
        buffers = List.copyOf(model.namedBuffers().values());
        parameters.forEach(parameter -> gradients.add(parameter.grad()));
        buffers.forEach(buffer -> values.add(buffer.value()));
        layout = Stream.concat(parameters.stream().map(Tensor::data), values.stream())
                .toList();
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            sums.put(dtype, new ShardSum(workers, shards));
        }
    }

    /** The number of this worker's first shard. */
    int first() {
        return sum(DType.FLOAT64).first();
    }

    /** The number of this worker's last shard plus 1. */
    int end() {
        return sum(DType.FLOAT64).end();
    }

    private ShardSum sum(DType dtype) {
        return Objects.requireNonNull(sums.get(dtype));
    }

    /** The dtype in which an array is summed over the shards. */
    private static DType sumType(NdArray array) {
        return array.dtype().isFloating() ? array.dtype() : DType.FLOAT64;
    }

    /** Begins a shard: clears the gradients and sets the buffers to their values before the batch. */
    void begin() {
        parameters.forEach(parameter -> parameter.setGrad(null));
        restoreBuffers();
    }

    /** Restores the gradients and buffers to their values before the first shard. */
    void restore() {
        for (int k = 0; k < parameters.size(); k++) {
            parameters.get(k).setGrad(gradients.get(k));
        }
        restoreBuffers();
    }

    private void restoreBuffers() {
        for (int k = 0; k < buffers.size(); k++) {
            buffers.get(k).assign(values.get(k));
        }
    }

    /**
     * Adds the gradients and buffers of a shard to the sums.
     *
     * @param weight the weight of the shard's buffers; the gradients are weighted already
     * @param isFirst whether this is the first shard, from which INT32 and BOOL buffers are taken
     */
    void add(double weight, boolean isFirst) {
        requireUnchanged();
        List<NdArray> arrays = new ArrayList<>();
        double[] flags = new double[layout.size()];
        for (int k = 0; k < parameters.size(); k++) {
            Tensor gradient = parameters.get(k).grad();
            flags[k] = gradient == null ? 0 : 1;
            arrays.add(gradient == null ? NdArray.zerosLike(parameters.get(k).data()) : gradient.data());
        }
        for (int k = 0; k < buffers.size(); k++) {
            NdArray value = buffers.get(k).value();
            flags[parameters.size() + k] = value.equals(values.get(k)) ? 0 : 1;
            double factor = value.dtype().isFloating() ? weight : isFirst ? 1 : 0;
            arrays.add(value.to(sumType(value)).mul(factor));
        }
        arrays.add(NdArray.of(Shape.of(flags.length), flags));
        add(arrays);
    }

    /** Refuses a forward pass that changes parameters, since the other workers' copies of the parameters would not change. */
    private void requireUnchanged() {
        named.forEach((name, parameter) -> {
            if (!Objects.equals(versions.get(name), ArrayElements.modified(parameter.data()))) {
                throw new IllegalStateException("DataParallel: the forward pass changes the parameter '" + name
                        + "', which the other workers would not know; change it after the step, on all workers");
            }
        });
    }

    /** Adds zeros to the sums for a shard without samples. */
    void addNothing() {
        add(Stream.concat(layout.stream(), Stream.of(flags()))
                .map(array -> NdArray.zeros(sumType(array), array.shape()))
                .toList());
    }

    /** Flags that are not set. */
    private NdArray flags() {
        return NdArray.zeros(DType.FLOAT64, Shape.of(layout.size()));
    }

    /** Adds the arrays of a shard to the sums, concatenated to a vector of each dtype. */
    private void add(List<NdArray> arrays) {
        sums.forEach((dtype, sum) -> {
            List<NdArray> own = arrays.stream()
                    .filter(array -> array.dtype() == dtype)
                    .map(NdArray::flatten)
                    .toList();
            sum.add(own.isEmpty() ? NdArray.zeros(dtype, Shape.of(0)) : NdArray.concat(0, own));
        });
    }

    /**
     * Adds the gradients summed over all workers' shards to the parameters' gradients, and assigns the summed buffers to the model's
     * buffers.
     */
    void assignTotals() {
        Map<DType, NdArray> rests = new EnumMap<>(DType.class);
        sums.forEach((dtype, sum) -> rests.put(dtype, sum.total()));
        List<NdArray> totals = Stream.concat(layout.stream(), Stream.of(flags()))
                .map(array -> {
                    NdArray rest = Objects.requireNonNull(rests.get(sumType(array)));
                    int size = array.size();
                    rests.put(rest.dtype(), rest.slice(0, size, rest.size()));
                    return rest.slice(0, 0, size).reshape(array.shape());
                })
                .toList();
        double[] flags = totals.get(layout.size()).toDoubleArray();
        for (int k = 0; k < parameters.size(); k++) {
            Tensor before = gradients.get(k);
            if (flags[k] > 0) {
                Tensor sum = Tensor.of(totals.get(k));
                parameters.get(k).setGrad(before == null ? sum : before.add(sum));
            }
        }
        for (int k = 0; k < buffers.size(); k++) {
            if (flags[parameters.size() + k] > 0) {
                buffers.get(k)
                        .assign(totals.get(parameters.size() + k)
                                .to(values.get(k).dtype()));
            }
        }
    }
}
