package io.adjoint.proof;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.ImplicitOptions;
import io.adjoint.autograd.equations.OdeOptions;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.Generator;
import io.adjoint.core.InPlace;
import io.adjoint.core.Internal;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Window;
import io.adjoint.distributions.Independent;
import io.adjoint.distributions.KL;
import io.adjoint.distributions.Mixture;
import io.adjoint.distributions.Normal;
import io.adjoint.distributions.Params;
import io.adjoint.distributions.Transformed;
import io.adjoint.fit.LeastSquares;
import io.adjoint.fit.Minimum;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Summary;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.Vocabulary;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.optim.StateArray;
import io.adjoint.nn.optim.Update;
import io.adjoint.nn.train.Epoch;
import io.adjoint.nn.train.Evaluation;
import io.adjoint.nn.train.RateSearch;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests methods of other classes than {@link io.adjoint.autograd.Tensor} with invalid arguments, like {@link HostileArgumentsTest}: methods
 * of arrays, shapes, settings, and every class of nn. Messages name the method or the class.
 */
@Tag("slow")
@Tag("any-jdk")
class HostileCallsTest {
    private static final int TRIES = 40;

    /**
     * Methods that expect checked arguments: losses call {@code each} and {@code reduced} with checked tensors, {@code declareState} gets
     * the fields of a state, and the other methods get functions of batches.
     */
    private static final Set<String> UNCHECKED = Set.of(
            "each",
            "reduced",
            "declareState",
            "fit",
            "evaluate",
            "predict",
            "searchRate",
            "backward",
            "backwardWithPredictions");

    /** Types whose objects the library makes from checked parts. */
    private static final Set<Class<?>> RESULTS = Set.of(
            Summary.class,
            Epoch.class,
            Evaluation.class,
            Minimum.class,
            RateSearch.class,
            // Their parts are distributions of any family, here without a sensible method, whose messages name that
            // family.
            Independent.class,
            Transformed.class,
            Mixture.class,
            KL.class,
            Params.class);

    /**
     * Other names with which messages begin: the name of a method that calls the tested one or is called by it, or of a layer in the
     * receiver.
     */
    private static final Map<String, Set<String>> ALIASES = Map.ofEntries(
            entry("ParameterGroup", Set.of("Adam")),
            entry("accumulate", Set.of("unview")),
            entry("argTopK", Set.of("topK")),
            entry("ofCovariance", Set.of("cholesky")),
            entry("compare", Set.of("eq", "ne", "lt", "le", "gt", "ge", "and", "or", "xor")),
            entry("reshaped", Set.of("reshape")),
            entry("stride", Set.of("window")),
            entry("padding", Set.of("window")),
            entry("dilation", Set.of("window")),
            entry("Transformer", Set.of("TransformerEncoder", "TransformerDecoder", "MultiHeadAttention")),
            entry("TransformerEncoder", Set.of("MultiHeadAttention")),
            entry("TransformerDecoder", Set.of("MultiHeadAttention")),
            entry("TransformerEncoderLayer", Set.of("MultiHeadAttention")),
            entry("TransformerDecoderLayer", Set.of("MultiHeadAttention")),
            entry("visible", Set.of("and")),
            entry("keys", Set.of("and")),
            entry("bias", Set.of("add")),
            entry("then", Set.of("Schedule")),
            entry("batch", Set.of("StreamLoader")),
            entry("CsvRow", Set.of("Csv")),
            entry("TableSchema", Set.of("Csv")),
            entry("put", Set.of("child")),
            entry("Rendezvous", Set.of("connect")),
            entry("metrics", Set.of("Metrics")),
            entry("Metrics", Set.of("Accuracy")),
            entry("Trainer", Set.of("Accuracy", "Metrics")),
            entry("lpPool1d", Set.of("avgPool1d")),
            entry("lpPool2d", Set.of("avgPool2d")),
            entry("lpPool3d", Set.of("avgPool3d")),
            entry("sparse", Set.of("normal")),
            entry("summary", Set.of("Summary")));

    private final HostileArguments hostile = new HostileArguments();

    @TestFactory
    Stream<DynamicTest> wrongArgumentsGetAResultOrAnExceptionThatNamesTheMethodOrTheClass() {
        return Stream.concat(
                        Stream.of(
                                NdArray.class,
                                Shape.class,
                                InPlace.class,
                                Generator.class,
                                Window.class,
                                ConvOptions.class,
                                GradCheck.class,
                                ImplicitOptions.class,
                                OdeOptions.class),
                        Stream.of(Layer.class, LeastSquares.class, Normal.class)
                                .flatMap(PublicApi::classesBeside)
                                .filter(type -> Modifier.isPublic(type.getModifiers())
                                        && !Modifier.isAbstract(type.getModifiers())
                                        && !type.isAnnotationPresent(Internal.class)
                                        && !RESULTS.contains(type)
                                        && (type.getEnclosingClass() == null
                                                || Modifier.isPublic(
                                                        type.getEnclosingClass().getModifiers()))
                                        && !type.isEnum()))
                .flatMap(type -> Stream.concat(
                                Arrays.stream(type.getConstructors()),
                                Arrays.stream(type.getMethods()).filter(PublicApi::isOurs))
                        .filter(executable ->
                                executable.getParameterCount() > 0 && !UNCHECKED.contains(executable.getName()))
                        .map(executable -> DynamicTest.dynamicTest(
                                type.getSimpleName() + ": " + PublicApi.signature(executable), () -> {
                                    hostile.restart(type.getSimpleName() + PublicApi.signature(executable));
                                    for (int k = 0; k < TRIES; k++) {
                                        attempt(type, executable);
                                    }
                                })));
    }

    private void attempt(Class<?> type, Executable executable) throws ReflectiveOperationException {
        boolean isStatic = Modifier.isStatic(executable.getModifiers());
        Object receiver = executable instanceof Method && !isStatic ? hostile.of(false, type)[0] : type;
        boolean huge = receiver instanceof NdArray array && array.shape().rank() > 0;
        Object[] arguments = arguments(executable, huge);
        if (type == InPlace.class) {
            Arrays.setAll(arguments, k -> arguments[k] instanceof NdArray array ? array.copy() : arguments[k]);
        }
        String call = receiver + "." + executable.getName() + Arrays.deepToString(arguments);
        try {
            executable.setAccessible(true);
            if (executable instanceof Constructor<?> constructor) {
                constructor.newInstance(arguments);
            } else {
                ((Method) executable).invoke(receiver, arguments);
            }
        } catch (InvocationTargetException e) {
            Throwable thrown = Objects.requireNonNull(e.getCause());
            String message = String.valueOf(thrown.getMessage());
            assertThat(thrown)
                    .as(call)
                    .isInstanceOfAny(
                            IllegalArgumentException.class,
                            GraphException.class,
                            ArithmeticException.class,
                            // A family of distributions that lacks a method.
                            UnsupportedOperationException.class,
                            // An IndexOutOfBoundsException has to name the method in its message; one from inside the
                            // library would not.
                            IndexOutOfBoundsException.class,
                            IllegalStateException.class,
                            UncheckedIOException.class);
            if (receiver instanceof Block block
                    && block.children().keySet().stream()
                            .anyMatch(child -> message.matches("\\Q" + child + "\\E[.:].*"))) {
                // The message begins with the path of the layer at fault.
                return;
            }
            assertThat(names(type, executable, arguments))
                    .as(call + ": " + message)
                    .anyMatch(known -> message.startsWith(known + ": ") || message.startsWith(known + "("));
        }
    }

    /** Draws arguments; elements of lists get the types that the methods expect: arrays, texts or batches. */
    private Object[] arguments(Executable executable, boolean huge) {
        Object[] arguments = hostile.of(huge, executable.getParameterTypes());
        if (executable.getDeclaringClass() == NdArray.class) {
            Arrays.setAll(
                    arguments,
                    k -> arguments[k] instanceof List<?> list
                            ? list.stream().map(each -> ((Tensor) each).data()).toList()
                            : arguments[k]);
        }
        String declaring = executable.getDeclaringClass().getSimpleName();
        Arrays.setAll(arguments, k -> typed(declaring, executable.getName(), arguments[k]));
        if (executable.getDeclaringClass() == Update.class) {
            Arrays.setAll(
                    arguments,
                    k -> arguments[k] instanceof List<?> list
                            ? list.stream()
                                    .map(each -> StateArray.like(
                                            List.of("a", "steps").get(list.size() % 2)))
                                    .toList()
                            : arguments[k]);
        }
        if (executable.getDeclaringClass() == Vocabulary.class) {
            Arrays.setAll(
                    arguments,
                    k -> arguments[k] instanceof List<?> list
                                    && executable.getName().equals("encode")
                            ? list.stream().map(String::valueOf).toList()
                            : arguments[k]);
        }
        return arguments;
    }

    /** Replaces collections by collections whose elements have the type that the compiler would require. */
    private Object typed(String owner, String method, Object argument) {
        if (argument instanceof Dataset<?> && owner.equals("TableSchema")) {
            return Dataset.of(2, k -> HostileArguments.row());
        } else if (argument instanceof Iterable<?>
                && Set.of("Trainer", "Evaluator").contains(owner)) {
            return List.of(new Batch(hostile.tensor(), hostile.tensor()));
        } else if (argument instanceof List<?>
                && Set.of("MultiMargin", "MultiLabelSoftMargin").contains(owner)) {
            return List.of(1.0, 0.5, -1.0);
        } else if (argument instanceof List<?> list && owner.equals("Ensemble")) {
            return list.stream().map(each -> new Tanh()).toList();
        } else if (argument instanceof Iterable<?> && owner.equals("Parameters")) {
            return List.of(hostile.tensor());
        } else if (argument instanceof Map<?, ?>
                && (owner.equals("Outcome")
                        || Set.of("withParameters", "fromVector").contains(method))) {
            return Map.of("weight", hostile.tensor());
        } else if (argument instanceof Map<?, ?>
                && Set.of("Progress", "CsvLog", "Log", "History").contains(owner)) {
            return Map.of("own", Double.NaN);
        }
        return argument;
    }

    /** The names with which the message of a method may begin; some methods take an operation's name as their first argument. */
    private static Set<String> names(Class<?> type, Executable executable, Object... arguments) {
        String method = executable.getName();
        String owner = type.getSimpleName();
        Set<String> names = new HashSet<>(ALIASES.getOrDefault(method, Set.of()));
        names.addAll(ALIASES.getOrDefault(owner, Set.of()));
        Collections.addAll(names, owner, owner.toLowerCase(Locale.ROOT), owner + "." + method, method);
        if (arguments[0] instanceof String op) {
            names.add(op);
        }
        return names;
    }
}
