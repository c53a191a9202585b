package io.adjoint.proof;

import static io.adjoint.autograd.Edge.edge;
import static java.util.Map.entry;

import io.adjoint.autograd.Edge;
import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Index;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.Crossing;
import io.adjoint.autograd.equations.OdeEvent;
import io.adjoint.autograd.equations.OdeOptions;
import io.adjoint.autograd.equations.OdeSolution;
import io.adjoint.autograd.equations.Odes;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.Correction;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.SlidingOptions;
import io.adjoint.core.Stateful;
import io.adjoint.core.Window;
import io.adjoint.core.loops.UpdateKernel;
import io.adjoint.nn.Block;
import io.adjoint.nn.BlockMap;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.TableSchema;
import io.adjoint.nn.data.Vocabulary;
import io.adjoint.nn.layer.AdaptiveAvgPool1d;
import io.adjoint.nn.layer.AdaptivePooling;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.MaxUnpool2d;
import io.adjoint.nn.layer.MaxUnpool3d;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.metric.AgreementScore;
import io.adjoint.nn.metric.Average;
import io.adjoint.nn.metric.ClassScore;
import io.adjoint.nn.metric.F1;
import io.adjoint.nn.metric.MatthewsCorrelation;
import io.adjoint.nn.metric.MeanAbsoluteError;
import io.adjoint.nn.metric.Metric;
import io.adjoint.nn.metric.RankingMetric;
import io.adjoint.nn.metric.RocAuc;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.ParameterGroup;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.optim.StateArray;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.train.CsvLog;
import io.adjoint.nn.train.Evaluator;
import io.adjoint.nn.train.History;
import io.adjoint.nn.train.Log;
import io.adjoint.nn.train.NumbersLog;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Progress;
import io.adjoint.nn.train.Trainer;
import io.adjoint.nn.train.TrainingRun;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

// Long because it is a table of calls.
/**
 * Makes a valid call of each method of the {@link PublicApi}, with arguments from the table or, for methods without an entry there, with
 * arguments chosen by their types.
 */
final class SampleCalls {
    /**
     * The arguments of a call. Its arrays and collections are new objects, and its lists can be changed.
     *
     * @param receiver the object on which an instance method is called; null for a static method or a constructor
     */
    record Call(@Nullable Object receiver, List<Object> arguments) {
        @Nullable
        Object run(Executable executable) throws ReflectiveOperationException {
            executable.setAccessible(true);
            try {
                return executable instanceof Constructor<?> constructor
                        ? constructor.newInstance(arguments.toArray())
                        : ((Method) executable).invoke(receiver, arguments.toArray());
            } catch (InvocationTargetException e) {
                throw new AssertionError(
                        PublicApi.signature(executable) + arguments + " fails; give it other arguments in SampleCalls",
                        e.getCause());
            }
        }
    }

    private static final Map<String, Function<Tensor, Call>> TABLE = Map.ofEntries(
            entry(
                    "new AdaptiveLogSoftmax(int,int,int[],RandomGenerator)",
                    x -> on(null, 3, 9, ints(3, 5), new SplittableRandom(1))),
            entry("Tensor.squeeze(int[])", x -> on(x.unsqueeze(1), ints(1))),
            entry("Tensor.all(int[])", x -> on(x.gt(1), ints(1))),
            entry("Tensor.all(Dims,int[])", x -> on(x.gt(1), Dims.KEEP, ints(1))),
            entry(
                    "MaxUnpool2d.forward(Tensor,Tensor,int[])",
                    x -> on(new MaxUnpool2d(2), image(x), image(x).gt(9).to(DType.INT32), ints(4, 6))),
            entry(
                    "MaxUnpool3d.forward(Tensor,Tensor,int[])",
                    x -> on(
                            new MaxUnpool3d(2),
                            image(x).unsqueeze(0),
                            image(x).unsqueeze(0).gt(9).to(DType.INT32),
                            ints(2, 4, 6))),
            entry("NdArray.get(int[])", x -> on(x.data(), ints(1, 1))),
            entry("NdArray.any(Dims,int[])", x -> on(x.data().gt(1), Dims.KEEP, ints(1))),
            entry(
                    "Autograd.op(String,NdArray,Edge[])",
                    x -> on(null, "own", x.data(), new Edge[] {edge(x, g -> g.mul(x))})),
            entry(
                    "Autograd.op(String,NdArray,List,Function)",
                    x -> on(null, "own", x.data(), list(x, x), (Function<Tensor, List<Tensor>>)
                            g -> List.of(g.mul(x), g.mul(2)))),
            entry(
                    "Autograd.ops(String,List,List,Function)",
                    x -> on(null, "own", list(x.data(), x.data()), list(x), (Function<List<Tensor>, List<Tensor>>)
                            gs -> List.of(gs.get(0).mul(x).add(gs.get(1))))),
            entry(
                    "Autograd.op(String,NdArray,List,BiFunction)",
                    x -> on(null, "own", x.data(), list(x, x), (BiFunction<Tensor, Tensor, List<Tensor>>)
                            (g, y) -> List.of(g.mul(y), g.mul(2)))),
            entry(
                    "Autograd.ops(String,List,List,BiFunction)",
                    x -> on(null, "own", list(x.data(), x.data()), list(x), (BiFunction<
                                    List<Tensor>, List<Tensor>, List<Tensor>>)
                            (gs, ys) -> List.of(gs.get(0).mul(ys.get(1)).add(gs.get(1))))),
            entry("Autograd.grad(Tensor,Tensor[])", x -> on(null, cubes(x), new Tensor[] {x})),
            entry(
                    "Autograd.grad(Tensor,GraphMode,Tensor[])",
                    x -> on(null, cubes(x), GraphMode.CREATE, new Tensor[] {x})),
            entry(
                    "Autograd.gradients(List,List,List,GraphMode)",
                    x -> on(null, list(cubes(x)), list(Tensor.scalar(2)), list(x), GraphMode.CREATE)),
            entry(
                    "GradCheck.check(int,Function,Tensor[])",
                    x -> on(null, 2, (Function<Tensor[], Tensor>) all -> all[0].sin(), new Tensor[] {x})),
            entry(
                    "GradCheck.report(Function,Tensor[])",
                    x -> on(
                            new GradCheck().random(new SplittableRandom(1)),
                            (Function<Tensor[], Tensor>) all -> all[0].sin(),
                            new Tensor[] {x})),
            entry(
                    "Autograd.fusedOp(String,NdArray,List,Function,Function)",
                    x -> fused(x, (Function<Tensor, List<Tensor>>) g -> List.of(g.mul(x.cos())))),
            entry(
                    "Autograd.fusedOp(String,NdArray,List,BiFunction,Function)",
                    x -> fused(x, (BiFunction<Tensor, Tensor, List<Tensor>>) (g, y) -> List.of(g.mul(x.cos())))),
            entry(
                    "Odes.solve(BiFunction,Object,double,double,OdeOptions,OdeEvent[])",
                    x -> on(null, growth(), x, 0.0, 1.0, new OdeOptions(), new OdeEvent<?>[] {half()})),
            entry(
                    "Odes.solve(BiFunction,Object,Tensor,Tensor,OdeOptions,OdeEvent[])",
                    x -> on(null, growth(), x, Tensor.scalar(0), Tensor.scalar(1), new OdeOptions(), new OdeEvent<?>[] {
                        half()
                    })),
            entry("Block.withParameters(Map)", x -> {
                Dense dense = new Dense(3, 3, new SplittableRandom(1));
                return on(dense, new LinkedHashMap<>(dense.namedParameters()));
            }),
            entry("Layer.withParameters(Map)", x -> {
                Dense dense = new Dense(3, 3, new SplittableRandom(1));
                return on(dense, new LinkedHashMap<>(dense.namedParameters()));
            }),
            entry(
                    "Evaluator.evaluate(Iterable,Metric[])",
                    x -> on(
                            Evaluator.<Tensor>of(new Tanh(), SampleCalls::outcome),
                            new ArrayList<>(List.of(x)),
                            new Metric[] {new MeanAbsoluteError()})),
            entry("Optimizer.add(List)", x -> on(sgdOfAnother(), list(x))),
            entry(
                    "TableSchema.categories(Dataset,String[])",
                    x -> on(new TableSchema(), Dataset.of(1, k -> HostileArguments.row()), new String[] {"a", "b"})),
            entry(
                    "TableSchema.tensor(Map)",
                    x -> on(new TableSchema().numbers("a"), new LinkedHashMap<>(Map.of("a", 1)))),
            entry("Clip.norm(List,double)", x -> on(null, list(withGradient(x)), 2.0)),
            entry("Clip.norm(List,double,double)", x -> on(null, list(withGradient(x)), 2.0, 2.0)),
            entry("Clip.finiteNorm(List,double,double)", x -> on(null, list(withGradient(x)), 2.0, 2.0)),
            entry("Clip.value(List,double)", x -> on(null, list(withGradient(x)), 2.0)),
            entry(
                    "Collective.threads(int,Function)",
                    x -> on(null, 2, (Function<Collective, Integer>) Collective::rank)),
            entry(
                    "Collective.threads(int,Duration,Function)",
                    x -> on(null, 2, Duration.ofSeconds(30), (Function<Collective, Integer>) Collective::rank)));

    /** Objects of a type, the usual one first; types that aren't in the table are drawn by {@link HostileArguments}. */
    private static final Map<Class<?>, List<Function<Tensor, Object>>> SAMPLES = Map.ofEntries(
            entry(int.class, List.of(x -> 1, x -> 0, x -> 2, x -> 100)),
            entry(double.class, List.of(x -> 2.0, x -> 0.5)),
            entry(boolean.class, List.of(x -> true, x -> false)),
            entry(String.class, List.of(x -> "own", x -> "b", x -> "1, ::2", x -> "ij,ij->i")),
            entry(
                    int[].class,
                    List.of(
                            x -> ints(1),
                            x -> ints(1, 1),
                            x -> ints(3, 2),
                            x -> ints(1, 0),
                            x -> ints(2),
                            x -> ints(3),
                            x -> ints(2, 3),
                            x -> ints(1, 2),
                            x -> ints(1, 2, 0),
                            x -> ints(4, 2, 3))),
            entry(long[].class, List.of(x -> new long[] {1})),
            entry(double[].class, List.of(x -> new double[] {2}, x -> new double[] {1, 2, 3})),
            entry(float[].class, List.of(x -> new float[] {2})),
            entry(int[][].class, List.of(x -> new int[][] {{2}})),
            entry(float[][].class, List.of(x -> new float[][] {{2}})),
            entry(double[][].class, List.of(x -> new double[][] {{2}})),
            entry(boolean[].class, List.of(x -> new boolean[] {true})),
            entry(boolean[][].class, List.of(x -> new boolean[][] {{true}})),
            entry(String[].class, List.of(x -> new String[] {"own"}, x -> new String[] {"a", "b"}, x ->
                    new String[] {"a"})),
            entry(
                    Tensor.class,
                    List.of(
                            x -> x,
                            SampleCalls::image,
                            Tensor::flatten,
                            x -> x.unsqueeze(1),
                            x -> x.unsqueeze(0),
                            x -> x.to(DType.BOOL),
                            x -> Tensor.zeros(DType.INT32, x.shape()),
                            x -> Tensor.zeros(DType.INT32, image(x).shape()),
                            x -> Tensor.of(ints(1)))),
            entry(
                    NdArray.class,
                    List.of(
                            Tensor::data,
                            x -> x.flatten().data(),
                            x -> x.to(DType.BOOL).data(),
                            x -> x.unsqueeze(1).data())),
            entry(Tensor[].class, List.of(x -> new Tensor[] {x, x}, x -> new Tensor[] {x.flatten(), x.flatten()}, x ->
                    new Tensor[] {x})),
            entry(NdArray[].class, List.of(x -> new NdArray[] {x.data(), x.data()})),
            entry(Index[].class, List.of(x -> new Index[] {Index.at(1)})),
            entry(Block[].class, List.of(x -> new Block[] {new Tanh(), new Tanh()})),
            entry(Layer[].class, List.of(x -> new Layer[] {new Tanh(), new Tanh()})),
            entry(Log[].class, List.of(x -> new Log[] {progress()})),
            entry(Metric[].class, List.of(x -> new Metric[] {new MeanAbsoluteError()})),
            entry(Stateful[].class, List.of(x -> new Stateful[0])),
            entry(Shape.class, List.of(Tensor::shape, x -> Shape.of(1))),
            entry(DType.class, List.of(x -> DType.FLOAT64)),
            entry(RandomGenerator.class, List.of(x -> new SplittableRandom(1))),
            entry(Correction.class, List.of(x -> Correction.BESSEL)),
            entry(Window.class, List.of(x -> Window.kernel(1))),
            entry(ConvOptions.class, List.of(x -> new ConvOptions(), x -> new ConvOptions().stride(2))),
            entry(SlidingOptions.class, List.of(x -> Window.kernel(1))),
            entry(Object.class, List.of(x -> x)),
            entry(StateArray.class, List.of(x -> StateArray.like("own"))),
            entry(UpdateKernel.class, List.of(x -> halving())),
            entry(Layer.class, List.of(x -> new Sequential(new Tanh(), new Sequential(new Tanh())))),
            entry(Block.class, List.of(x -> new Sequential(new Tanh(), new Sequential(new Tanh())))),
            entry(BlockMap.class, List.of(x -> new BlockMap<>().put("a", new Tanh()))),
            entry(Optimizer.class, List.of(x -> new SGD(List.of(x), 0.5))),
            entry(
                    ParameterGroup.class,
                    List.of(x -> new SGD(List.of(x), 0.5).groups().get(0))),
            entry(Trainer.class, List.of(SampleCalls::trainer)),
            entry(OdeSolution.class, List.of(x -> Odes.solve((t, y) -> y.mul(t), x, 0, 1, new OdeOptions(), half()))),
            entry(Stateful.class, List.of(x -> new Generator(1))),
            entry(AdaptivePooling.class, List.of(x -> new AdaptiveAvgPool1d(2))),
            entry(AgreementScore.class, List.of(x -> new MatthewsCorrelation())),
            entry(ClassScore.class, List.of(x -> new F1(Average.MACRO))),
            entry(RankingMetric.class, List.of(x -> new RocAuc())),
            entry(Vocabulary.class, List.of(x -> Vocabulary.of(List.of("own", "a")))),
            entry(History.class, List.of(x -> history())),
            entry(CsvLog.class, List.of(x -> csvLog())),
            entry(NumbersLog.class, List.of(x -> csvLog())),
            entry(Progress.class, List.of(x -> progress())),
            entry(Collective.class, List.of(x -> Collective.alone())));

    private static final int TRIES = 5_000;

    /** The number of the first call of a signature whose arguments fit. */
    private static final Map<String, Integer> FITTING = new ConcurrentHashMap<>();

    private SampleCalls() {}

    @SuppressWarnings("UnnecessaryLambda") // the object is an argument
    private static BinaryOperator<Tensor> growth() {
        return (t, y) -> y.mul(t);
    }

    private static OdeEvent<Tensor> half() {
        return OdeEvent.note("half", Crossing.ANY, (t, y) -> t.sub(0.5));
    }

    private static Tensor withGradient(Tensor x) {
        x.sum().backward();
        return x;
    }

    private static Optimizer sgdOfAnother() {
        return new SGD(List.of(Tensor.of(1, 2).requiresGrad(true)), 0.5);
    }

    private static History history() {
        History history = new History();
        history.add("own", 1);
        return history;
    }

    private static Progress progress() {
        return Progress.lines(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }

    /** A log that has been started, in a new folder. */
    private static CsvLog csvLog() {
        try {
            CsvLog log = new CsvLog(Files.createTempDirectory("log"));
            log.start(TrainingRun.of(new Tanh(), Map.of()));
            return log;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Outcome outcome(Tensor x) {
        return new Outcome(x.sum(), x, x.detach());
    }

    private static Trainer<Tensor> trainer(Tensor x) {
        return Trainer.of(new Tanh(), new SGD(List.of(x), 0.5), SampleCalls::outcome);
    }

    /** The tensor from which most arguments are made: a leaf, new for each call. */
    static Tensor leaf() {
        return Tensor.of(new double[][] {{0.5, 1, 1.5}, {2, 2.5, 3}}).requiresGrad(true);
    }

    /** A call that throws no exception. */
    static Call of(Executable executable, Tensor x) {
        return of(executable, x, (result, leaf) -> {});
    }

    /** A call whose result can be used; the use gets the result and the tensor from which the arguments were made. */
    static Call of(Executable executable, Tensor x, BiConsumer<@Nullable Object, Tensor> use) {
        Function<Tensor, Call> known = TABLE.get(PublicApi.signature(executable));
        return known != null
                ? known.apply(x)
                : draw(
                        executable,
                        x,
                        FITTING.computeIfAbsent(
                                PublicApi.signature(executable),
                                signature -> IntStream.range(0, TRIES)
                                        .filter(k -> fits(executable, k, use))
                                        .findFirst()
                                        .orElseThrow(() -> new AssertionError(signature
                                                + ": no drawn arguments fit; give it arguments in SampleCalls"))));
    }

    private static boolean fits(Executable executable, int k, BiConsumer<@Nullable Object, Tensor> use) {
        try {
            Tensor x = leaf();
            use.accept(draw(executable, x, k).run(executable), x);
            return true;
        } catch (ReflectiveOperationException | RuntimeException | AssertionError e) {
            return false;
        }
    }

    /** The {@code k}-th call: the usual arguments first, then random ones. */
    private static Call draw(Executable executable, Tensor x, int k) {
        HostileArguments others = new HostileArguments();
        others.restart(PublicApi.signature(executable) + k);
        Samples samples = new Samples(x, count -> k == 0 ? 0 : others.choice(count), others);
        Object receiver = executable instanceof Method && !Modifier.isStatic(executable.getModifiers())
                ? samples.of(executable.getDeclaringClass())
                : null;
        if (receiver instanceof Stateful saved
                && PublicApi.signature(executable).endsWith(".load(Map)")) {
            return on(receiver, new LinkedHashMap<>(saved.state()));
        }
        return new Call(
                receiver,
                Arrays.stream(executable.getParameters())
                        .map(parameter -> samples.of(
                                parameter.getParameterizedType() instanceof ParameterizedType generic
                                        ? generic
                                        : parameter.getType()))
                        .toList());
    }

    /** Makes objects of a type from a tensor. */
    private record Samples(Tensor x, IntUnaryOperator choice, HostileArguments others) {
        Object of(Type type) {
            if (type instanceof ParameterizedType generic) {
                return ofGeneric((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
            } else if (type instanceof WildcardType wildcard) {
                return of(wildcard.getUpperBounds()[0]);
            } else if (type instanceof TypeVariable<?> variable) {
                return of(variable.getBounds()[0]);
            }
            Class<?> known = (Class<?>) type;
            if (SAMPLES.containsKey(known)) {
                return any(SAMPLES.get(known)).apply(x);
            } else if (known.isEnum()) {
                return any(List.of(known.getEnumConstants()));
            } else if (known.isAssignableFrom(Tensor.class) || known.isAssignableFrom(NdArray.class)) {
                // a supertype with a family of operations
                return known.isInstance(x) ? x : x.data();
            }
            return others.of(false, known)[0];
        }

        private Object ofGeneric(Class<?> type, Type... of) {
            if (type == Map.class) {
                return new LinkedHashMap<>(Map.of(of(of[0]), of(of[1])));
            } else if (!type.isAssignableFrom(List.class)) {
                return of(type);
            }
            List<Object> elements = new ArrayList<>(List.of(of(of[0])));
            if (choice.applyAsInt(2) == 0) {
                elements.add(of(of[0]));
            }
            return elements;
        }

        private <T> T any(List<T> all) {
            return all.get(choice.applyAsInt(all.size()));
        }
    }

    private static Call fused(Tensor x, Object rule) {
        Function<List<Tensor>, Tensor> composition = inputs -> inputs.get(0).sin();
        return on(null, "own", x.data().sin(), list(x), rule, composition);
    }

    private static Call on(@Nullable Object receiver, Object... arguments) {
        return new Call(receiver, List.of(arguments));
    }

    private static int[] ints(int... numbers) {
        return numbers;
    }

    private static List<Tensor> list(Tensor... elements) {
        return new ArrayList<>(List.of(elements));
    }

    private static List<NdArray> list(NdArray... elements) {
        return new ArrayList<>(List.of(elements));
    }

    private static Tensor image(Tensor x) {
        return x.reshape(1, 1, 2, 3);
    }

    private static Tensor cubes(Tensor x) {
        return x.square().mul(x).sum();
    }

    private static UpdateKernel<double[]> halving() {
        return (all, from, to) -> {
            for (int k = from; k < to; k++) {
                all[0][k] /= 2;
            }
        };
    }
}
