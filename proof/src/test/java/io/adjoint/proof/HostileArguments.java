package io.adjoint.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;

import io.adjoint.autograd.Index;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Window;
import io.adjoint.distributions.MultivariateNormal;
import io.adjoint.nn.Block;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Csv;
import io.adjoint.nn.data.CsvOptions;
import io.adjoint.nn.data.CsvRow;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.DataStream;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.StreamLoader;
import io.adjoint.nn.layer.BatchNorm2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Ensemble;
import io.adjoint.nn.layer.Identity;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.layer.WeightedLayer;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.metric.Metric;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.ParameterGroup;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.optim.Setting;
import io.adjoint.nn.optim.Update;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.parallel.ConnectOptions;
import io.adjoint.nn.train.Log;
import io.adjoint.nn.train.Progress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Draws arguments by their type; most of them are invalid: negative, huge, NaN, empty, or of a wrong rank or dtype. */
// Long because it has a line for each type of arguments.
final class HostileArguments {
    private static final List<Integer> SMALL = List.of(Integer.MIN_VALUE, -7, -2, -1, 0, 1, 2, 3, 7);
    /** The number of attempts to make an object with drawn arguments. */
    private static final int TRIES = 10_000;

    private static final List<Integer> HUGE = List.of(1 << 30, Integer.MAX_VALUE);
    private static final List<Double> NUMBERS = List.of(
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            -1.0,
            -0.0,
            0.0,
            0.5,
            1.0,
            2.0,
            1e300,
            Double.MIN_VALUE);
    private static final List<String> TEXTS = List.of(
            "", ":", "0", "ij->ji", "ij,jk->ik", "i,j->ij", "...", "->", ",", "1:2:0", "ii", "?", "i j->", "-1, ::2");
    /**
     * Except for the scalar, tensors have no or several elements: repeating several elements as often as a huge argument says exceeds the
     * size limit of arrays, and so is refused instead of taking memory.
     */
    private static final List<Tensor> TENSORS = Stream.of(
                    Shape.scalar(),
                    Shape.of(3),
                    Shape.of(2, 3),
                    Shape.of(4, 4),
                    Shape.of(0),
                    Shape.of(2, 0, 3),
                    Shape.of(1, 2, 5, 5),
                    Shape.of(3, 1, 4),
                    Shape.of(1 << 16))
            .flatMap(shape -> Arrays.stream(DType.values()).map(dtype -> NdArray.generate(dtype, shape, k -> k % 2)))
            .map(array -> Tensor.of(array).requiresGrad(array.dtype().isFloating()))
            .toList();

    private final Generator random = new Generator(1);
    private final Map<Class<?>, Supplier<Object>> byType = Map.ofEntries(
            entry(Tensor.class, this::tensor),
            entry(NdArray.class, () -> tensor().data()),
            entry(Shape.class, () -> tensor().shape()),
            entry(int.class, this::integer),
            entry(double.class, () -> any(NUMBERS)),
            entry(Double.class, () -> any(NUMBERS)),
            entry(BinaryOperator.class, () -> (BinaryOperator<Tensor>) (a, b) -> any(List.of(a, tensor()))),
            entry(boolean.class, random::nextBoolean),
            entry(String.class, () -> any(TEXTS)),
            entry(int[].class, this::integers),
            entry(double[].class, () -> numbers()),
            entry(float.class, () -> any(NUMBERS).floatValue()),
            entry(byte[].class, () -> new byte[random.nextInt(3)]),
            entry(float[].class, () -> new float[count()]),
            entry(int[][].class, () -> new int[][] {integers(), integers()}),
            entry(double[][].class, () -> new double[][] {numbers(), numbers()}),
            entry(float[][].class, () -> new float[][] {new float[count()], new float[count()]}),
            entry(boolean[].class, () -> new boolean[count()]),
            entry(boolean[][].class, () -> new boolean[][] {new boolean[count()], new boolean[count()]}),
            entry(Tensor[].class, () -> several(Tensor[]::new, this::tensor)),
            entry(List.class, () -> List.of(several(Tensor[]::new, this::tensor))),
            entry(NdArray[].class, () -> several(NdArray[]::new, () -> tensor().data())),
            entry(Map.class, () -> Map.of(any(TEXTS), tensor().data())),
            entry(long.class, () -> (long) integer()),
            entry(long[].class, () -> Arrays.stream(integers()).asLongStream().toArray()),
            entry(Index[].class, () -> several(Index[]::new, this::index)),
            entry(Window.class, this::window),
            entry(ConvOptions.class, this::convolution),
            entry(
                    UnaryOperator.class,
                    () -> any(List.<UnaryOperator<Object>>of(
                            x -> x,
                            x -> x instanceof NdArray ? NdArray.of(Shape.of(2), 1, 2) : Tensor.of(1, 2),
                            x -> null))),
            entry(String[].class, () -> several(String[]::new, () -> any(TEXTS))),
            entry(
                    Buffer.class,
                    () -> new BatchNorm2d(3, new Init(random)).namedBuffers().get("runningMean")),
            entry(Block.class, Identity::new),
            entry(Layer.class, Identity::new),
            entry(
                    MultivariateNormal.class,
                    () -> new MultivariateNormal(Tensor.zeros(2), Tensor.of(NdArray.eye(DType.FLOAT64, 2, 2)))),
            entry(Ensemble.class, () -> new Ensemble(List.of(new Tanh(), new Tanh()))),
            entry(WeightedLayer.class, () -> new Dense(2, 3, random)),
            entry(Optimizer.class, () -> new SGD(List.of(Tensor.of(1, 2).requiresGrad(true)), 0.1)),
            entry(
                    ParameterGroup.class,
                    () -> new Adam(List.of(Tensor.of(1, 2).requiresGrad(true)))
                            .groups()
                            .get(0)),
            entry(Setting.class, () -> any(List.of(new Probe().first, new Probe().second))),
            entry(Layer[].class, () -> several(Layer[]::new, Tanh::new)),
            entry(Dataset.class, () -> Dataset.of(Tensor.of(1, 2, 3), Tensor.of(1, 2, 3))),
            entry(DataLoader.class, () -> new DataLoader<>(Dataset.of(3, k -> k), 2, samples -> samples)),
            entry(Collection.class, () -> List.of(several(String[]::new, () -> any(TEXTS)))),
            entry(Iterable.class, () -> List.of(List.of(several(String[]::new, () -> any(TEXTS))))),
            entry(Set.class, () -> new HashSet<>(List.of(several(String[]::new, () -> any(TEXTS))))),
            entry(char.class, () -> any(List.of(',', '"', '\n', 'a'))),
            entry(Path.class, () -> Path.of("target", any(List.of("none", "")))),
            entry(InputStream.class, () -> new ByteArrayInputStream(new byte[] {0, 0, 8, (byte) count(), 1, 2})),
            entry(PrintStream.class, () -> new PrintStream(OutputStream.nullOutputStream(), false, UTF_8)),
            entry(Metric[].class, () -> several(Metric[]::new, Accuracy::new)),
            entry(
                    Log[].class,
                    () -> several(
                            Log[]::new,
                            () -> Progress.lines(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8)))),
            entry(Block[].class, () -> several(Block[]::new, Tanh::new)),
            entry(StreamLoader.class, () -> DataStream.of(List.of(1, 2, 3)).batch(2)),
            entry(CsvRow.class, HostileArguments::row),
            entry(Csv.class, () -> Csv.of("a,b\n1,x\n", new CsvOptions())),
            entry(
                    Duration.class,
                    () -> any(List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofMillis(2), Duration.ofDays(-1)))),
            entry(Collective.class, Collective::alone),
            entry(InetSocketAddress.class, () -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            entry(
                    ConnectOptions.class,
                    () -> new ConnectOptions(2, "a secret of sixteen").timeout(Duration.ofMillis(1))),
            entry(Supplier.class, () -> (Supplier<Tensor>) this::tensor),
            entry(Function.class, () -> (Function<Tensor[], Tensor>) all -> all.length == 0 ? Tensor.of(1, 2) : all[0]),
            entry(RandomGenerator.class, () -> random),
            entry(
                    Object.class,
                    () -> any(List.of(
                            "text",
                            5,
                            numbers(),
                            new double[][] {{1}, {}},
                            new Double[] {1.0},
                            new long[1],
                            new Object[] {new double[1]}))),
            entry(
                    Class.class,
                    () -> any(List.of(
                            double[].class,
                            double[][].class,
                            int[][].class,
                            String.class,
                            int.class,
                            Object[].class))));
    private boolean huge;

    /** An optimizer of a user, by which the settings of optimizers are tested. */
    private static final class Probe extends Optimizer {
        final Setting first = notNegative("first", 1);
        final Setting second = decayRate("second", 0.5);

        Probe() {
            super(List.of(Tensor.of(1, 2).requiresGrad(true)), 0.1);
        }

        @Override
        protected Update update(ParameterGroup group, int t) {
            return new Update((operands, from, to) -> {});
        }
    }

    Tensor tensor() {
        return any(TENSORS);
    }

    /** Draws from here on arguments that depend only on the signature, since JVMs list methods in different orders. */
    void restart(String signature) {
        random.load(new Generator(signature.hashCode()).state());
    }

    /** A number from 0 to one less than {@code count}. */
    int choice(int count) {
        return random.nextInt(count);
    }

    /** Draws an argument for each type; integers may be huge if {@code withHuge}. */
    Object[] of(boolean withHuge, Class<?>... types) {
        huge = withHuge;
        return Arrays.stream(types).map(this::of).toArray();
    }

    private Object of(Class<?> type) {
        if (type.isEnum()) {
            return any(List.of(type.getEnumConstants()));
        }
        Supplier<Object> known = byType.get(type);
        return known == null ? made(type) : known.get();
    }

    /**
     * Makes an object of a type that the table lacks, by a constructor or static method and the type's settings, with drawn arguments that
     * they accept.
     */
    private Object made(Class<?> type) {
        if (type.isInterface()) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this::answer);
        }
        List<Executable> makers = makers(type);
        for (int k = 0; k < TRIES && !makers.isEmpty(); k++) {
            Executable maker = makers.get(k % makers.size());
            try {
                Object object = call(maker, null);
                for (Method setting : settings(type)) {
                    object = random.nextInt(3) == 0 ? call(setting, object) : object;
                }
                return object;
            } catch (InvocationTargetException refused) {
                // The exception is ignored, since the next arguments may be accepted.
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(maker.toString(), e);
            }
        }
        throw new AssertionError("no arguments make a " + type + ": add one to HostileArguments");
    }

    private static List<Executable> makers(Class<?> type) {
        Stream<Executable> constructors =
                Modifier.isAbstract(type.getModifiers()) ? Stream.of() : Arrays.stream(type.getConstructors());
        return Stream.concat(
                        constructors,
                        Arrays.stream(type.getMethods())
                                .filter(method ->
                                        Modifier.isStatic(method.getModifiers()) && method.getReturnType() == type))
                .filter(maker -> !Arrays.asList(maker.getParameterTypes()).contains(type))
                .sorted(Comparator.comparing(PublicApi::signature))
                .toList();
    }

    private static List<Method> settings(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(PublicApi::isOurs)
                .filter(method -> !Modifier.isStatic(method.getModifiers())
                        && !method.isBridge()
                        && method.getReturnType() == type
                        && method.getParameterCount() > 0
                        && !Arrays.asList(method.getParameterTypes()).contains(type))
                .sorted(Comparator.comparing(PublicApi::signature))
                .toList();
    }

    private Object call(Executable executable, @Nullable Object receiver) throws ReflectiveOperationException {
        Object[] arguments = of(false, executable.getParameterTypes());
        return executable instanceof Constructor<?> constructor
                ? constructor.newInstance(arguments)
                : ((Method) executable).invoke(receiver, arguments);
    }

    /** Answers a method call on an object that implements an interface, by a drawn object of the result's type. */
    private @Nullable Object answer(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments == null ? new Object[0] : arguments);
        }
        return switch (method.getName()) {
            case "equals" -> proxy == Objects.requireNonNull(arguments)[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> method.getDeclaringClass().getSimpleName();
            default -> method.getReturnType() == void.class ? null : of(method.getReturnType());
        };
    }

    static CsvRow row() {
        try {
            return Csv.rows(Files.writeString(Files.createTempFile("rows", ".csv"), "a,b\n1,x\n"))
                    .iterator()
                    .next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int integer() {
        return huge && random.nextInt(5) == 0 ? any(HUGE) : any(SMALL);
    }

    private int[] integers() {
        return random.ints(count()).map(k -> integer()).toArray();
    }

    private double[] numbers() {
        return random.doubles(count()).map(k -> any(NUMBERS)).toArray();
    }

    private Index index() {
        return any(List.<Supplier<Index>>of(
                        Index::all,
                        Index::ellipsis,
                        Index::newAxis,
                        () -> Index.at(integer()),
                        () -> Index.range(integer(), integer()),
                        () -> Index.every(-2),
                        () -> Index.of(integers()),
                        () -> Index.mask(Tensor.of(1, 0, 1).gt(0))))
                .get();
    }

    private Window window() {
        return any(List.of(
                Window.kernel(1),
                Window.kernel(1, 2, 3),
                Window.kernel(3).padding(7),
                Window.kernel(1).padding(1 << 30),
                Window.kernel(2, 1 << 30).ceilMode(),
                Window.kernel(1 << 30).ceilMode(),
                Window.kernel(1 << 20).dilation(1 << 20)));
    }

    private ConvOptions convolution() {
        return any(List.of(
                new ConvOptions(),
                new ConvOptions().stride(1, 2),
                new ConvOptions().padding(1 << 30),
                new ConvOptions().groups(1 << 30),
                new ConvOptions().dilation(1 << 30).padding(1 << 30),
                new ConvOptions().outputPadding(3)));
    }

    private int count() {
        return random.nextInt(5);
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private <T> T[] several(IntFunction<T[]> array, Supplier<T> each) {
        return Stream.generate(each).limit(count()).toArray(array);
    }
}
