package io.adjoint.io.onnx;

import io.adjoint.autograd.Tape;
import io.adjoint.autograd.Tape.Operation;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Calls;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Exports a block as it computes. The block runs on each batch of the example, and a {@link Tape} has its operations. The tapes are read in
 * lockstep: each operation adds its nodes ({@link OnnxOperations}), and each value is compared with the values on the tapes. A
 * layer that has an export rule is one operation. A tensor that no operation computed is a constant, which must be the same in all runs.
 */
final class OnnxTrace {
    /** The name of the operation that a block with an export rule is. */
    private static final String BLOCK = "block";

    /** A call of a block that has an export rule. */
    private record Call(Block block, List<Block> running, String path) {}

    /** A number that differs between the two sizes of the batch. */
    record Grown(int first, int second) {}

    /** The operations of a run of the block, and its outputs. */
    private record Run(List<Operation> operations, List<Tensor> outputs) {}

    private final OnnxGraph graph;
    private final List<Run> runs = new ArrayList<>();
    /** The values that depend on the inputs, by the tensor of the first run. */
    private final IdentityHashMap<Tensor, OnnxValue> values = new IdentityHashMap<>();
    /** The constants that no parameter is, by the array of the first run. */
    private final IdentityHashMap<NdArray, OnnxValue> constants = new IdentityHashMap<>();

    private final List<OnnxValue> inputs;

    private OnnxTrace(OnnxGraph graph, List<OnnxValue> inputs) {
        this.graph = graph;
        this.inputs = inputs;
    }

    /**
     * Adds the nodes of a block.
     *
     * @param forward runs the block on the inputs
     * @return the block's outputs
     */
    static List<OnnxValue> add(OnnxGraph graph, List<OnnxValue> inputs, Function<List<Tensor>, List<Tensor>> forward) {
        OnnxTrace trace = new OnnxTrace(graph, inputs);
        for (int batch = 0; batch < OnnxExample.BATCHES; batch++) {
            trace.runs.add(trace.run(forward, batch));
        }
        trace.requireAlike();
        Run first = trace.runs.get(0);
        for (int at = 0; at < first.operations.size(); at++) {
            trace.add(at);
        }
        return IntStream.range(0, first.outputs.size())
                .mapToObj(k -> trace.value(graph, trace.each(run -> run.outputs.get(k))))
                .toList();
    }

    // ---- the runs ----

    private Run run(Function<List<Tensor>, List<Tensor>> forward, int batch) {
        // Each input is a tensor of its own, also if two inputs are the same value.
        List<Tensor> x =
                inputs.stream().map(input -> Tensor.of(input.run(batch).data())).toList();
        if (batch == 0) {
            IntStream.range(0, x.size()).forEach(k -> values.put(x.get(k), inputs.get(k)));
        }
        List<OnnxGraph> readers = new ArrayList<>();
        List<Tensor> reads = new ArrayList<>();
        Tape tape = new Tape(op -> true, tensor -> {
            reads.add(tensor);
            readers.add(graph.at(Calls.running(), Calls.path()));
        });
        List<Tensor> outputs = graph.computed(
                inputs + OnnxExample.times(batch),
                () -> tape.write(() -> Calls.intercepted(
                        new Calls.Interceptor() {
                            @Override
                            public <T> T compute(Block block, List<Tensor> given, Supplier<T> body) {
                                return graph.rules().has(block) ? called(tape, block, given, body) : body.get();
                            }
                        },
                        () -> forward.apply(x))));
        for (int k = 0; k < reads.size(); k++) {
            if (dependsOn(x, reads.get(k), tape)) {
                throw readers.get(k)
                        .refusal(
                                "reads a number that depends on the example by item(), but a file has no branches and no"
                                        + " numbers of an example: compute by operations of tensors, such as where");
            }
        }
        return new Run(tape.operations(), outputs);
    }

    /** Returns whether a tensor was computed from one of the inputs. */
    private static boolean dependsOn(List<Tensor> inputs, Tensor tensor, Tape tape) {
        Deque<Tensor> open = new ArrayDeque<>(List.of(tensor));
        Set<Object> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Tensor next = open.pop();
            Operation operation = tape.of(Tape.key(next));
            if (inputs.stream().anyMatch(input -> input == next)) {
                return true;
            } else if (operation != null && seen.add(Tape.key(next))) {
                open.addAll(operation.inputs());
            }
        }
        return false;
    }

    /** Runs a block that has an export rule, and writes its call to the tape, as an operation for each output. */
    private static <T> T called(Tape tape, Block block, List<Tensor> given, Supplier<T> body) {
        Call call = new Call(block, Calls.running(), Calls.path());
        T result = Tape.unwritten(() -> Calls.intercepted(null, body));
        if (result instanceof Tensor tensor) {
            // The output is a tensor of its own, also if the block returned its input.
            @SuppressWarnings("unchecked") // T is Tensor, which is final
            T own = (T) Tensor.of(tensor.data());
            result = own;
        }
        for (Tensor output : OnnxRecurrent.outputs(result)) {
            tape.add(BLOCK, Map.of(BLOCK, call), given, output, call.path);
        }
        return result;
    }

    private void requireAlike() {
        List<String> first = names(runs.get(0));
        for (Run run : runs) {
            List<String> other = names(run);
            if (!other.equals(first)) {
                int at = 0;
                while (at < Math.min(first.size(), other.size())
                        && first.get(at).equals(other.get(at))) {
                    at++;
                }
                throw differing(graph, name(first, at), name(other, at));
            }
        }
    }

    private static List<String> names(Run run) {
        return run.operations.stream()
                .map(operation -> operation.attributes().get(BLOCK) instanceof Call call ? call.path : operation.op())
                .toList();
    }

    private static String name(List<String> names, int at) {
        return at < names.size() ? names.get(at) : "nothing more";
    }

    private <T> List<T> each(Function<Run, T> part) {
        return runs.stream().map(part).toList();
    }

    // ---- the operations ----

    private void add(int at) {
        List<Operation> same = each(run -> run.operations.get(at));
        Operation first = same.get(0);
        if (values.containsKey(first.output())
                || first.inputs().stream().noneMatch(input -> values.containsKey(input))) {
            return; // An output of a block that has its nodes already, or a constant, which is computed now.
        }
        Call call = first.attributes().get(BLOCK) instanceof Call of ? of : null;
        OnnxGraph own = call == null ? graph.at(first.layer()) : graph.at(call.running, call.path);
        List<OnnxValue> given = IntStream.range(0, first.inputs().size())
                .mapToObj(k ->
                        value(own, same.stream().map(one -> one.inputs().get(k)).toList()))
                .toList();
        if (call == null) {
            List<Tensor> expected = same.stream().map(Operation::output).toList();
            OnnxOperations.Rule rule = graph.rules().operation(first.op());
            if (rule == null) {
                throw own.refusal("computes by the operation '" + first + "', for which there is no rule: say by"
                        + " OnnxOptions.operation what its nodes are, or by OnnxOptions.layer what the block computes");
            }
            OnnxValue output = rule.add(new OnnxOperations.Call(own, this, attributes(own, same), given, expected));
            own.requireSame(given, List.of(output), List.of(expected));
            values.put(first.output(), output);
            return;
        }
        List<List<Tensor>> expected = new ArrayList<>();
        int count = 0;
        while (at + count < runs.get(0).operations.size()
                && runs.get(0).operations.get(at + count).attributes().get(BLOCK) == call) {
            int output = at + count++;
            expected.add(each(run -> run.operations.get(output).output()));
        }
        List<OnnxValue> outputs = own.byRule(call.block, given, expected);
        for (int k = 0; k < count; k++) {
            values.put(expected.get(k).get(0), outputs.get(k));
        }
    }

    /** The attributes that are alike in all runs; an integer may depend on the size of the batch. */
    private static Map<String, Object> attributes(OnnxGraph own, List<Operation> same) {
        Map<String, Object> attributes = new LinkedHashMap<>(same.get(0).attributes());
        // Run 1 has another size of the batch.
        for (int run = 2; run < same.size(); run++) {
            if (!same.get(run).toString().equals(same.get(0).toString())) {
                throw differing(own, same.get(0), same.get(run));
            }
        }
        attributes.replaceAll((name, first) -> {
            Object second = Objects.requireNonNull(same.get(1).attributes().get(name));
            if (first instanceof Integer from && second instanceof Integer to && !from.equals(to)) {
                return new Grown(from, to);
            } else if (!Objects.deepEquals(first, second)) {
                throw differing(own, same.get(0), same.get(1));
            }
            return first;
        });
        return attributes;
    }

    private static IllegalArgumentException differing(OnnxGraph own, Object one, Object other) {
        return own.refusal("computes by other operations for other examples, '" + one + "' and '" + other
                + "': a file has no branches that depend on numbers or on the size of the batch; choose by Tensor.where,"
                + " or say by OnnxOptions.layer what the block computes");
    }

    private OnnxValue value(OnnxGraph own, List<Tensor> tensors) {
        OnnxValue known = values.get(tensors.get(0));
        return known == null ? constant(own, tensors) : known;
    }

    /** A constant; one that grows with the batch must repeat along it. */
    private OnnxValue constant(OnnxGraph own, List<Tensor> tensors) {
        Tensor first = tensors.get(0);
        OnnxValue parameter = own.parameter(first);
        if (parameter != null) {
            return parameter;
        }
        OnnxValue present = constants.get(first.data());
        if (present != null) {
            return present;
        }
        Shape shape = first.shape();
        Tensor once = first;
        int[] dims = OnnxValue.dims(tensors);
        for (int axis = 0; axis < dims.length; axis++) {
            once = dims[axis] == OnnxValue.BATCH && shape.dim(axis) > 0 ? once.slice(axis, 0, 1) : once;
        }
        for (Tensor tensor : tensors) {
            if (!once.shape().broadcastsTo(tensor.shape())
                    || !once.data().broadcastTo(tensor.shape()).equals(tensor.data())) {
                throw own.refusal("computes with a tensor " + shape + " that no operation of a tensor made, and that"
                        + " depends on the example: compute it by operations of tensors, not from data(), item() or"
                        + " random numbers");
            }
        }
        OnnxValue constant = own.constant("constant", once.data().contiguous());
        OnnxValue whole = once == first ? constant : own.op("Expand").to(dims, constant, sizes(own, tensors));
        constants.put(first.data(), whole);
        return whole;
    }

    /** INT64 sizes of a value; the size of the batch is computed from the block's inputs. */
    OnnxValue sizes(OnnxGraph own, List<Tensor> expected) {
        int[] dims = OnnxValue.dims(expected);
        OnnxValue[] parts = new OnnxValue[dims.length];
        for (int axis = 0; axis < dims.length; axis++) {
            int first = expected.get(0).shape().dim(axis);
            int second = expected.get(1).shape().dim(axis);
            parts[axis] = first == second ? own.integers(first) : size(own, new Grown(first, second));
        }
        return IntStream.of(dims).allMatch(dim -> dim != OnnxValue.BATCH)
                ? own.integers(dims)
                : own.op("Concat").integer("axis", 0).of(parts);
    }

    /** INT64 [1] with a size that is a multiple of the size of the batch, which is computed from the block's inputs. */
    OnnxValue size(OnnxGraph own, Grown size) {
        for (OnnxValue input : inputs) {
            for (int axis = 0; axis < input.rank(); axis++) {
                int batch = input.run(0).shape().dim(axis);
                if (input.dim(axis) == OnnxValue.BATCH
                        && batch > 0
                        && size.first % batch == 0
                        && size.second
                                == size.first / batch * input.run(1).shape().dim(axis)) {
                    OnnxValue samples = own.op("Shape")
                            .integer("start", axis)
                            .integer("end", axis + 1)
                            .of(input);
                    return size.first == batch ? samples : own.op("Mul").of(samples, own.integers(size.first / batch));
                }
            }
        }
        throw own.refusal("computes with the sizes " + size.first + " and " + size.second
                + " for batches of two sizes, and neither is a multiple of its batch");
    }
}
