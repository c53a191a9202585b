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

    private final ShardSum floats;
    private final ShardSum doubles;

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
        floats = new ShardSum(workers, shards);
        doubles = new ShardSum(workers, shards);
    }

    /** The number of this worker's first shard. */
    int first() {
        return floats.first();
    }

    /** The number of this worker's last shard plus 1. */
    int end() {
        return floats.end();
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
        Parts parts = new Parts();
        double[] flags = new double[layout.size()];
        for (int k = 0; k < parameters.size(); k++) {
            Tensor gradient = parameters.get(k).grad();
            flags[k] = gradient == null ? 0 : 1;
            parts.add(gradient == null ? NdArray.zerosLike(parameters.get(k).data()) : gradient.data());
        }
        for (int k = 0; k < buffers.size(); k++) {
            NdArray value = buffers.get(k).value();
            flags[parameters.size() + k] = value.equals(values.get(k)) ? 0 : 1;
            double factor = value.dtype().isFloating() ? weight : isFirst ? 1 : 0;
            parts.add(value.to(sumType(value)).mul(factor));
        }
        parts.add(NdArray.of(Shape.of(flags.length), flags));
        parts.addTo(floats, doubles);
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
        Parts parts = new Parts();
        layout.forEach(array -> parts.add(NdArray.zeros(sumType(array), array.shape())));
        parts.add(NdArray.zeros(DType.FLOAT64, Shape.of(layout.size())));
        parts.addTo(floats, doubles);
    }

    /**
     * Adds the gradients summed over all workers' shards to the parameters' gradients, and assigns the summed buffers to the model's
     * buffers.
     */
    void assignTotals() {
        Totals totals = new Totals(floats.total(), doubles.total());
        List<NdArray> sums = layout.stream()
                .map(array -> totals.next(sumType(array), array.shape()))
                .toList();
        double[] flags = totals.next(DType.FLOAT64, Shape.of(sums.size())).toDoubleArray();
        for (int k = 0; k < parameters.size(); k++) {
            Tensor before = gradients.get(k);
            if (flags[k] > 0) {
                Tensor sum = Tensor.of(sums.get(k));
                parameters.get(k).setGrad(before == null ? sum : before.add(sum));
            }
        }
        for (int k = 0; k < buffers.size(); k++) {
            if (flags[parameters.size() + k] > 0) {
                buffers.get(k)
                        .assign(sums.get(parameters.size() + k).to(values.get(k).dtype()));
            }
        }
    }

    /** Collects the arrays of a shard and concatenates them to two vectors, a FLOAT32 and a FLOAT64 vector. */
    private static final class Parts {
        private final List<NdArray> ofFloats = new ArrayList<>();
        private final List<NdArray> ofDoubles = new ArrayList<>();

        void add(NdArray array) {
            (array.dtype() == DType.FLOAT32 ? ofFloats : ofDoubles).add(array.flatten());
        }

        void addTo(ShardSum floats, ShardSum doubles) {
            floats.add(ofFloats.isEmpty() ? NdArray.zeros(DType.FLOAT32, Shape.of(0)) : NdArray.concat(0, ofFloats));
            doubles.add(NdArray.concat(0, ofDoubles));
        }
    }

    /** Reads the arrays out of the summed vectors, in the order in which {@link Parts} got them. */
    private static final class Totals {
        private final NdArray floats;
        private final NdArray doubles;
        private int atFloat;
        private int atDouble;

        Totals(NdArray floats, NdArray doubles) {
            this.floats = floats;
            this.doubles = doubles;
        }

        NdArray next(DType dtype, Shape shape) {
            int size = shape.size();
            if (dtype == DType.FLOAT32) {
                atFloat += size;
                return floats.slice(0, atFloat - size, atFloat).reshape(shape);
            }
            atDouble += size;
            return doubles.slice(0, atDouble - size, atDouble).reshape(shape);
        }
    }
}
