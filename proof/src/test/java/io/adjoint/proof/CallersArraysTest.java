package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Index;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.OdeSolution;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Sliding;
import io.adjoint.core.StateFields;
import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.FillMissing;
import io.adjoint.nn.layer.Fold;
import io.adjoint.nn.layer.OneHot;
import io.adjoint.nn.loss.Loss;
import io.adjoint.nn.loss.MultiLabelSoftMargin;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.train.Trainer;
import io.adjoint.proof.SampleCalls.Call;
import java.lang.reflect.Array;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests that arrays and collections belong to the caller. If the caller changes an argument after the call, the results of the call, their
 * gradients and second derivatives don't change. If the caller changes a returned array, the next call still returns the original elements.
 */
class CallersArraysTest {
    /** The methods that by their Javadoc keep or fill the caller's array itself. */
    private static final Set<String> WINDOWS = Set.of(
            "NdArray.wrap(Shape,double[])",
            "NdArray.wrap(Shape,float[])",
            "NdArray.wrap(Shape,int[])",
            "Generator.nextBytes(byte[])");

    /** The methods whose arrays don't show in the outcome. */
    private static final Set<String> UNSEEN = Set.of(
            "Block.withParameters(Map)",
            "CsvLog.numbers(Moment,Map)",
            "Layer.withParameters(Map)",
            "NumbersLog.epoch(Moment,Map)",
            "Progress.epoch(Moment,Map)",
            "Progress.numbers(Moment,Map)",
            "Shape.of(String,Shape,long[])",
            "Tensor.moveAxis(int[],int[])",
            "new BlockMap(Block[])",
            "new MultiStepDecay(double,long[])");

    /**
     * All public methods except the methods of {@link StateFields}, which connect an object's own arrays with its state, and are called
     * once only.
     */
    private static Stream<Executable> executables() {
        return PublicApi.executables().stream()
                .filter(executable -> executable.getDeclaringClass() != StateFields.class);
    }

    @TestFactory
    Stream<DynamicTest> anArgumentMayChangeAfterTheCall() {
        return executables()
                .filter(executable ->
                        Arrays.stream(executable.getParameterTypes()).anyMatch(CallersArraysTest::isMutable))
                .filter(executable -> !WINDOWS.contains(PublicApi.signature(executable)))
                .map(executable -> DynamicTest.dynamicTest(PublicApi.signature(executable), () -> {
                    String expected = outcome(executable, argument -> {}, argument -> {});
                    assertThat(outcome(executable, argument -> {}, CallersArraysTest::change))
                            .isEqualTo(expected);
                    if (!UNSEEN.contains(PublicApi.signature(executable))) {
                        assertThat(outcomeOfOtherArguments(executable)).isNotEqualTo(expected);
                    }
                }));
    }

    private static String outcome(Executable executable, Consumer<Object> before, Consumer<Object> after)
            throws ReflectiveOperationException {
        Tensor x = SampleCalls.leaf();
        Call call = sample(executable, x);
        call.arguments().forEach(before);
        Object result = call.run(executable);
        call.arguments().forEach(after);
        return behaviour(result, x);
    }

    /** The outcome of arguments that were changed before the call, by which the test knows that it would notice a later change. */
    private static String outcomeOfOtherArguments(Executable executable) throws ReflectiveOperationException {
        try {
            return outcome(executable, CallersArraysTest::change, argument -> {});
        } catch (AssertionError | RuntimeException refused) {
            return "refused";
        }
    }

    @TestFactory
    Stream<DynamicTest> aResultMayChange() {
        return executables()
                .filter(executable -> executable instanceof Method method && isMutable(method.getReturnType()))
                .map(executable -> DynamicTest.dynamicTest(PublicApi.signature(executable), () -> {
                    Tensor x = SampleCalls.leaf();
                    Call call = sample(executable, x);
                    Object result = call.run(executable);
                    String before = behaviour(result, x);
                    change(result);
                    // A static call depends on no state, but it may have released the graph of its arguments, so it is
                    // made anew.
                    Call again = call.receiver() == null ? sample(executable, x) : call;
                    assertThat(behaviour(again.run(executable), x)).isEqualTo(before);
                }));
    }

    private static Call sample(Executable executable, Tensor x) {
        return SampleCalls.of(executable, x, CallersArraysTest::behaviour);
    }

    private static boolean isMutable(Class<?> type) {
        return type.isArray() || Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
    }

    /** Changes an object if it can be changed: numbers become other numbers, and other elements null. */
    private static void change(@Nullable Object object) {
        try {
            if (object instanceof List<?> list) {
                Collections.fill(list, null);
            } else if (object instanceof Map<?, ?> map) {
                map.clear();
            } else if (object instanceof Object[] array) {
                Arrays.stream(array).filter(part -> part.getClass().isArray()).forEach(CallersArraysTest::change);
                Arrays.fill(array, null);
            } else if (object instanceof boolean[] flags) {
                for (int k = 0; k < flags.length; k++) {
                    flags[k] = !flags[k];
                }
            } else if (object != null && object.getClass().isArray()) {
                for (int k = 0; k < Array.getLength(object); k++) {
                    Array.set(object, k, object instanceof int[] numbers && numbers[k] != 0 ? 0 : (byte) 1);
                }
            }
        } catch (UnsupportedOperationException e) {
            // The collection is immutable, so the caller can't change it.
        }
    }

    /** Describes the visible behaviour of a result: its elements, its gradients, and the results of an object's methods. */
    private static String behaviour(@Nullable Object result, Tensor x) {
        if (result instanceof Tensor tensor) {
            return elements(tensor) + gradients(tensor, x);
        } else if (result instanceof NdArray array) {
            return array.dtype() + " " + array.shape() + " " + Arrays.toString(array.toDoubleArray());
        } else if (result instanceof Object[] parts) {
            return behaviour(Arrays.asList(parts), x);
        } else if (result instanceof Collection<?> parts) {
            return parts.stream().map(part -> behaviour(part, x)).collect(Collectors.joining(", ", "[", "]"));
        } else if (result instanceof Map<?, ?> map) {
            return map.keySet() + behaviour(map.values(), x);
        } else if (result instanceof Record record) {
            return behaviour(components(record), x);
        } else if (result instanceof Gradients gradients) {
            return behaviour(gradients.of(x), x);
        } else if (result instanceof Index index) {
            return behaviour(x.get(index), x);
        } else if (result instanceof ConvOptions conv) {
            return behaviour(x.reshape(1, 1, 6).convTranspose1d(Tensor.ones(1, 1, 3), conv), x);
        } else if (result instanceof Sliding sliding) {
            return sliding.inputShape() + " " + sliding.outputShape();
        } else if (result instanceof MultiLabelSoftMargin loss) {
            return behaviour(loss.forward(x, x.detach()), x);
        } else if (result instanceof Loss loss) {
            return behaviour(loss.forward(x, Tensor.of(new int[] {1, 2})), x);
        } else if (result instanceof Fold fold) {
            return behaviour(fold.forward(x), x);
        } else if (result instanceof FillMissing layer) {
            return behaviour(layer.forward(Tensor.of(new double[][] {{Double.NaN}})), x);
        } else if (result instanceof OneHot layer) {
            return behaviour(layer.forward(Tensor.zeros(1, 1)), x);
        } else if (result instanceof Layer layer) {
            return behaviour(layer.forward(x.reshape(1, 1, 2, 3)), x);
        } else if (result instanceof Optimizer optimizer) {
            x.square().sum().backward();
            optimizer.step(() -> optimizer.parameters().get(0).sum().detach());
            return optimizer.getClass() + behaviour(optimizer.parameters(), x);
        } else if (result instanceof OdeSolution<?> solution) {
            return behaviour(solution.events(), x);
        } else if (result instanceof Trainer<?> trainer) {
            return behaviour(fitted(trainer, x), x);
        }
        return result != null && result.getClass().isArray()
                ? Arrays.deepToString(new Object[] {result})
                : String.valueOf(result);
    }

    @SuppressWarnings("unchecked") // SampleCalls makes trainers whose batches are tensors
    private static Object fitted(Trainer<?> trainer, Tensor x) {
        return ((Trainer<Tensor>) trainer).fit(List.of(x), 1);
    }

    private static List<Object> components(Record record) {
        return Arrays.stream(record.getClass().getRecordComponents())
                .map(component -> component(record, component))
                .toList();
    }

    private static Object component(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String elements(Tensor tensor) {
        return behaviour(tensor.data(), tensor);
    }

    /** Describes the gradient, and the gradient of the gradient, of a weighted sum of squares; each element has another weight. */
    private static String gradients(Tensor y, Tensor x) {
        if (!y.requiresGrad() || y == x) {
            return "";
        }
        NdArray weights = NdArray.generate(DType.FLOAT64, y.shape(), k -> k + 1);
        Tensor first = Autograd.grad(y.square().mul(Tensor.of(weights)).sum(), GraphMode.CREATE, x);
        return elements(first)
                + (first.requiresGrad() ? elements(Autograd.grad(first.square().sum(), GraphMode.KEEP, x)) : "");
    }
}
