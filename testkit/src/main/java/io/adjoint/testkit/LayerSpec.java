package io.adjoint.testkit;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Options;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;

/**
 * A layer, or a block with other inputs and outputs, as it is to be tested: how to create and run it, the shapes and elements of its
 * inputs, and its order of differentiability. {@link #check()} tests it.
 *
 * <pre>{@code
 * LayerSpec.of("dense", init -> new Dense(2, 3, init)).shapes("(...,2)->(...,3)").order(2)
 * LayerSpec.of("dropout", init -> new Dropout(0.5, init.generator())).shapes("(...)->(...)")
 * LayerSpec.of("lstm", init -> new LSTM(2, 3, init), (lstm, x) -> lstm.forward(x[0])).shapes("(n,t,2)")
 * LayerSpec.of("words", init -> new Words(9, 4, init)).shapes("(n,t)->(n,t,4)").within(Values.integers(0, 8))
 * }</pre>
 *
 * <p>The factory makes a new block each time, with parameters of the type and the random numbers of the {@link Init} that it is given.
 * A block that draws random numbers in training takes them from {@link Init#generator()}: the kit puts this generator, and the buffers,
 * back before each evaluation, so that differences see one function.
 *
 * <p>Immutable: each setting returns a changed copy.
 */
// Long because each setting of a spec is a method of this class, with Javadoc.
@CheckReturnValue
public final class LayerSpec extends Options<LayerSpec> {
    /**
     * The gradient check in FLOAT32. The error of a difference quotient is the rounding error of the values, about 1e-7, divided by the
     * step of 1e-3.
     */
    private static final GradCheck FLOAT_CHECK = new GradCheck().rtol(1e-2).atol(5e-3);

    /**
     * The tolerance between recorded and plain gradients. A normalization of equal elements multiplies rounding errors by 1/√ε, some 300
     * for the usual ε of 1e-5, and any layer may contain one.
     */
    private static final double RECORDED = 3e-12;

    private final String name;
    private final Function<Init, ? extends Block> factory;
    private BiFunction<Block, Tensor[], Object> forward;
    private DType dtype = DType.FLOAT64;
    private String shapes = "(...)";
    private List<Values> inputs = List.of(Values.between(-2, 2));
    private Values parameters = Values.between(-1.5, 1.5);
    private int order = 1;
    private double rtol = 1e-12;
    private double floatRtol = 1e-5;
    private List<Boolean> modes = List.of(false, true);
    private boolean separateSamples;
    private Optional<LayerReference> reference = Optional.empty();
    private Optional<BiFunction<Block, Tensor[], Object>> surrogate = Optional.empty();
    private Optional<BufferReference> buffers = Optional.empty();
    private Set<OperationCheck> except = EnumSet.noneOf(OperationCheck.class);
    private Set<LayerCheck> exceptOfLayers = EnumSet.noneOf(LayerCheck.class);

    private LayerSpec(
            String name, Function<Init, ? extends Block> factory, BiFunction<Block, Tensor[], Object> forward) {
        this.name = name;
        this.factory = factory;
        this.forward = forward;
    }

    // ---- creation ----

    /** A layer that is differentiable once, of any input from −2 to 2, with parameters from −1.5 to 1.5. */
    public static LayerSpec of(String name, Function<Init, ? extends Layer> factory) {
        return new LayerSpec(name, factory, (block, x) -> ((Layer) block).forward(x[0]));
    }

    /**
     * A block with a forward of its own, otherwise as {@link #of(String, Function)}.
     *
     * @param forward runs the block; the result is a tensor, or a record of tensors and such records
     */
    public static <B extends Block> LayerSpec of(
            String name, Function<Init, B> factory, BiFunction<B, Tensor[], Object> forward) {
        return new LayerSpec(name, factory, ofAnyBlock(forward));
    }

    @SuppressWarnings("unchecked") // the factory makes blocks of the type
    private static <B extends Block> BiFunction<Block, Tensor[], Object> ofAnyBlock(
            BiFunction<B, Tensor[], Object> forward) {
        return (block, x) -> forward.apply((B) block, x);
    }

    // ---- settings ----

    /** The shapes of the inputs, and of the output if it is one tensor of known shape, as in {@link Shapes#fitting(String)}. */
    public LayerSpec shapes(String fitting) {
        return with(copy -> copy.shapes = fitting);
    }

    /**
     * The elements of the inputs, the same for all or for each its own. {@link Values#integers} and {@link Values#booleans} are passed as
     * INT32 and BOOL tensors: indices, lengths, masks.
     *
     * @throws IllegalArgumentException if some are FLOAT32: cases are drawn in FLOAT64, and tried in FLOAT32 as well, or alone by
     *     {@link #dtype}
     */
    public LayerSpec within(Values... allowed) {
        for (Values each : allowed) {
            if (each.dtype() == DType.FLOAT32) {
                throw new IllegalArgumentException("LayerSpec: '" + name + "' has FLOAT32 inputs; give FLOAT64 ones, as"
                        + " the layer is made in both types, and checked in FLOAT32 by OperationCheck.FLOATS; a layer of"
                        + " FLOAT32 alone says so by dtype(DType.FLOAT32)");
            }
        }
        return with(copy -> copy.inputs = List.of(allowed));
    }

    /**
     * Sets the only type that a block supports, instead of both. With FLOAT64 there is no check in FLOAT32. With FLOAT32 all checks are of
     * FLOAT32 parameters and inputs, and outputs must be FLOAT32: values and buffers are compared with their references to {@link
     * #floatRtol}, in place of {@link #rtol}, and gradients with differences of FLOAT32 values, whose rounding hides faults below some 1 %
     * of the derivative, 10 % at order 2.
     *
     * @throws IllegalArgumentException unless it is FLOAT64 or FLOAT32
     */
    public LayerSpec dtype(DType only) {
        if (!only.isFloating()) {
            throw new IllegalArgumentException("LayerSpec: '" + name + "' must be of FLOAT64 or FLOAT32, got " + only);
        }
        LayerSpec ofOne = only == DType.FLOAT64 ? except(OperationCheck.FLOATS) : this;
        return ofOne.with(copy -> copy.dtype = only);
    }

    /** The elements of the parameters, which are drawn as well. */
    public LayerSpec parametersWithin(Values allowed) {
        return with(copy -> copy.parameters = allowed);
    }

    /** The order up to which the block is differentiable, instead of 1. */
    public LayerSpec order(int highest) {
        return with(copy -> copy.order = highest);
    }

    /** The expected output. */
    public LayerSpec reference(LayerReference expected) {
        return with(copy -> copy.reference = Optional.of(expected));
    }

    /**
     * Another forward whose derivatives are those that the backward rules are meant to give, as of a layer that rounds its outputs
     * straight-through: see {@link GradCheck#surrogate}. Outputs come from the block's own forward.
     *
     * @param other runs the block otherwise, with outputs of the same shapes: {@code (Rounded layer, Tensor[] x) ->
     *     x[0].mul(layer.weight())}
     */
    public <B extends Block> LayerSpec surrogate(BiFunction<B, Tensor[], Object> other) {
        return with(copy -> copy.surrogate = Optional.of(ofAnyBlock(other)));
    }

    /** The expected buffers after a forward pass in training. */
    public LayerSpec buffers(BufferReference expected) {
        return with(copy -> copy.buffers = Optional.of(expected));
    }

    /** The tolerance of outputs and buffers against their references, relative to the largest in them, instead of 1e-12. */
    public LayerSpec rtol(double rtol) {
        return with(copy -> copy.rtol = rtol);
    }

    /** The tolerance of FLOAT32 against FLOAT64, relative to the largest value or to 1, instead of 1e-5. */
    public LayerSpec floatRtol(double floatRtol) {
        return with(copy -> copy.floatRtol = floatRtol);
    }

    /** Cases in evaluation mode only, for a block whose gradient in training is not the derivative of its output there. */
    public LayerSpec evaluationOnly() {
        return with(copy -> copy.modes = List.of(false));
    }

    /**
     * Asks for {@link LayerCheck#SAMPLES} as well: the first axis of each input and output is the batch, and in evaluation no sample
     * depends on the others. Cases in which {@code ...} stands for no axes, or for other ones in each input, are left out. Not asked by
     * default, since a softmax over the first axis, a table of positions or a mask of the whole batch is right without it.
     */
    public LayerSpec separateSamples() {
        return with(copy -> copy.separateSamples = true);
    }

    /** Checks to leave out, for a block that is different on purpose. */
    public LayerSpec except(OperationCheck... checks) {
        return with(copy -> copy.except = union(except, checks));
    }

    /** Checks to leave out, for a block that is different on purpose. */
    public LayerSpec except(LayerCheck... checks) {
        return with(copy -> copy.exceptOfLayers = union(exceptOfLayers, checks));
    }

    /** The elements of a set and more. */
    static <E> Set<E> union(Set<E> before, E[] more) {
        return Stream.concat(before.stream(), Arrays.stream(more)).collect(Collectors.toSet());
    }

    /**
     * Runs everything in {@link OperationCheck} and {@link LayerCheck} that applies, with the system property {@code adjoint.tries} (100)
     * cases each, fewer for those that take a while. Inputs and all parameters are drawn, in training and in evaluation mode.
     *
     * @throws AssertionError that names each check that fails, with the smallest case
     */
    public void check() {
        LayerCheck.all(this);
    }

    // ---- reading ----

    /** The name in messages. */
    public String name() {
        return name;
    }

    /** A new block of the spec. */
    public Block create(Init init) {
        return factory.apply(init);
    }

    /** The tensors of the output of the block, of a record in the order of its components. */
    public List<Tensor> outputs(Block block, Tensor... x) {
        return Outputs.of(forward.apply(block, x));
    }

    /** The output of the block as one tensor; if the output is a record, its tensors concatenated to one vector. */
    Tensor run(Block block, Tensor... x) {
        List<Tensor> outputs = outputs(block, x);
        return outputs.size() == 1
                ? outputs.get(0)
                : Tensor.concat(
                        0, outputs.stream().map(output -> output.reshape(-1)).toList());
    }

    /** The number of inputs of the block, which precede the parameters in a case of {@link #operation()}. */
    int inputCount() {
        return signature().inputs().size();
    }

    /** The shapes of the inputs and of the output of the block. */
    Signature signature() {
        return Signature.parse(shapes);
    }

    Optional<BufferReference> buffers() {
        return buffers;
    }

    double rtol() {
        return isFloat() ? floatRtol : rtol;
    }

    /** The first type in which the block is made. */
    DType dtype() {
        return dtype;
    }

    private boolean isFloat() {
        return dtype == DType.FLOAT32;
    }

    boolean skips(LayerCheck check) {
        return exceptOfLayers.contains(check)
                || (check == LayerCheck.BUFFERS && buffers.isEmpty())
                || (check == LayerCheck.SAMPLES && !separateSamples);
    }

    /** Returns whether a case of {@link #operation()} runs in training mode. */
    static boolean isTraining(Case drawn) {
        return drawn.integers()[0] == 1;
    }

    /**
     * The block as an operation of its inputs and of all its parameters, so that everything that can be checked of operations can be
     * checked of it. The operation's argument is its mode: 0 for evaluation, which is also the one without an argument, 1 for training.
     */
    public Operation operation() {
        return operation(modes);
    }

    /** The block in training mode as an operation of its inputs and of all its parameters. */
    public Operation trainingOperation() {
        return operation(List.of(true));
    }

    /**
     * The block as an operation on large inputs, once for each of the given modes; empty if the inputs' sizes are fixed, or if their
     * elements must be distinct, since the range of the elements has no room for that number of distinct elements.
     */
    List<Operation> large(int elements, List<Boolean> asked) {
        if (inputs.stream().anyMatch(Values::isDistinct)) {
            return List.of();
        }
        return Signature.parse(shapes).enlarged(elements).stream()
                .flatMap(large -> modes.stream().filter(asked::contains).map(mode -> operation(List.of(mode), large)))
                .toList();
    }

    private Operation operation(List<Boolean> inModes) {
        return operation(inModes, Signature.parse(shapes));
    }

    private Operation operation(List<Boolean> inModes, Signature signature) {
        Map<DType, Subject> subjects = new EnumMap<>(DType.class);
        Subject first = new Subject(this, dtype);
        subjects.put(dtype, first);
        int count = signature.inputs().size();
        Recipes.requireOneOrEach(name, count, inputs.size());
        List<Signature.Part> parts = new ArrayList<>(signature.inputs());
        List<Values> values = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            values.add(inputs.get(Math.min(k, inputs.size() - 1)));
        }
        for (Tensor parameter : first.block().parameters()) {
            parts.add(new Signature.Part(
                    false,
                    Arrays.stream(parameter.shape().toArray())
                            .mapToObj(size -> new Signature.Axis(Integer.toString(size), false, size))
                            .collect(Collectors.toList())));
            values.add(parameters);
        }
        Operation ofBoth = Operation.of(name, (tensors, mode) -> {
                    DType given = dtype(tensors);
                    boolean training = isTraining(inModes, mode);
                    return isFloat() && given == DType.FLOAT64
                            ? first.narrowed(training, count, tensors)
                            : subjects.computeIfAbsent(given, missing -> new Subject(this, missing))
                                    .lifted(training, count, tensors);
                })
                .shapes(new Signature(parts, signature.result()))
                .within(values.toArray(new Values[0]))
                .arguments(drawn -> Arbitraries.of(inModes).map(training -> new int[] {training ? 1 : 0}))
                .situation(drawn -> first.situation(isTraining(inModes, drawn.integers()), drawn))
                .names(first.variables())
                .order(order)
                .gradCheck(isFloat() ? FLOAT_CHECK : new GradCheck())
                .rtol(rtol())
                .floatRtol(floatRtol)
                .recordedRtol(isFloat() ? floatRtol : RECORDED)
                .except(except.toArray(new OperationCheck[0]))
                // A block has one set of parameters for all evaluations, and maybe inputs of fixed sizes, so it has
                // USED_TWICE, THREADS and MANY_SAMPLES of LayerCheck instead.
                .except(OperationCheck.INTERLEAVED, OperationCheck.OTHER_THREAD, OperationCheck.LARGE);
        // A block of FLOAT32 alone has no FLOAT64 results with which FLOAT32 ones could be compared.
        Operation own = isFloat() ? ofBoth.except(OperationCheck.FLOATS) : ofBoth;
        Operation operation = surrogate
                .map(other -> own.surrogate(surrogateOf(other, inModes, signature)))
                .orElse(own);
        return reference
                .map(expected -> operation.reference((arrays, mode) -> expected.of(
                        first.initialState(Arrays.asList(arrays).subList(count, arrays.length)),
                        Arrays.copyOf(arrays, count),
                        isTraining(inModes, mode))))
                .orElse(operation);
    }

    /** Returns whether a case runs in training, which its argument says, or without one the first of the modes. */
    private static boolean isTraining(List<Boolean> modes, int... argument) {
        return argument.length == 0 ? modes.get(0) : argument[0] == 1;
    }

    /** FLOAT32 if one of the tensors is FLOAT32, otherwise FLOAT64. */
    private static DType dtype(Tensor... tensors) {
        return Arrays.stream(tensors).anyMatch(tensor -> tensor.dtype() == DType.FLOAT32)
                ? DType.FLOAT32
                : DType.FLOAT64;
    }

    private BiFunction<Tensor[], int[], Tensor> surrogateOf(
            BiFunction<Block, Tensor[], Object> other, List<Boolean> inModes, Signature signature) {
        return with(copy -> {
                    copy.forward = other;
                    copy.surrogate = Optional.empty();
                })
                .operation(inModes, signature)::apply;
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
