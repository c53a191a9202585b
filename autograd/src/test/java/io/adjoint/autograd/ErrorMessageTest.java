package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.transforms.JacobianMode;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.autograd.transforms.Trees;
import io.adjoint.core.ArrayElements;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

// Long because it is a table: a line or two for each mistake.
/** The mistakes that users make: each is an error of a telling type and text, and leaves everything as it was. */
@SuppressWarnings("CheckReturnValue") // The calls throw.
class ErrorMessageTest {
    /**
     * The tensors with which mistakes are made: two leaves, one of which has a gradient, constants, and the result of a graph through which
     * no backward pass has gone yet.
     */
    private static final class Fixture {
        final Tensor x = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}}).requiresGrad(true);
        final Tensor v = Tensor.of(7, 8, 9).requiresGrad(true);
        final Tensor loss = x.mul(v).sum();
        final Tensor constant = Tensor.of(1, 2);
        final Tensor ints = Tensor.of(new int[] {1, 2});

        Fixture() {
            v.square().sum().backward();
        }

        static Tensor zeros(int... dims) {
            return Tensor.of(NdArray.zeros(DType.FLOAT64, Shape.of(dims)));
        }
    }

    private record Probe(String name, Consumer<Fixture> mistake, Class<? extends Exception> type, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Probe shape(String name, Consumer<Fixture> mistake, String message) {
        return new Probe(name, mistake, ShapeException.class, message);
    }

    private static Probe argument(String name, Consumer<Fixture> mistake, String message) {
        return new Probe(name, mistake, IllegalArgumentException.class, message);
    }

    private static Probe dtype(String name, Consumer<Fixture> mistake, String message) {
        return new Probe(name, mistake, DTypeException.class, message);
    }

    private static Probe graph(String name, Consumer<Fixture> mistake, String message) {
        return new Probe(name, mistake, GraphException.class, message);
    }

    static Stream<Probe> probes() {
        return Stream.of(calls(), impossibleShapes(), graphs(), leaves(), rules())
                .flatMap(s -> s);
    }

    @SuppressWarnings("NullAway") // null is one of the mistakes
    private static Stream<Probe> calls() {
        return Stream.of(
                dtype(
                        "min",
                        f -> f.x.gt(0).min(),
                        "min: expected numbers, got BOOL; convert with to(FLOAT64), or to(INT32) for integers"),
                shape(
                        "a large convolution's channels",
                        f -> Fixture.zeros(1, 4, 5).conv1d(Fixture.zeros(2, 4, 3), new ConvOptions().groups(1 << 30)),
                        "conv1d: the input has 4 channels on axis -2, but the weight is for 4294967296: input [1, 4, 5],"
                                + " weight [2, 4, 3], groups 1073741824"),
                shape(
                        "argMax of nothing",
                        f -> Fixture.zeros(2, 0).argMax(1),
                        "argMax: axis 1 of [2, 0] has no elements"),
                new Probe("argMax without Dims", f -> f.x.argMax((Dims) null, 0), NullPointerException.class, "dims"),
                shape(
                        "item",
                        f -> f.v.item(),
                        "item: [3] has 3 elements, not one; take get(index), or reduce first, e.g. with sum() or mean()"),
                shape(
                        "rows of unequal length",
                        f -> Tensor.of(new double[][] {{1, 2}, {3}}),
                        "fromArray: the arrays are ragged: that at [1] has 1 elements, but that at [0] has 2"),
                shape(
                        "negative size",
                        f -> f.x.broadcastTo(Shape.of(-1, 2, 3)),
                        "Shape.of: [-1, 2, 3] has a negative size: -1"),
                shape("too many indices", f -> f.v.data().get(0, 1), "get: [0, 1] has 2 numbers, but [3] has 1 axes"),
                new Probe(
                        "a difference out of the range of integers",
                        f -> f.ints.rsub(Integer.MIN_VALUE),
                        ArithmeticException.class,
                        "rsub: -2147483648 and 1 give a result out of the range of INT32; convert with to(FLOAT64)"),
                dtype(
                        "gradient of integers",
                        f -> f.ints.requiresGrad(true),
                        "requiresGrad: expected FLOAT64 or FLOAT32 elements, got INT32; convert with to(FLOAT64)"));
    }

    private static Stream<Probe> impossibleShapes() {
        String tooMany = " more than 2147483647 elements, the most that a Java array holds";
        return Stream.of(
                shape("zeros of a negative size", f -> Tensor.zeros(-1), "zeros: [-1] has a negative size: -1"),
                shape("too many ones", f -> Tensor.ones(1 << 16, 1 << 16), "ones: [65536, 65536] has" + tooMany),
                shape("reshape", f -> f.x.reshape(2, 1 << 30), "reshape: [2, 1073741824] has" + tooMany),
                shape(
                        "fold",
                        f -> Fixture.zeros(1, 1).fold(Window.kernel(1), 1, -4, 1),
                        "fold: [1, -4, 1] has a negative size: -4"),
                shape(
                        "an array without its elements",
                        f -> NdArray.of(Shape.of()),
                        "NdArray.of: the shape [] takes 1 element, but got 0"),
                shape(
                        "outer",
                        f -> Fixture.zeros(1 << 16).outer(Fixture.zeros(1 << 16)),
                        "outer: [65536] would become [65536, 65536], which has" + tooMany),
                shape(
                        "einsum",
                        f -> Tensor.einsum("i,j->ij", Fixture.zeros(1 << 16), Fixture.zeros(1 << 16)),
                        "einsum: [65536, 1] with [1, 65536] would become [65536, 65536], which has" + tooMany),
                shape(
                        "a convolution's output",
                        f -> Fixture.zeros(1, 1, 1 << 16).conv1d(Fixture.zeros(1 << 16, 1, 1), new ConvOptions()),
                        "conv1d: [1, 65536, 65536] has" + tooMany),
                shape(
                        "an adaptive mean",
                        f -> Fixture.zeros(2, 3, 2).adaptiveAvgPool1d(Integer.MAX_VALUE - 1),
                        "adaptiveAvgPool1d: [2, 3, 2] would become [2, 3, 2147483646], which has" + tooMany),
                shape(
                        "an adaptive maximum",
                        f -> Fixture.zeros(1, 1, 4, 4, 4).adaptiveMaxPool3d(1 << 30),
                        "adaptiveMaxPool3d: [1, 1, 4, 4, 4] would become [1, 1, 1073741824, 1073741824, 1073741824], which has"
                                + tooMany),
                shape(
                        "interpolate",
                        f -> Fixture.zeros(1, 2, 4).interpolate(Interpolation.LINEAR, 1 << 30),
                        "interpolate: [1, 2, 4] would become [1, 2, 1073741824], which has" + tooMany));
    }

    private static Stream<Probe> graphs() {
        return Stream.of(
                graph(
                        "backward of a matrix",
                        f -> f.x.mul(2).backward(),
                        "backward: only a scalar has a gradient of its own, but the shape is [2, 3]; reduce it, e.g. with sum()"
                                + " or mean(), or pass its upstream gradient"),
                graph(
                        "backward of a constant",
                        f -> f.constant.sum().backward(),
                        "backward: the tensor of shape [] does not require grad and was not computed from one that does,"
                                + " other than through BOOL and INT32, which carry no gradient; compute with the new tensor"
                                + " that requiresGrad(true) returns, and not under noGrad"),
                graph(
                        "backward of the mean of a mask",
                        f -> f.x.gt(2).mean().backward(),
                        "backward: the tensor of shape [] does not require grad and was not computed from one that does,"
                                + " other than through BOOL and INT32, which carry no gradient; compute with the new tensor"
                                + " that requiresGrad(true) returns, and not under noGrad"),
                graph(
                        "backward twice",
                        f -> {
                            Tensor other = f.v.detach().requiresGrad(true).sum();
                            other.backward();
                            other.backward();
                        },
                        "backward: the graph behind 'sum' [] was released by an earlier backward pass; pass GraphMode.CREATE to the"
                                + " earlier one if its gradients are part of what is differentiated now, else cut off the past by detach() or"
                                + " pass GraphMode.KEEP"),
                graph(
                        "a gradient without GraphMode.CREATE as a part of the loss",
                        f -> {
                            Tensor w = Tensor.of(2, 3).requiresGrad(true);
                            Tensor y = w.square().mul(w);
                            Tensor slope = Autograd.grad(y.sum(), w);
                            y.add(slope.square()).sum().backward();
                        },
                        "backward: the graph behind 'mul' [2] was released by an earlier backward pass; pass GraphMode.CREATE to the"
                                + " earlier one if its gradients are part of what is differentiated now, else cut off the past by detach() or"
                                + " pass GraphMode.KEEP"),
                graph(
                        "the gradient of a gradient without GraphMode.CREATE",
                        f -> {
                            Tensor w = Tensor.of(2, 3).requiresGrad(true);
                            Tensor slope = Autograd.grad(w.square().sum(), w);
                            Autograd.grad(slope.square().sum(), w);
                        },
                        "grad: the tensor of shape [] was computed from gradients of a backward pass that was not recorded;"
                                + " pass GraphMode.CREATE to that pass to differentiate them"),
                graph(
                        "the gradient of a leaf's gradient without GraphMode.CREATE",
                        f -> Objects.requireNonNull(f.v.grad()).mul(2).sum().backward(),
                        "backward: the tensor of shape [] was computed from gradients of a backward pass that was not recorded;"
                                + " pass GraphMode.CREATE to that pass to differentiate them"),
                graph(
                        "a gradient without GraphMode.CREATE beside something else",
                        f -> {
                            Tensor w = Tensor.of(2, 3).requiresGrad(true);
                            Tensor slope = Autograd.grad(w.square().sum(), w);
                            Autograd.grad(slope.sum().mul(f.loss), w);
                        },
                        "grad: the output does not depend on the input of shape [2] but, perhaps, through gradients of a"
                                + " backward pass that was not recorded; pass GraphMode.CREATE to that pass to differentiate them"),
                graph(
                        "gradients of a graph that was released",
                        f -> {
                            Tensor other = f.v.detach().requiresGrad(true).sum();
                            other.backward();
                            Autograd.gradients(other);
                        },
                        "gradients: the graph behind 'sum' [] was released by an earlier backward pass; pass GraphMode.CREATE to the"
                                + " earlier one if its gradients are part of what is differentiated now, else cut off the past by detach() or"
                                + " pass GraphMode.KEEP"),
                graph(
                        "gradients of a matrix",
                        f -> Autograd.gradients(f.x.mul(2)),
                        "gradients: only a scalar has a gradient of its own, but the shape is [2, 3]; reduce it, e.g. with sum()"
                                + " or mean(), or pass its upstream gradient"),
                graph(
                        "grad of a matrix",
                        f -> Autograd.grad(f.x.mul(2), f.x),
                        "grad: only a scalar has a gradient of its own, but the shape is [2, 3]; reduce it, e.g. with sum()"
                                + " or mean(), or pass its upstream gradient"),
                graph(
                        "gradients of a constant",
                        f -> Autograd.gradients(List.of(f.constant), List.of(f.constant), List.of(f.x), GraphMode.FREE),
                        "gradients: the tensor of shape [2] does not require grad and was not computed from one that does,"
                                + " other than through BOOL and INT32, which carry no gradient; compute with the new tensor"
                                + " that requiresGrad(true) returns, and not under noGrad"),
                graph(
                        "gradients for which too little arrives",
                        f -> Autograd.gradients(List.of(f.loss), List.of(f.constant), List.of(f.x), GraphMode.FREE),
                        "gradients: the gradient is FLOAT64 [2], but the output is FLOAT64 [];"
                                + " they must be equal in shape and dtype"),
                graph(
                        "gradient of an input that is not used",
                        f -> Autograd.grad(f.loss, f.v, Tensor.of(1).requiresGrad(true)),
                        "grad: the output does not depend on the input of shape [1]; leave it out, or ask gradients(outputs,"
                                + " gradients, inputs, graph), whose find(input) is empty then"),
                graph(
                        "gradient for a constant",
                        f -> Autograd.grad(f.loss, f.constant),
                        "grad: the tensor of shape [2] does not require grad and was not computed from one that does,"
                                + " other than through BOOL and INT32, which carry no gradient; compute with the new tensor"
                                + " that requiresGrad(true) returns, and not under noGrad"),
                graph(
                        "what arrives has another shape",
                        f -> f.loss.backward(f.constant),
                        "backward: the gradient is FLOAT64 [2], but the output is FLOAT64 [];"
                                + " they must be equal in shape and dtype"),
                graph(
                        "what arrives has another type",
                        f -> f.loss.backward(Tensor.scalar(1).to(DType.FLOAT32)),
                        "backward: the gradient is FLOAT32 [], but the output is FLOAT64 [];"
                                + " they must be equal in shape and dtype"));
    }

    private static Stream<Probe> leaves() {
        return Stream.of(
                graph(
                        "requiresGrad of a result",
                        f -> f.loss.requiresGrad(false),
                        "requiresGrad: this tensor of shape [] was computed by 'sum'; only a leaf can be changed: call detach() first"),
                graph(
                        "assign to a result",
                        f -> f.loss.assign(NdArray.scalar(DType.FLOAT64, 1)),
                        "assign: this tensor was computed by 'sum'; only a leaf can be changed"),
                shape(
                        "assign of another shape",
                        f -> f.v.assign(f.constant.data()),
                        "assign: cannot put [2] into [3]; the shapes must be equal"),
                dtype(
                        "assign of another type",
                        f -> f.v.assign(f.v.data().to(DType.FLOAT32)),
                        "assign: cannot mix FLOAT64 with FLOAT32; convert one with to(FLOAT64) or to(FLOAT32)"),
                graph(
                        "gradient set with another shape",
                        f -> f.v.setGrad(f.constant),
                        "setGrad: the gradient is FLOAT64 [2], but the tensor is FLOAT64 [3]"),
                graph(
                        "gradient set with another type",
                        f -> f.v.setGrad(f.v.detach().to(DType.FLOAT32)),
                        "setGrad: the gradient is FLOAT32 [3], but the tensor is FLOAT64 [3]"),
                graph(
                        "gradient set on a result",
                        f -> f.loss.setGrad(f.loss.detach()),
                        "setGrad: only a leaf that requires grad keeps a gradient, or a tensor after retainGrad()"));
    }

    private static Stream<Probe> rules() {
        return Stream.of(
                graph(
                        "a rule that returns another shape",
                        f -> op("own", f.v.data(), edge(f.v, g -> Fixture.zeros(7)))
                                .sum()
                                .backward(),
                        "backward: the backward rule of 'own' returned FLOAT64 [7] for an input of FLOAT64 [3]"),
                graph(
                        "a rule that returns another type",
                        f -> op("own", f.v.data(), edge(f.v, g -> g.to(DType.FLOAT32)))
                                .sum()
                                .backward(),
                        "backward: the backward rule of 'own' returned FLOAT32 [3] for an input of FLOAT64 [3]"),
                graph(
                        "a rule that returns too few gradients",
                        f -> op("own", f.v.data(), List.of(f.v, f.v), g -> List.of(g))
                                .sum()
                                .backward(),
                        "backward: the backward rule of 'own' returned 1 gradients for 2 inputs"),
                graph(
                        "a rule of gradients that returns another shape",
                        f -> Autograd.gradients(op("own", f.v.data(), edge(f.v, g -> Fixture.zeros(7)))
                                .sum()),
                        "gradients: the backward rule of 'own' returned FLOAT64 [7] for an input of FLOAT64 [3]"),
                graph(
                        "a rule that returns null",
                        f -> op("own", f.v.data(), edge(f.v, g -> null)).sum().backward(),
                        "backward: the backward rule of 'own' returned null for an input of FLOAT64 [3]"),
                graph(
                        "a rule that returns null for one of its inputs",
                        f -> op("own", f.v.data(), List.of(f.v, f.v), g -> Arrays.asList(g, null))
                                .sum()
                                .backward(),
                        "backward: the backward rule of 'own' returned null for an input of FLOAT64 [3]"),
                graph(
                        "a hook that returns null",
                        f -> {
                            Tensor y = f.v.mul(2);
                            y.onGradient(g -> null);
                            y.sum().backward();
                        },
                        "backward: a hook on 'mul' returned null for an input of FLOAT64 [3]"),
                argument(
                        "a rule of several inputs that returns null",
                        f -> op("own", f.v.data(), List.of(f.v, f.v), g -> null)
                                .sum()
                                .backward(),
                        "backward: the backward rule of 'own' returned null"),
                argument(
                        "a function for selected elements that returns null",
                        f -> Tensor.where(f.v.gt(8), f.v, x -> x, x -> null),
                        "where: the second function returned null"),
                argument(
                        "a checkpoint of nothing",
                        f -> Transforms.checkpoint(x -> null, f.v),
                        "checkpoint: the function returned null"),
                argument(
                        "a Jacobian of nothing",
                        f -> Transforms.jacobian(x -> null, f.v, JacobianMode.BATCH),
                        "jacobian: the function returned null"),
                argument("a tree of nothing", f -> Trees.map(f.v, x -> null), "Trees: the function returned null"));
    }

    @ParameterizedTest
    @MethodSource("probes")
    void aMistakeIsExplainedAndChangesNothing(Probe probe) {
        Fixture fixture = new Fixture();

        assertThatThrownBy(() -> probe.mistake().accept(fixture))
                .isExactlyInstanceOf(probe.type())
                .hasMessage(probe.message());

        assertThat(Autograd.isRecording()).isTrue();
        assertThat(fixture.x.grad()).isNull();
        assertThat(Leaves.gradient(fixture.v).toDoubleArray()).containsExactly(14, 16, 18);
        assertThat(Leaves.numbers(fixture.x)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(Leaves.numbers(fixture.v)).containsExactly(7, 8, 9);
        assertThat(Leaves.numbers(fixture.constant)).containsExactly(1, 2);
        assertThat(ArrayElements.modified(fixture.x.data()) + ArrayElements.modified(fixture.v.data()))
                .isZero();
        fixture.loss.backward();
        assertThat(Leaves.gradient(fixture.x).toDoubleArray()).containsExactly(7, 8, 9, 7, 8, 9);
        assertThat(Leaves.gradient(fixture.v).toDoubleArray()).containsExactly(14 + 5, 16 + 7, 18 + 9);
    }
}
