package io.adjoint.testkit.catalogue;

import static io.adjoint.testkit.catalogue.Entry.entry;
import static java.util.Map.entry;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Edge;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.BCE;
import io.adjoint.nn.BCEWithLogits;
import io.adjoint.nn.CrossEntropy;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Huber;
import io.adjoint.nn.KLDiv;
import io.adjoint.nn.L1;
import io.adjoint.nn.Loss;
import io.adjoint.nn.MSE;
import io.adjoint.nn.NLL;
import io.adjoint.nn.Reduction;
import io.adjoint.nn.SmoothL1;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Losses and the functions that layers compute. */
final class LossFamily implements Family {
    private static final String ALIKE = "(a?,b?,c?),(a?,b?,c?)";
    private static final double[] WEIGHTS = {1, 0.5, 2};

    /** A loss by its reduction. */
    private interface Reduced {
        Loss by(Reduction reduction);
    }

    @Override
    public String title() {
        return "Losses and layers";
    }

    @Override
    public List<Entry> entries() {
        return Stream.of(ofDifferences(), ofProbabilities(), ofClasses(), LayerFunctions.entries())
                .flatMap(List::stream)
                .toList();
    }

    // ---- losses of each element ----

    /** Choices, each a number from 0 on. */
    private static Arbitrary<int[]> choices(int... counts) {
        IntFunction<Arbitrary<Integer>> choice = k -> Arbitraries.integers().between(0, counts[k] - 1);
        return Combinators.combine(
                        IntStream.range(0, counts.length).mapToObj(choice).toList())
                .as(all -> all.stream().mapToInt(number -> number).toArray());
    }

    private static Reduction reduction(int... choice) {
        return choice[0] == 0 ? Reduction.NONE : choice[0] == 1 ? Reduction.SUM : Reduction.MEAN;
    }

    /** A loss of each pair of elements, reduced in each way. */
    private static Entry elementwise(String name, Reduced loss, DoubleBinaryOperator expected, Values... values) {
        return elementwise(name, loss, loss.by(Reduction.MEAN), expected, values);
    }

    /** The same, whose wrong calls are those of another loss. */
    private static Entry elementwise(
            String name, Reduced loss, Loss rejecting, DoubleBinaryOperator expected, Values... values) {
        Reference each = Reference.each(expected);
        return alike(
                Operation.of(name, (t, choice) -> loss.by(reduction(choice)).forward(t[0], t[1]))
                        .shapes(ALIKE)
                        .arguments(shapes -> choices(3))
                        .within(values)
                        .reference((inputs, choice) -> reduced(choice[0], each.of(inputs, choice)))
                        .order(2),
                rejecting);
    }

    private static NdArray reduced(int choice, NdArray losses) {
        double[] elements = losses.toDoubleArray();
        double sum = Arrays.stream(elements).sum();
        return choice == 0 ? losses : NdArray.scalar(DType.FLOAT64, choice == 1 ? sum : sum / elements.length);
    }

    /** With what is rejected of all losses that compare element by element. */
    private static Entry alike(Operation operation, Loss loss, String... covers) {
        String name = loss.getClass().getSimpleName();
        return entry(operation, covers)
                .rejects(
                        "unequal shapes",
                        x -> loss.forward(x, x.slice(1, 0, 2)),
                        name,
                        "[2, 3]",
                        "[2, 2]",
                        "reshape",
                        "broadcastTo")
                .rejects(
                        "unequal types",
                        x -> loss.forward(x, x.detach().to(DType.FLOAT32)),
                        name,
                        "FLOAT64",
                        "FLOAT32",
                        "to(FLOAT32)")
                .rejects(
                        "INT32 elements",
                        x -> loss.forward(x.to(DType.INT32), x.to(DType.INT32)),
                        name,
                        "INT32",
                        "to(FLOAT64)");
    }

    private static double huber(double d, double delta) {
        return Math.abs(d) < delta ? 0.5 * d * d : delta * (Math.abs(d) - 0.5 * delta);
    }

    private static List<Entry> ofDifferences() {
        // Their differences stay away from ±1, the joints.
        Values[] awayFromJoints = {Values.between(-3, 3).awayFrom(-1, 1).gap(0.3), Values.between(-0.2, 0.2)};
        return List.of(
                elementwise("mseLoss", r -> new MSE().reduction(r), (p, t) -> (p - t) * (p - t), Values.between(-2, 2))
                        .formula("(x − t)²; sum, or mean over all elements")
                        .derivative("2·g·(x − t)")
                        .kinks("none"),
                elementwise(
                                "mseLoss halved",
                                r -> new MSE().halved().reduction(r),
                                (p, t) -> (p - t) * (p - t) / 2,
                                Values.between(-2, 2))
                        .formula("(x − t)²/2; sum, or mean over all elements")
                        .derivative("g·(x − t)")
                        .kinks("none"),
                elementwise(
                                "l1Loss",
                                r -> new L1().reduction(r),
                                (p, t) -> Math.abs(p - t),
                                Values.between(-20, 20).distinct())
                        .formula("|x − t|; sum, or mean over all elements")
                        .derivative("g·sign(x − t)")
                        .kinks("0 where x = t"),
                elementwise("huberLoss", r -> new Huber().reduction(r), (p, t) -> huber(p - t, 1), awayFromJoints)
                        .formula("d²/2 of d = x − t up to δ, δ·(|d| − δ/2) beyond; sum, or mean over all elements")
                        .derivative("g·clamp(d, −δ, δ)")
                        .kinks("second derivative 0 where |d| = δ")
                        .rejects(
                                "a delta that is not positive",
                                x -> new Huber(0).forward(x, x),
                                "Huber",
                                "delta",
                                "0.0"),
                elementwise(
                                "huberLoss of another delta",
                                r -> (p, t) -> new Huber(0.5).reduction(r).forward(p.div(2), t.div(2)),
                                new Huber(0.5),
                                (p, t) -> huber((p - t) / 2, 0.5),
                                awayFromJoints)
                        .formula("huberLoss of halved differences, δ = ½")
                        .derivative("g·clamp(d, −δ, δ)")
                        .kinks("second derivative 0 where |d| = δ"),
                elementwise("smoothL1Loss", r -> new SmoothL1().reduction(r), (p, t) -> huber(p - t, 1), awayFromJoints)
                        .formula("d²/(2β) of d = x − t up to β, |d| − β/2 beyond; sum, or mean over all elements")
                        .derivative("g·clamp(d/β, −1, 1)")
                        .kinks("second derivative 0 where |d| = β; β = 0 is l1Loss")
                        .rejects("a negative beta", x -> new SmoothL1(-1).forward(x, x), "SmoothL1", "beta", "-1.0"),
                elementwise(
                                "smoothL1Loss of another beta",
                                r -> (p, t) -> new SmoothL1(2).reduction(r).forward(p.mul(2), t.mul(2)),
                                new SmoothL1(2),
                                (p, t) -> huber((p - t) * 2, 2) / 2,
                                awayFromJoints)
                        .formula("smoothL1Loss of doubled differences, β = 2")
                        .derivative("g·clamp(d/β, −1, 1)")
                        .kinks("second derivative 0 where |d| = β"));
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static List<Entry> ofProbabilities() {
        Values probability = Values.between(0.02, 0.98);
        return List.of(
                elementwise(
                                "bceLoss",
                                r -> new BCE().reduction(r),
                                (p, t) -> -t * Math.log(p) - (1 - t) * Math.log1p(-p),
                                probability)
                        .formula(
                                "−(t·log x + (1 − t)·log(1 − x)), logarithms at least −100; sum, or mean over all elements")
                        .derivative("g·(x − t)/max(x·(1 − x), 1e-12)")
                        .kinks("−1e12 at x = 0, t = 1, where the loss is 100")
                        .rejects(
                                "no probabilities",
                                x -> new BCE().forward(x, x),
                                "BCE",
                                "2.0",
                                "element 1",
                                "BCEWithLogits"),
                elementwise(
                                "bceWithLogitsLoss",
                                r -> new BCEWithLogits().reduction(r),
                                (x, t) -> t * softplus(-x) + (1 - t) * softplus(x),
                                Values.between(-30, 30),
                                Values.between(0, 1))
                        .formula("−(w·t·log σ(x) + (1 − t)·log(1 − σ(x))); sum, or mean over all elements")
                        .derivative("g·(σ(x) − t) for w = 1")
                        .kinks("none"),
                alike(
                                Operation.of(
                                                "bceWithLogitsLoss with weights",
                                                t -> new BCEWithLogits()
                                                        .positiveWeight(t[2])
                                                        .reduction(Reduction.NONE)
                                                        .forward(t[0], t[1]))
                                        .shapes("(b?,n),(b?,n),(n)->(b?,n)")
                                        .within(Values.between(-30, 30), Values.between(0, 1), Values.between(0.5, 3))
                                        .reference((in, none) -> Reference.build(in[0].shape(), at -> {
                                            double x = in[0].get(at);
                                            double t = in[1].get(at);
                                            return Reference.broadcast(in[2], at) * t * softplus(-x)
                                                    + (1 - t) * softplus(x);
                                        }))
                                        .order(2),
                                new BCEWithLogits())
                        .formula("−(w·t·log σ(x) + (1 − t)·log(1 − σ(x)))")
                        .derivative("g·((1 − t)·σ(x) − w·t·σ(−x))")
                        .kinks("none")
                        .rejects(
                                "weights that do not broadcast",
                                x -> new BCEWithLogits()
                                        .positiveWeight(Tensor.of(1, 2))
                                        .forward(x, x),
                                "BCEWithLogits",
                                "[2]",
                                "[2, 3]"),
                alike(
                                Operation.of(
                                                "klDiv",
                                                (t, choice) -> klDiv(choice[0]).forward(t[0], t[1]))
                                        .shapes(ALIKE)
                                        .arguments(shapes -> choices(4))
                                        .within(Values.between(-5, 0), Values.between(0.05, 1))
                                        .reference((in, choice) -> {
                                            NdArray losses = Reference.each(
                                                            (double x, double t) -> t * (Math.log(t) - x))
                                                    .of(in, choice);
                                            int samples = in[0].shape().rank() == 0
                                                    ? 1
                                                    : in[0].shape().dim(0);
                                            return choice[0] < 3
                                                    ? reduced(choice[0], losses)
                                                    : NdArray.scalar(
                                                            DType.FLOAT64,
                                                            Arrays.stream(losses.toDoubleArray())
                                                                            .sum()
                                                                    / samples);
                                        })
                                        .order(2),
                                new KLDiv())
                        .formula("t·(log t − x), 0 where t = 0; by default the sum over the number of samples")
                        .derivative("x: −g·t; t: g·(log t + 1 − x)")
                        .kinks("t: −∞ at 0")
                        .rejects(
                                "negative probabilities",
                                x -> new KLDiv().forward(x, x.neg()),
                                "KLDiv",
                                "-1.0",
                                "exp()"));
    }

    private static KLDiv klDiv(int choice) {
        return choice < 3 ? new KLDiv().reduction(reduction(choice)) : new KLDiv();
    }

    // ---- losses of classes ----

    /** Σ over classes of weight times the smoothed target times −log p, as plainly as it is defined. */
    private static NdArray classLoss(NdArray scores, boolean logits, NdArray target, double smoothing, int... choice) {
        Shape samples = target.shape();
        double[] used = {0};
        NdArray losses = Reference.build(samples, at -> {
            int wanted = (int) target.get(at);
            if (choice[2] == 1 && wanted == 1) {
                return 0;
            }
            double sum = 0;
            for (int c = 0; c < 3; c++) {
                sum += Math.exp(scores.get(withClass(c, at)));
            }
            double loss = 0;
            for (int c = 0; c < 3; c++) {
                double q = (c == wanted ? 1 - smoothing : 0) + smoothing / 3;
                double logP = scores.get(withClass(c, at)) - (logits ? Math.log(sum) : 0);
                loss -= weight(choice[1], c) * q * logP;
            }
            used[0] += weight(choice[1], wanted);
            return loss;
        });
        double sum = Arrays.stream(losses.toDoubleArray()).sum();
        return switch (choice[0]) {
            case 0 -> losses;
            case 1 -> NdArray.scalar(DType.FLOAT64, sum);
            default -> NdArray.scalar(DType.FLOAT64, sum / used[0]);
        };
    }

    private static double weight(int choice, int c) {
        return choice == 1 ? WEIGHTS[c] : 1;
    }

    private static int[] withClass(int c, int... sample) {
        int[] index = new int[sample.length + 1];
        index[0] = sample[0];
        index[1] = c;
        System.arraycopy(sample, 1, index, 2, sample.length - 1);
        return index;
    }

    /** Reduction, weights or not, and whether class 1 is left out: not for the mean, which is NaN if nothing is left. */
    private static Arbitrary<int[]> classChoices() {
        return choices(3, 2, 2).map(choice -> new int[] {choice[0], choice[1], choice[0] == 2 ? 0 : choice[2]});
    }

    private static CrossEntropy crossEntropy(double smoothing, int... choice) {
        CrossEntropy loss = new CrossEntropy().reduction(reduction(choice)).labelSmoothing(smoothing);
        CrossEntropy weighted = choice[1] == 1 ? loss.classWeights(WEIGHTS) : loss;
        return choice[2] == 1 ? weighted.ignoreIndex(1) : weighted;
    }

    private static NLL nll(int... choice) {
        NLL loss = new NLL().reduction(reduction(choice));
        NLL weighted = choice[1] == 1 ? loss.classWeights(WEIGHTS) : loss;
        return choice[2] == 1 ? weighted.ignoreIndex(1) : weighted;
    }

    private static Entry classes(
            String name, Loss loss, BiFunction<Tensor[], int[], Tensor> function, Reference expected) {
        String type = loss.getClass().getSimpleName();
        Tensor tooMany = Tensor.of(new int[] {0, 1, 2});
        return entry(Operation.of(name, function)
                        .shapes("(n,3,d?),(n,d?)")
                        .arguments(shapes -> classChoices())
                        .within(Values.between(-3, 3), Values.integers(0, 2))
                        .reference(expected)
                        .order(2))
                .rejects(
                        "a class too many",
                        x -> loss.forward(x, Tensor.of(new int[] {0, 3})),
                        type,
                        "target 3",
                        "0 to 2")
                .rejects("a target of another shape", x -> loss.forward(x, tooMany), type, "[2, 3]", "[2]", "[3]")
                .rejects(
                        "a target that is not INT32",
                        x -> loss.forward(x, Tensor.of(0, 1)),
                        type,
                        "INT32",
                        "FLOAT64",
                        "to(INT32)");
    }

    private static List<Entry> ofClasses() {
        return List.of(
                classes(
                                "crossEntropy",
                                new CrossEntropy(),
                                (t, choice) -> crossEntropy(0, choice).forward(t[0], t[1]),
                                (in, choice) -> classLoss(in[0], true, in[1], 0, choice))
                        .formula("−w·log softmax(x)[t]; sum, or mean by the weights of the classes that occur")
                        .derivative("g·w·(softmax(x) − [c = t])")
                        .kinks("none; NaN with gradient 0 if all are ignored"),
                classes(
                                "crossEntropy smoothed",
                                new CrossEntropy().labelSmoothing(0.25),
                                (t, choice) -> crossEntropy(0.25, choice).forward(t[0], t[1]),
                                (in, choice) -> classLoss(in[0], true, in[1], 0.25, choice))
                        .formula("−Σ w·q·log softmax(x) with q = (1 − ε)·[c = t] + ε/C")
                        .derivative("g·(softmax(x)·Σ w·q − w·q)")
                        .kinks("none"),
                alike(
                                Operation.of(
                                                "crossEntropy of probabilities",
                                                (t, choice) -> new CrossEntropy()
                                                        .reduction(reduction(choice))
                                                        .labelSmoothing(0.25)
                                                        .classWeights(WEIGHTS)
                                                        .forward(t[0], t[1]))
                                        .shapes("(n,3,d?),(n,3,d?)")
                                        .arguments(shapes -> choices(3))
                                        .within(Values.between(-3, 3), Values.between(0, 1))
                                        .reference((in, choice) -> reduced(choice[0], softLosses(in[0], in[1])))
                                        .order(2),
                                new CrossEntropy())
                        .formula("−Σ w·q·log softmax(x) with q = (1 − ε)·t + ε/C")
                        .derivative("x: g·(softmax(x)·Σ w·q − w·q); t: −g·(1 − ε)·w·log softmax(x)")
                        .kinks("none"),
                classes(
                                "nllLoss",
                                new NLL(),
                                (t, choice) -> nll(choice).forward(t[0], t[1]),
                                (in, choice) -> classLoss(in[0], false, in[1], 0, choice))
                        .formula("−w·x[t]; sum, or mean by the weights of the classes that occur")
                        .derivative("−g·w·[c = t]")
                        .kinks("none; NaN with gradient 0 if all are ignored"));
    }

    private static NdArray softLosses(NdArray x, NdArray target) {
        Shape samples = x.shape().reduce("reference", false, 1);
        return Reference.build(samples, at -> {
            double sum = 0;
            for (int c = 0; c < 3; c++) {
                sum += Math.exp(x.get(withClass(c, at)));
            }
            double loss = 0;
            for (int c = 0; c < 3; c++) {
                double q = WEIGHTS[c] * (0.75 * target.get(withClass(c, at)) + 0.25 / 3);
                loss -= q * (x.get(withClass(c, at)) - Math.log(sum));
            }
            return loss;
        });
    }

    // ---- golden values ----

    private static Reduction reduction(Arguments arguments) {
        return arguments.has("reduction")
                ? Reduction.valueOf(arguments.text("reduction").toUpperCase(Locale.ROOT))
                : Reduction.MEAN;
    }

    private static Tensor target(Tensor[] inputs, Arguments arguments) {
        return inputs.length > 1 ? inputs[1] : arguments.tensor("target");
    }

    private static double number(Arguments arguments, String name, double otherwise) {
        return arguments.has(name) ? arguments.number(name) : otherwise;
    }

    private static double[] weights(Arguments arguments) {
        return arguments.tensor("weight").data().toDoubleArray();
    }

    private static Tensor crossEntropy(Tensor[] inputs, Arguments arguments) {
        CrossEntropy loss = new CrossEntropy()
                .reduction(reduction(arguments))
                .labelSmoothing(number(arguments, "labelSmoothing", 0))
                .ignoreIndex((int) number(arguments, "ignoreIndex", -100));
        return (arguments.has("weight") ? loss.classWeights(weights(arguments)) : loss)
                .forward(inputs[0], inputs.length > 1 ? inputs[1] : arguments.indices("target"));
    }

    private static Tensor nll(Tensor[] inputs, Arguments arguments) {
        NLL loss = new NLL().reduction(reduction(arguments)).ignoreIndex((int) number(arguments, "ignoreIndex", -100));
        return (arguments.has("weight") ? loss.classWeights(weights(arguments)) : loss)
                .forward(inputs[0], arguments.indices("target"));
    }

    private static Tensor bceWithLogits(Tensor[] inputs, Arguments arguments) {
        BCEWithLogits loss = new BCEWithLogits().reduction(reduction(arguments));
        return (arguments.has("posWeight") ? loss.positiveWeight(arguments.tensor("posWeight")) : loss)
                .forward(inputs[0], target(inputs, arguments));
    }

    private static Tensor klDiv(Tensor[] inputs, Arguments arguments) {
        KLDiv loss = arguments.text("reduction").equals("batchmean")
                ? new KLDiv()
                : new KLDiv().reduction(reduction(arguments));
        return loss.forward(inputs[0], target(inputs, arguments));
    }

    /** The n-th derivative of the sine. */
    private static Tensor sine(Tensor x, int n) {
        NdArray value = x.data().map(v -> (n % 4 < 2 ? 1 : -1) * (n % 2 == 0 ? Math.sin(v) : Math.cos(v)));
        return Autograd.op("sine", value, Edge.edge(x, g -> g.mul(sine(x, n + 1))));
    }

    private static Tensor graph(Tensor[] inputs, Arguments arguments) {
        Tensor x = inputs[0];
        String expression = arguments.text("expr");
        return switch (expression.replaceFirst("^\\d+x", "x")) {
            case "sin(sin(x)+sin(x))" -> sine(sine(x, 0).add(sine(x, 0)), 0);
            case "x^2+y*x+y^2" -> x.square().add(inputs[1].mul(x)).add(inputs[1].square());
            case "y=x^2; y+y^3" -> x.square().add(x.square().pow(3));
            case "x: t -> 0.5 t + 0.5 sin t" -> {
                Tensor t = x;
                for (int k = Integer.parseInt(expression.substring(0, expression.indexOf('x'))); k > 0; k--) {
                    t = t.mul(0.5).add(sine(t, 0).mul(0.5));
                }
                yield t;
            }
            default -> throw new IllegalArgumentException("graph: no such expression, " + expression);
        };
    }

    @Override
    public Map<String, Golden> golden() {
        Map<String, Golden> losses = Map.ofEntries(
                entry("mseLoss", (t, a) -> new MSE().reduction(reduction(a)).forward(t[0], target(t, a))),
                entry("l1Loss", (t, a) -> new L1().reduction(reduction(a)).forward(t[0], target(t, a))),
                entry(
                        "huberLoss",
                        (t, a) -> new Huber(number(a, "delta", 1))
                                .reduction(reduction(a))
                                .forward(t[0], target(t, a))),
                entry(
                        "smoothL1Loss",
                        (t, a) -> new SmoothL1(number(a, "beta", 1))
                                .reduction(reduction(a))
                                .forward(t[0], target(t, a))),
                entry("bceLoss", (t, a) -> new BCE().reduction(reduction(a)).forward(t[0], target(t, a))),
                entry("bceWithLogitsLoss", LossFamily::bceWithLogits),
                entry("crossEntropy", LossFamily::crossEntropy),
                entry("nllLoss", LossFamily::nll),
                entry("klDiv", LossFamily::klDiv),
                entry("graph", LossFamily::graph));
        Map<String, Golden> all = new HashMap<>(losses);
        all.putAll(LayerFunctions.golden());
        return all;
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        Tensor labels = Tensor.of(1, 0, 1, 0);
        return Map.of(
                "bce logits",
                t -> new BCEWithLogits().reduction(Reduction.NONE).forward(t[0], labels),
                "bce prob",
                t -> new BCE().reduction(Reduction.NONE).forward(t[0], labels),
                "huber",
                t -> new Huber()
                        .reduction(Reduction.NONE)
                        .forward(t[0], t[0].detach().mul(0)),
                "smooth_l1",
                t -> new SmoothL1()
                        .reduction(Reduction.NONE)
                        .forward(t[0], t[0].detach().mul(0)),
                "l1",
                t -> new L1()
                        .reduction(Reduction.NONE)
                        .forward(t[0], t[0].detach().mul(0)),
                "kl_div",
                t -> new KLDiv().reduction(Reduction.NONE).forward(t[0], Tensor.of(0, 1)),
                "cosine_sim 0",
                t -> Functional.cosineSimilarity(t[0], t[1], 0));
    }
}
