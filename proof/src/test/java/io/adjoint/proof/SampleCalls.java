package io.adjoint.proof;

import static io.adjoint.autograd.Edge.edge;
import static java.util.Map.entry;

import io.adjoint.autograd.Edge;
import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.GridOrder;
import io.adjoint.autograd.Index;
import io.adjoint.autograd.Interpolation;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.Correction;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.PadMode;
import io.adjoint.core.Shape;
import io.adjoint.core.SlidingOptions;
import io.adjoint.core.Stateful;
import io.adjoint.core.UpdateKernel;
import io.adjoint.core.Window;
import io.adjoint.nn.Block;
import io.adjoint.nn.BlockMap;
import io.adjoint.nn.GridOptions;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.Csv;
import io.adjoint.nn.data.CsvOptions;
import io.adjoint.nn.data.CsvRow;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.DataStream;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.StreamLoader;
import io.adjoint.nn.data.TableSchema;
import io.adjoint.nn.data.Vocabulary;
import io.adjoint.nn.layer.AdaptiveAvgPool1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Fold;
import io.adjoint.nn.layer.MaxUnpool1d;
import io.adjoint.nn.layer.MaxUnpool2d;
import io.adjoint.nn.layer.MaxUnpool3d;
import io.adjoint.nn.layer.OneHot;
import io.adjoint.nn.layer.Pad;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.layer.Unflatten;
import io.adjoint.nn.layer.Upsample;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.FocalCrossEntropy;
import io.adjoint.nn.loss.MultiLabelSoftMargin;
import io.adjoint.nn.loss.MultiMargin;
import io.adjoint.nn.loss.NLL;
import io.adjoint.nn.metric.AgreementScore;
import io.adjoint.nn.metric.Average;
import io.adjoint.nn.metric.ClassReport;
import io.adjoint.nn.metric.ClassScore;
import io.adjoint.nn.metric.ConfusionMatrix;
import io.adjoint.nn.metric.F1;
import io.adjoint.nn.metric.MatthewsCorrelation;
import io.adjoint.nn.metric.MeanAbsoluteError;
import io.adjoint.nn.metric.Metric;
import io.adjoint.nn.metric.Metrics;
import io.adjoint.nn.metric.RankingMetric;
import io.adjoint.nn.metric.RocAuc;
import io.adjoint.nn.metric.TopKAccuracy;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.ParameterGroup;
import io.adjoint.nn.optim.Plateau;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.optim.StateArray;
import io.adjoint.nn.optim.Update;
import io.adjoint.nn.optim.WeightAverage;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.train.CsvLog;
import io.adjoint.nn.train.Doctor;
import io.adjoint.nn.train.Evaluator;
import io.adjoint.nn.train.History;
import io.adjoint.nn.train.Log;
import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Progress;
import io.adjoint.nn.train.Run;
import io.adjoint.nn.train.Trainer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
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
            // ---- tensors ----
            entry("Tensor.reshape(int[])", x -> on(x, ints(3, 2))),
            entry("Tensor.unflatten(int,int[])", x -> on(x, 1, ints(3, 1))),
            entry("Tensor.squeeze(int[])", x -> on(x.unsqueeze(1), ints(1))),
            entry("Tensor.permute(int[])", x -> on(x, ints(1, 0))),
            entry("Tensor.moveAxis(int[],int[])", x -> on(x, ints(0), ints(1))),
            entry("Tensor.split(int,int[])", x -> on(x, 1, ints(1, 2))),
            entry("Tensor.expand(int[])", x -> on(x, ints(4, 2, 3))),
            entry("Tensor.tile(int[])", x -> on(x, ints(2))),
            entry("Tensor.repeat(int[])", x -> on(x, ints(2, 1))),
            entry("Tensor.repeatInterleave(int,int[])", x -> on(x, 1, ints(1, 2, 0))),
            entry("Tensor.pad(int[])", x -> on(x, ints(1, 1))),
            entry("Tensor.pad(PadMode,int[])", x -> on(x, PadMode.REFLECT, ints(1, 1))),
            entry("Tensor.padConstant(double,int[])", x -> on(x, 2.0, ints(1, 1))),
            entry("Tensor.any(int[])", x -> on(x.gt(1), ints(1))),
            entry("Tensor.any(Dims,int[])", x -> on(x.gt(1), Dims.KEEP, ints(1))),
            entry("Tensor.all(int[])", x -> on(x.gt(1), ints(1))),
            entry("Tensor.all(Dims,int[])", x -> on(x.gt(1), Dims.KEEP, ints(1))),
            entry("Tensor.fold(Window,int[])", x -> on(x, Window.kernel(1), ints(3))),
            entry("Tensor.adaptiveMaxPool3d(int[])", x -> on(image(x), ints(1))),
            entry("Tensor.adaptiveAvgPool3d(int[])", x -> on(image(x), ints(1))),
            entry(
                    "Tensor.maxUnpool1d(Tensor,int[])",
                    x -> on(image(x), image(x.gt(9).to(DType.INT32)), ints(3))),
            entry(
                    "Tensor.maxUnpool2d(Tensor,int[])",
                    x -> on(image(x), image(x.gt(9).to(DType.INT32)), ints(3))),
            entry(
                    "Tensor.maxUnpool3d(Tensor,int[])",
                    x -> on(image(x), image(x.gt(9).to(DType.INT32)), ints(3))),
            entry(
                    "MaxUnpool1d.forward(Tensor,Tensor,int[])",
                    x -> on(new MaxUnpool1d(2), x, x.gt(9).to(DType.INT32), ints(6))),
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
            entry("AdaptivePooling.sizes()", x -> on(new AdaptiveAvgPool1d(2))),
            entry("Pad.lastAxesFirst()", x -> on(new Pad(1, 1))),
            entry("Fold.sizes()", x -> on(new Fold(Window.kernel(1), 3))),
            entry("new Fold(Window,int[])", x -> on(null, Window.kernel(1), ints(3))),
            entry("Unflatten.sizes()", x -> on(new Unflatten(1, 3, 1))),
            entry("Upsample.factors()", x -> on(Upsample.by(Interpolation.LINEAR, 2))),
            entry("Tensor.interpolate(Interpolation,int[])", x -> on(image(x), Interpolation.LINEAR, ints(3))),
            entry(
                    "Tensor.interpolateBy(Interpolation,double[])",
                    x -> on(image(x), Interpolation.LINEAR, new double[] {2})),
            entry("Tensor.get(Index[])", x -> on(x, (Object) new Index[] {Index.at(1)})),
            entry(
                    "Tensor.indexPut(Tensor,Index[])",
                    x -> on(x, x.select(0, 0), new Index[] {Index.of(1), Index.all()})),
            entry("Tensor.meshgrid(Tensor[])", x -> on(null, (Object) new Tensor[] {x.flatten(), x.flatten()})),
            entry(
                    "Tensor.meshgrid(GridOrder,Tensor[])",
                    x -> on(null, GridOrder.XY, new Tensor[] {x.flatten(), x.flatten()})),
            entry("Tensor.einsum(String,Tensor[])", x -> on(null, "ij,ij->i", new Tensor[] {x, x})),
            entry(
                    "Tensor.randint(int,int,RandomGenerator,int[])",
                    x -> on(null, 0, 100, new SplittableRandom(1), ints(2, 3))),
            // ---- arrays, shapes and settings ----
            entry("NdArray.of(Shape,double[])", x -> on(null, Shape.of(1), new double[] {2})),
            entry("NdArray.of(Shape,float[])", x -> on(null, Shape.of(1), new float[] {2})),
            entry("NdArray.of(Shape,int[])", x -> on(null, Shape.of(1), ints(2))),
            entry("NdArray.of(Shape,boolean[])", x -> on(null, Shape.of(1), new boolean[] {true})),
            entry("NdArray.get(int[])", x -> on(x.data(), ints(1, 1))),
            entry("NdArray.get(String)", x -> on(x.data(), "1, ::2")),
            entry("NdArray.expand(int[])", x -> on(x.data(), ints(4, 2, 3))),
            entry("NdArray.tile(int[])", x -> on(x.data(), ints(2))),
            entry("NdArray.repeat(int[])", x -> on(x.data(), ints(2, 1))),
            entry("NdArray.permute(int[])", x -> on(x.data(), ints(1, 0))),
            entry("NdArray.reshape(int[])", x -> on(x.data(), ints(3, 2))),
            entry("NdArray.squeeze(int[])", x -> on(x.data().unsqueeze(1), ints(1))),
            entry("NdArray.pad(int[],int[],double)", x -> on(x.data(), ints(1, 0), ints(0, 1), 2.0)),
            entry("ConvOptions.outputPadding(int[])", x -> on(new ConvOptions().stride(2), ints(1))),
            entry("Shape.reshaped(int[])", x -> on(x.shape(), ints(3, 2))),
            entry("Shape.reshaped(String,int[])", x -> on(x.shape(), "own", ints(3, 2))),
            entry(
                    "InPlace.update(NdArray,NdArray,UpdateKernel,NdArray[])",
                    x -> on(null, x.data().copy(), x.data(), halving(), new NdArray[] {
                        x.data().copy()
                    })),
            entry(
                    "InPlace.update(NdArray,NdArray,UpdateKernel,UpdateKernel,NdArray[])",
                    x -> on(
                            null,
                            x.data().copy(),
                            x.data(),
                            halving(),
                            (UpdateKernel<float[]>) (all, from, to) -> {},
                            new NdArray[] {x.data().copy()})),
            entry("NdArray.any(int[])", x -> on(x.data().gt(1), ints(1))),
            entry("NdArray.any(Dims,int[])", x -> on(x.data().gt(1), Dims.KEEP, ints(1))),
            entry("NdArray.all(int[])", x -> on(x.data().gt(1), ints(1))),
            entry("NdArray.all(Dims,int[])", x -> on(x.data().gt(1), Dims.KEEP, ints(1))),
            // ---- gradients ----
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
            entry("Autograd.grad(Tensor,Tensor)", x -> on(null, cubes(x), x)),
            entry("Autograd.grad(Tensor,GraphMode,Tensor)", x -> on(null, cubes(x), GraphMode.CREATE, x)),
            entry(
                    "Autograd.grad(Tensor,Tensor,GraphMode,Tensor)",
                    x -> on(null, cubes(x), Tensor.scalar(2), GraphMode.CREATE, x)),
            entry("Autograd.grad(Tensor,Tensor[])", x -> on(null, cubes(x), new Tensor[] {x})),
            entry(
                    "Autograd.grad(Tensor,GraphMode,Tensor[])",
                    x -> on(null, cubes(x), GraphMode.CREATE, new Tensor[] {x})),
            entry(
                    "Autograd.grad(Tensor,Tensor,GraphMode,Tensor[])",
                    x -> on(null, cubes(x), Tensor.scalar(2), GraphMode.CREATE, new Tensor[] {x})),
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
            // ---- nn ----
            entry("NLL.classWeights(double[])", x -> on(new NLL(), (Object) new double[] {1, 2, 3})),
            entry("CrossEntropy.classWeights(double[])", x -> on(new CrossEntropy(), (Object) new double[] {1, 2, 3})),
            entry(
                    "FocalCrossEntropy.classWeights(double[])",
                    x -> on(new FocalCrossEntropy(), (Object) new double[] {1, 2, 3})),
            entry("MultiMargin.classWeights(double[])", x -> on(new MultiMargin(), (Object) new double[] {1, 2, 3})),
            entry(
                    "MultiLabelSoftMargin.classWeights(double[])",
                    x -> on(new MultiLabelSoftMargin(), (Object) new double[] {1, 2, 3})),
            entry("Functional.affineGrid(Tensor,int[])", x -> on(null, x.unsqueeze(0), ints(2, 3))),
            entry(
                    "Functional.affineGrid(Tensor,GridOptions,int[])",
                    x -> on(null, x.unsqueeze(0), new GridOptions(), ints(2, 3))),
            entry("Penalty.elasticNet(List,double,double)", x -> on(null, list(x, x), 2.0, 0.5)),
            entry("Upsample.to(Interpolation,int[])", x -> on(null, Interpolation.LINEAR, ints(3))),
            entry("Upsample.by(Interpolation,double[])", x -> on(null, Interpolation.LINEAR, new double[] {2})),
            entry(
                    "Autograd.fusedOp(String,NdArray,List,Function,Function)",
                    x -> fused(x, (Function<Tensor, List<Tensor>>) g -> List.of(g.mul(x.cos())))),
            entry(
                    "Autograd.fusedOp(String,NdArray,List,BiFunction,Function)",
                    x -> fused(x, (BiFunction<Tensor, Tensor, List<Tensor>>) (g, y) -> List.of(g.mul(x.cos())))),
            entry("Block.withParameters(Map)", x -> {
                Dense dense = new Dense(3, 3, new SplittableRandom(1));
                return on(dense, new LinkedHashMap<>(dense.namedParameters()));
            }),
            entry("Layer.withParameters(Map)", x -> {
                Dense dense = new Dense(3, 3, new SplittableRandom(1));
                return on(dense, new LinkedHashMap<>(dense.namedParameters()));
            }),
            entry("Parameters.toVector(Collection)", x -> on(null, list(x, x.square()))),
            entry("Parameters.fromVector(Tensor,Map)", x -> on(null, x.flatten(), new LinkedHashMap<>(Map.of("a", x)))),
            entry(
                    "Parameters.assign(Collection,NdArray)",
                    x -> on(null, list(x), x.data().flatten())),
            entry("new BlockList(Block[])", x -> on(null, (Object) new Block[] {new Tanh(), new Tanh()})),
            entry("new ClassReport(String[])", x -> on(null, (Object) new String[] {"a", "b"})),
            entry("Metrics.of(Metric[])", x -> on(null, (Object) new Metric[] {new MeanAbsoluteError()})),
            entry("CsvRow.doubles(String[])", x -> on(row(), (Object) new String[] {"b"})),
            entry("CsvRow.floats(String[])", x -> on(row(), (Object) new String[] {"b"})),
            entry("CsvRow.ints(String[])", x -> on(row(), (Object) new String[] {"b"})),
            entry("new Pad(int[])", x -> on(null, ints(1, 1))),
            entry("new Pad(PadMode,int[])", x -> on(null, PadMode.REFLECT, ints(1, 1))),
            entry("new Sequential(Layer[])", x -> on(null, (Object) new Layer[] {new Tanh(), new Tanh()})),
            entry("Csv.select(String[])", x -> on(csv(), (Object) new String[] {"b"})),
            entry("Csv.select(int[])", x -> on(csv(), ints(1))),
            entry("Csv.drop(String[])", x -> on(csv(), (Object) new String[] {"b"})),
            entry("Csv.columns()", x -> on(csv())),
            entry("Csv.texts(String)", x -> on(csv(), "b")),
            entry("Vocabulary.of(Collection)", x -> on(null, new ArrayList<>(List.of("b", "a")))),
            entry("Vocabulary.sorted(Collection)", x -> on(null, new ArrayList<>(List.of("b", "a")))),
            entry(
                    "Vocabulary.count(Iterable,int,String[])",
                    x -> on(null, new ArrayList<>(List.of(List.of("b", "a"))), 1, new String[] {"c"})),
            entry("Vocabulary.tokens()", x -> on(Vocabulary.of(List.of("b", "a")))),
            entry("Vocabulary.encode(List)", x -> on(Vocabulary.of(List.of("b", "a")), new ArrayList<>(List.of("a")))),
            entry("Vocabulary.decode(Tensor)", x -> on(Vocabulary.of(List.of("b", "a")), Tensor.of(ints(1)))),
            entry("Block.load(Map)", x -> {
                Dense dense = new Dense(2, 3, new SplittableRandom(1));
                return on(dense, new LinkedHashMap<>(dense.state()));
            }),
            entry("Doctor.findings()", x -> on(Doctor.watch(new Tanh()))),
            entry("History.names()", x -> on(history())),
            entry("History.values(String)", x -> on(history(), "loss")),
            entry("History.mermaid(String[])", x -> on(history(), (Object) new String[] {"loss"})),
            entry("History.steps(String)", x -> on(history(), "loss")),
            entry(
                    "CsvLog.epoch(Moment,Map)",
                    x -> on(csvLog(), Moment.now(1, 1), new LinkedHashMap<>(Map.of("a", 1.0)))),
            entry(
                    "CsvLog.numbers(Moment,Map)",
                    x -> on(csvLog(), Moment.now(1, 1), new LinkedHashMap<>(Map.of("a", 1.0)))),
            entry(
                    "Progress.epoch(Moment,Map)",
                    x -> on(progress(), Moment.now(1, 1), new LinkedHashMap<>(Map.of("a", 1.0)))),
            entry(
                    "Progress.numbers(Moment,Map)",
                    x -> on(progress(), Moment.now(1, 1), new LinkedHashMap<>(Map.of("a", 1.0)))),
            entry(
                    "Evaluator.evaluate(Iterable,Metric[])",
                    x -> on(
                            Evaluator.<Tensor>of(new Tanh(), SampleCalls::outcome),
                            new ArrayList<>(List.of(x)),
                            new Metric[] {new MeanAbsoluteError()})),
            entry(
                    "Trainer.evaluate(Iterable,Metric[])",
                    x -> on(trainer(x), new ArrayList<>(List.of(x)), new Metric[] {new MeanAbsoluteError()})),
            entry("Trainer.log(Log[])", x -> on(trainer(x), (Object) new Log[] {progress()})),
            entry("Trainer.metrics(Metric[])", x -> on(trainer(x), (Object) new Metric[] {new MeanAbsoluteError()})),
            entry(
                    "Trainer.searchRate(Iterable,double,double,int,Stateful[])",
                    x -> on(trainer(x), new ArrayList<>(List.of(x)), 0.001, 0.01, 3, new Stateful[0])),
            entry("new Update(UpdateKernel,String[])", x -> on(null, halving(), new String[] {"own"})),
            entry(
                    "new Update(UpdateKernel,UpdateKernel,String[])",
                    x -> on(null, halving(), (UpdateKernel<float[]>) (all, from, to) -> {}, new String[] {"own"})),
            entry(
                    "new Update(UpdateKernel,UpdateKernel,List)",
                    x -> on(null, halving(), (UpdateKernel<float[]>) (all, from, to) -> {}, ownArrays())),
            entry(
                    "new Update(List,Formula)",
                    x -> on(null, ownArrays(), (Update.Formula) (parameter, gradient, arrays) -> () -> {})),
            entry("new BlockMap(Block[])", x -> on(null, (Object) new Block[0])),
            entry("Optimizer.add(List)", x -> on(sgdOfAnother(), list(x))),
            entry("TableSchema.numbers(String[])", x -> on(new TableSchema(), (Object) new String[] {"a", "b"})),
            entry(
                    "TableSchema.categories(Dataset,String[])",
                    x -> on(new TableSchema(), Dataset.of(1, k -> row()), new String[] {"a", "b"})),
            entry(
                    "TableSchema.tensor(Map)",
                    x -> on(new TableSchema().numbers("a"), new LinkedHashMap<>(Map.of("a", 1)))),
            entry("Clip.norm(List,double)", x -> on(null, list(withGradient(x)), 2.0)),
            entry("Clip.norm(List,double,double)", x -> on(null, list(withGradient(x)), 2.0, 2.0)),
            entry("Clip.finiteNorm(List,double,double)", x -> on(null, list(withGradient(x)), 2.0, 2.0)),
            entry("Clip.value(List,double)", x -> on(null, list(withGradient(x)), 2.0)),
            entry("Collective.gather(NdArray,int)", x -> on(Collective.alone(), x.data(), 0)),
            entry(
                    "Collective.threads(int,Function)",
                    x -> on(null, 2, (Function<Collective, Integer>) Collective::rank)),
            entry(
                    "Collective.threads(int,Duration,Function)",
                    x -> on(null, 2, Duration.ofSeconds(30), (Function<Collective, Integer>) Collective::rank)));

    /** Receivers of method calls, by their type or by the class that declares the method. */
    private static final Map<Class<?>, Function<Tensor, Object>> RECEIVERS = Map.ofEntries(
            entry(Tensor.class, x -> x),
            entry(NdArray.class, Tensor::data),
            entry(Layer.class, x -> new Sequential(new Tanh(), new Sequential(new Tanh()))),
            entry(Block.class, x -> new Sequential(new Tanh(), new Sequential(new Tanh()))),
            entry(BlockMap.class, x -> new BlockMap<>().put("a", new Tanh())),
            entry(Optimizer.class, x -> new SGD(List.of(x), 0.5)),
            entry(ParameterGroup.class, x -> new SGD(List.of(x), 0.5).groups().get(0)),
            entry(WeightAverage.class, x -> WeightAverage.ema(new Dense(2, 3, new SplittableRandom(1)), 0.5)),
            entry(Plateau.class, x -> new Plateau(0.5)),
            entry(Trainer.class, SampleCalls::trainer),
            entry(Generator.class, x -> new Generator(1)),
            entry(Stateful.class, x -> new Generator(1)),
            entry(DataLoader.class, x -> loader()),
            entry(StreamLoader.class, x -> DataStream.of(List.of(1, 2, 3)).batch(2)),
            entry(CsvRow.class, x -> row()),
            entry(OneHot.class, x -> new OneHot(2)),
            entry(AgreementScore.class, x -> new MatthewsCorrelation()),
            entry(ClassReport.class, x -> new ClassReport("a", "b")),
            entry(ClassScore.class, x -> new F1(Average.MACRO)),
            entry(ConfusionMatrix.class, x -> new ConfusionMatrix(2)),
            entry(Metrics.class, x -> Metrics.of(new MeanAbsoluteError())),
            entry(RankingMetric.class, x -> new RocAuc()),
            entry(TopKAccuracy.class, x -> new TopKAccuracy(2)),
            entry(Collective.class, x -> Collective.alone()));

    private SampleCalls() {}

    private static List<StateArray> ownArrays() {
        return new ArrayList<>(List.of(StateArray.like("own")));
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
        history.add("loss", 1);
        return history;
    }

    private static Progress progress() {
        return Progress.lines(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }

    /** A log that has been started, in a new folder. */
    private static CsvLog csvLog() {
        try {
            CsvLog log = new CsvLog(Files.createTempDirectory("log"));
            log.start(Run.of(new Tanh(), Map.of()));
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

    static Call of(Executable executable, Tensor x) {
        Function<Tensor, Call> known = TABLE.get(PublicApi.signature(executable));
        if (known != null) {
            return known.apply(x);
        }
        Object receiver = executable instanceof Method && !Modifier.isStatic(executable.getModifiers())
                ? receiver(executable.getDeclaringClass(), x, executable)
                : null;
        if (receiver instanceof Stateful saved
                && PublicApi.signature(executable).endsWith(".load(Map)")) {
            return on(receiver, new LinkedHashMap<>(saved.state()));
        }
        return new Call(
                receiver,
                Arrays.stream(executable.getGenericParameterTypes())
                        .map(type -> argument(type, x, executable))
                        .toList());
    }

    private static Object receiver(Class<?> type, Tensor x, Executable executable) {
        Function<Tensor, Object> known = RECEIVERS.get(type);
        if (known != null) {
            return known.apply(x);
        }
        // The receiver for a method declared in a supertype, such as an interface with a family of operations.
        if (type.isInstance(x)) {
            return x;
        } else if (type.isInstance(x.data())) {
            return x.data();
        }
        return constructed(type, x).orElseGet(() -> argument(type, x, executable));
    }

    /** An object made without arguments or, of an optimizer, from parameters and a learning rate. */
    private static Optional<Object> constructed(Class<?> type, Tensor x) {
        if (Modifier.isAbstract(type.getModifiers())) {
            return Optional.empty();
        }
        for (Constructor<?> constructor : type.getConstructors()) {
            List<Class<?>> parameters = List.of(constructor.getParameterTypes());
            try {
                if (parameters.isEmpty()) {
                    return Optional.of(constructor.newInstance());
                } else if (parameters.equals(List.of(List.class, double.class))) {
                    return Optional.of(constructor.newInstance(List.of(x), 0.5));
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return Optional.empty();
    }

    private static Object argument(Type type, Tensor x, Executable executable) {
        Map<Type, Object> byType = Map.ofEntries(
                entry(int.class, 1),
                entry(double.class, 2.0),
                entry(boolean.class, true),
                entry(String.class, "own"),
                entry(int[].class, ints(1)),
                entry(long[].class, new long[] {1}),
                entry(double[].class, new double[] {2}),
                entry(float[].class, new float[] {2}),
                entry(int[][].class, new int[][] {{2}}),
                entry(float[][].class, new float[][] {{2}}),
                entry(double[][].class, new double[][] {{2}}),
                entry(boolean[].class, new boolean[] {true}),
                entry(boolean[][].class, new boolean[][] {{true}}),
                entry(Tensor.class, x),
                entry(Tensor[].class, new Tensor[] {x, x}),
                entry(NdArray[].class, new NdArray[] {x.data(), x.data()}),
                entry(NdArray.class, x.data()),
                entry(Shape.class, x.shape()),
                entry(DType.class, DType.FLOAT64),
                entry(RandomGenerator.class, new SplittableRandom(1)),
                entry(Correction.class, Correction.BESSEL),
                entry(Window.class, Window.kernel(1)),
                entry(ConvOptions.class, new ConvOptions()),
                entry(SlidingOptions.class, Window.kernel(1)),
                entry(Object.class, x));
        Object found = byType.get(type);
        if (found != null) {
            return found;
        } else if (type instanceof Class<?> choice && choice.isEnum()) {
            return choice.getEnumConstants()[0];
        } else if (type.getTypeName().equals("java.util.List<" + Tensor.class.getName() + ">")) {
            return Optimizer.class.isAssignableFrom(executable.getDeclaringClass()) ? list(x) : list(x, x);
        } else if (type.getTypeName().equals("java.util.List<" + NdArray.class.getName() + ">")) {
            return list(x.data(), x.data());
        }
        if (type instanceof Class<?> choice && choice.isEnum()) {
            return choice.getEnumConstants()[0];
        }
        throw new AssertionError(
                PublicApi.signature(executable) + ": no " + type + " is known; give it arguments in SampleCalls");
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

    private static Csv csv() {
        return Csv.of("a,b\n1,2\n", new CsvOptions());
    }

    private static CsvRow row() {
        try {
            return Csv.rows(Files.writeString(Files.createTempFile("rows", ".csv"), "a,b\n1,2\n"))
                    .iterator()
                    .next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DataLoader<Batch> loader() {
        return new DataLoader<>(Dataset.of(Tensor.of(1, 2, 3), Tensor.of(1, 2, 3)), 2);
    }

    private static UpdateKernel<double[]> halving() {
        return (all, from, to) -> {
            for (int k = from; k < to; k++) {
                all[0][k] /= 2;
            }
        };
    }
}
