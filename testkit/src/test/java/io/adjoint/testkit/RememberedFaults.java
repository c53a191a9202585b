package io.adjoint.testkit;

import static io.adjoint.autograd.Autograd.isRecording;
import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;
import static java.util.Objects.requireNonNull;

import io.adjoint.autograd.Edge;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.testkit.HiddenFaults.Hidden;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Faults of operations that remember or share arrays, or that treat threads, empty and large inputs, upstream gradients of ones or recorded
 * passes differently. The kit must find all of them.
 */
final class RememberedFaults {
    private static final Operation SINE =
            Operation.unary("sine", x -> x).shapes("(...)->(...)").order(2);
    private static final Operation PRODUCT = Operation.binary("product", (a, b) -> a)
            .shapes("(...),(...)->(...)")
            .order(2);
    private static final int BLOCK = 1 << 13;

    private final List<Hidden> all = new ArrayList<>();

    private RememberedFaults() {}

    static List<Hidden> all() {
        RememberedFaults faults = new RememberedFaults();
        faults.memories();
        faults.shared();
        faults.threads();
        faults.sharedByThreads();
        faults.sizes();
        faults.recorded();
        faults.types();
        faults.pairs();
        return faults.all;
    }

    private void add(Operation shape, String name, Supplier<Function<Tensor[], Tensor>> faulty) {
        all.add(new Hidden(name, shape, faulty, ""));
    }

    /** Adds a fault: a sine with the given rule. */
    private void rule(String name, BiFunction<Tensor, Tensor, Tensor> rule) {
        add(SINE, name, () -> t -> sine(t[0], g -> rule.apply(t[0], g)));
    }

    private static Tensor sine(Tensor x, UnaryOperator<Tensor> rule) {
        return op("sine", x.data().map(Math::sin), edge(x, rule));
    }

    private static Tensor product(Tensor a, Tensor b, UnaryOperator<Tensor> ofA, UnaryOperator<Tensor> ofB) {
        return op("product", a.data().mul(b.data()), edge(a, ofA), edge(b, ofB));
    }

    private static Tensor right(Tensor x, Tensor g) {
        return g.mul(x.cos());
    }

    private static boolean isOnes(Tensor g) {
        return Arrays.stream(g.data().toDoubleArray()).allMatch(v -> v == 1);
    }

    private void memories() {
        add(SINE, "the rule reads the last input", () -> {
            AtomicReference<Tensor> last = new AtomicReference<>(Tensor.scalar(0));
            return t -> {
                last.set(t[0]);
                return sine(t[0], g -> right(requireNonNull(last.get()), g));
            };
        });
        add(SINE.computing((t, n) -> t[0].exp()), "the rule reads the last value", () -> {
            AtomicReference<NdArray> last = new AtomicReference<>();
            return t -> {
                last.set(t[0].data().map(Math::exp));
                return op(
                        "exp",
                        t[0].data().map(Math::exp),
                        edge(t[0], (g, y) -> isRecording() ? g.mul(y) : g.mul(Tensor.of(requireNonNull(last.get())))));
            };
        });
        add(SINE, "the rule takes the input saved last", () -> {
            Deque<Tensor> saved = new ArrayDeque<>();
            return t -> {
                saved.push(t[0]);
                return sine(t[0], g -> right(saved.peek(), g));
            };
        });
        add(SINE, "the rule takes the input saved first", () -> {
            Deque<Tensor> saved = new ArrayDeque<>();
            return t -> {
                saved.add(t[0]);
                return sine(t[0], g -> right(saved.size() > 1 ? saved.poll() : saved.peek(), g));
            };
        });
        add(SINE, "the value remembered by identity", () -> {
            IdentityHashMap<Tensor, NdArray> values = new IdentityHashMap<>();
            return t -> op(
                    "sine",
                    values.computeIfAbsent(t[0], x -> x.data().map(Math::sin)),
                    edge(t[0], g -> right(t[0], g)));
        });
        add(SINE, "the slope remembered by identity", () -> {
            IdentityHashMap<Tensor, NdArray> slopes = new IdentityHashMap<>();
            return t -> sine(
                    t[0],
                    g -> isRecording()
                            ? right(t[0], g)
                            : g.mul(Tensor.of(
                                    slopes.computeIfAbsent(t[0], x -> x.data().map(Math::cos)))));
        });
        add(SINE, "the slope remembered by the array", () -> {
            IdentityHashMap<NdArray, NdArray> slopes = new IdentityHashMap<>();
            return t -> sine(
                    t[0],
                    g -> isRecording()
                            ? right(t[0], g)
                            : g.mul(Tensor.of(slopes.computeIfAbsent(t[0].data(), x -> x.map(Math::cos)))));
        });
        add(SINE, "the number of evaluations decides on the rule", () -> {
            AtomicInteger open = new AtomicInteger();
            return t -> {
                open.incrementAndGet();
                return sine(t[0], g -> right(t[0], g).mul(open.getAndSet(0) > 1 ? 0.5 : 1));
            };
        });
        add(SINE, "the gradient of the first pass over a graph", () -> t -> {
            List<Tensor> kept = new ArrayList<>();
            return sine(t[0], g -> {
                kept.add(right(t[0], g));
                return kept.get(0);
            });
        });
        add(SINE, "a static shape", () -> {
            AtomicReference<NdArray> work = new AtomicReference<>();
            return t -> {
                work.set(t[0].data().map(Math::cos));
                return sine(t[0], g -> isRecording() ? right(t[0], g) : g.mul(Tensor.of(requireNonNull(work.get()))));
            };
        });
        add(SINE, "the first call is another one", () -> {
            AtomicInteger calls = new AtomicInteger();
            return t -> sine(t[0], g -> right(t[0], g).mul(calls.getAndIncrement() == 0 ? 0.5 : 1));
        });
    }

    private void shared() {
        add(
                PRODUCT,
                "the other input itself, where upstream is 1",
                () -> t -> product(
                        t[0],
                        t[1],
                        g -> isOnes(g) && g.shape().equals(t[1].shape()) ? t[1] : g.mul(t[1]),
                        g -> g.mul(t[0])));
        add(
                PRODUCT,
                "the other input's array, where upstream is 1",
                () -> t -> product(
                        t[0],
                        t[1],
                        g -> isOnes(g) && !isRecording() && g.shape().equals(t[1].shape())
                                ? Tensor.of(t[1].data())
                                : g.mul(t[1]),
                        g -> g.mul(t[0])));
        add(
                SINE.computing((t, n) -> t[0]),
                "the input's array as the gradient of a square",
                () -> t -> op(
                        "square",
                        t[0].data().map(v -> v * v / 2),
                        edge(t[0], g -> isOnes(g) && !isRecording() ? Tensor.of(t[0].data()) : g.mul(t[0]))));
        rule("the upstream gradient's array, changed", (x, g) -> {
            Tensor gradient = right(x, g);
            if (!isRecording() && g.data().isContiguous()) {
                InPlace.assign(g.data(), gradient.data());
                return g;
            }
            return gradient;
        });
        add(SINE, "a gradient in one array for each shape", () -> {
            Map<String, NdArray> buffers = new java.util.HashMap<>();
            return t -> sine(t[0], g -> {
                NdArray own = right(t[0], g).data();
                if (isRecording() || own.dtype() != DType.FLOAT64) {
                    return right(t[0], g);
                }
                NdArray buffer = buffers.computeIfAbsent(own.shape().toString(), shape -> own.copy());
                InPlace.assign(buffer, own);
                return Tensor.of(buffer);
            });
        });
        add(SINE, "a value in one array for each shape", () -> {
            Map<String, NdArray> buffers = new java.util.HashMap<>();
            return t -> {
                NdArray own = t[0].data().map(Math::sin);
                NdArray buffer = buffers.computeIfAbsent(own.shape() + "" + own.dtype(), shape -> own.copy());
                InPlace.assign(buffer, own);
                return op("sine", buffer, edge(t[0], g -> right(t[0], g)));
            };
        });
    }

    private void threads() {
        add(SINE, "another gradient on another thread", () -> {
            Thread owner = Thread.currentThread();
            return t -> sine(t[0], g -> right(t[0], g).mul(Thread.currentThread() == owner ? 1 : 0.5));
        });
        add(SINE, "another value on another thread", () -> {
            Thread owner = Thread.currentThread();
            return t -> sine(t[0], g -> right(t[0], g)).add(Thread.currentThread() == owner ? 0 : 1e-9);
        });
        add(SINE, "an exception on another thread", () -> {
            Thread owner = Thread.currentThread();
            return t -> {
                if (Thread.currentThread() != owner) {
                    throw new IllegalStateException("not my thread");
                }
                return sine(t[0], g -> right(t[0], g));
            };
        });
    }

    /** A function of each element by way of an array that is kept as long as the length stays the same. */
    private static final class Scratch {
        private final DoubleUnaryOperator function;
        private double[] elements = {};

        Scratch(DoubleUnaryOperator function) {
            this.function = function;
        }

        NdArray map(NdArray x) {
            double[] given = x.toDoubleArray();
            if (elements.length != given.length) {
                elements = new double[given.length];
            }
            for (int e = 0; e < given.length; e++) {
                elements[e] = function.applyAsDouble(given[e]);
            }
            return NdArray.of(x.shape(), elements.clone()).to(x.dtype());
        }
    }

    /** Faults that show only if two threads compute at the same time, or one thread computes what another one has begun. */
    private void sharedByThreads() {
        add(SINE, "one scratch array for all threads", () -> {
            double[] scratch = new double[2 * BLOCK];
            return t -> {
                double[] x = t[0].data().toDoubleArray();
                for (int e = 0; e < x.length; e++) {
                    scratch[e] = Math.sin(x[e]);
                }
                NdArray y = NdArray.of(t[0].shape(), Arrays.copyOf(scratch, x.length));
                return op("sine", y.to(t[0].dtype()), edge(t[0], g -> right(t[0], g)));
            };
        });
        add(SINE, "a scratch array of the last length for all threads", () -> {
            Scratch scratch = new Scratch(Math::sin);
            return t -> op("sine", scratch.map(t[0].data()), edge(t[0], g -> right(t[0], g)));
        });
        add(SINE, "a scratch array of the last length in the rule", () -> {
            Scratch scratch = new Scratch(Math::cos);
            return t -> sine(t[0], g -> isRecording() ? right(t[0], g) : g.mul(Tensor.of(scratch.map(t[0].data()))));
        });
        add(SINE, "another gradient on another thread than the value", () -> t -> {
            Thread forward = Thread.currentThread();
            return sine(t[0], g -> right(t[0], g).mul(Thread.currentThread() == forward ? 1 : 0.5));
        });
    }

    private static Tensor spoiltFrom(Tensor gradient, int from, double factor) {
        double[] factors = new double[gradient.shape().size()];
        Arrays.setAll(factors, e -> e >= from ? factor : 1);
        return gradient.mul(Tensor.of(NdArray.of(gradient.shape(), factors).to(gradient.dtype())));
    }

    private void sizes() {
        add(SINE, "refuses nothing", () -> t -> {
            if (t[0].shape().size() == 0) {
                throw new IllegalArgumentException("no elements");
            }
            return sine(t[0], g -> right(t[0], g));
        });
        rule("the rule refuses nothing", (x, g) -> {
            double first = x.data().toDoubleArray()[0];
            return right(x, g).add(0 * first);
        });
        add(
                SINE,
                "one element for none",
                () -> t -> t[0].shape().size() == 0 ? Tensor.zeros(1) : sine(t[0], g -> right(t[0], g)));
        rule("wrong above 8,192 elements", (x, g) -> spoiltFrom(right(x, g), BLOCK, 0.5));
        rule("no gradient above 8,192 elements", (x, g) -> spoiltFrom(right(x, g), BLOCK, 0));
        rule(
                "all wrong for more than 8,192 elements",
                (x, g) -> right(x, g).mul(x.shape().size() > BLOCK ? 0.99 : 1));
        rule(
                "the last element is wrong in more than 8,192",
                (x, g) -> spoiltFrom(right(x, g), Math.max(BLOCK, x.shape().size() - 1), -1));
        add(SINE, "no value above 8,192 elements", () -> t -> {
            double[] y = t[0].data().map(Math::sin).toDoubleArray();
            Arrays.fill(y, Math.min(BLOCK, y.length), y.length, 0);
            return op("sine", NdArray.of(t[0].shape(), y).to(t[0].dtype()), edge(t[0], g -> right(t[0], g)));
        });
    }

    private void recorded() {
        rule("the sign of the recorded gradient", (x, g) -> right(x, g).mul(isRecording() ? -1 : 1));
        rule("the recorded gradient of another function", (x, g) -> isRecording() ? g.mul(x.sin()) : right(x, g));
        rule("the recorded gradient loses the upstream", (x, g) -> isRecording() ? x.cos() : right(x, g));
        rule("the recorded gradient is off by 1e-10", (x, g) -> right(x, g).mul(isRecording() ? 1 + 1e-10 : 1));
        rule(
                "the recorded gradient is half for one element",
                (x, g) -> right(x, g).mul(isRecording() && x.shape().size() == 1 ? 0.5 : 1));
    }

    private void types() {
        rule(
                "the FLOAT32 gradient is off by 1e-4",
                (x, g) -> right(x, g).mul(x.dtype() == DType.FLOAT32 ? 1 + 1e-4 : 1));
        add(
                SINE,
                "the FLOAT64 value has the digits of FLOAT32",
                () -> t -> op("sine", t[0].data().map(v -> (float) Math.sin(v)), edge(t[0], g -> right(t[0], g))));
        rule(
                "the FLOAT64 gradient has the digits of FLOAT32",
                (x, g) -> isRecording()
                        ? right(x, g)
                        : right(x, g).to(DType.FLOAT32).to(x.dtype()));
        rule("the FLOAT32 gradient is 0", (x, g) -> right(x, g).mul(x.dtype() == DType.FLOAT32 ? 0 : 1));
        add(
                SINE,
                "the FLOAT32 value is NaN above 1.5",
                () -> t -> sine(t[0], g -> right(t[0], g))
                        .add(Tensor.of(t[0].data()
                                .map(v -> v > 1.5 && t[0].dtype() == DType.FLOAT32 ? Double.NaN : 0))));
    }

    private void pairs() {
        add(PRODUCT, "the last pair of inputs", () -> {
            AtomicReference<Tensor> last = new AtomicReference<>(Tensor.scalar(0));
            return t -> {
                last.set(t[1]);
                return product(t[0], t[1], g -> g.mul(requireNonNull(last.get())), g -> g.mul(t[0]));
            };
        });
        add(
                PRODUCT,
                "the adder adds half",
                () -> t -> op(
                        "product",
                        t[0].data().mul(t[1].data()),
                        edge(t[0], g -> g.mul(t[1])),
                        t[0].shape().equals(t[1].shape())
                                ? Edge.adding(
                                        t[1],
                                        g -> g.mul(t[0]),
                                        (g, sum) -> InPlace.accumulate(
                                                sum, g.mul(t[0].data()).mul(NdArray.scalar(g.dtype(), 0.5))))
                                : edge(t[1], g -> g.mul(t[0]))));
        add(
                PRODUCT,
                "recorded, the second input's gradient has the wrong sign",
                () -> t ->
                        product(t[0], t[1], g -> g.mul(t[1]), g -> g.mul(t[0]).mul(isRecording() ? -1 : 1)));
    }
}
