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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleUnaryOperator;

/**
 * Faults of operations that remember or share arrays, or that treat threads, empty and large inputs, upstream gradients of ones or recorded
 * passes differently. The kit must find all of them.
 */
final class RememberedFaults extends PlantedSines {
    private static final int BLOCK = 1 << 13;

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

    private static boolean isOnes(Tensor g) {
        return Arrays.stream(g.data().toDoubleArray()).allMatch(v -> v == 1);
    }

    private void memories() {
        fresh("the rule reads the last input", () -> {
            AtomicReference<Tensor> last = new AtomicReference<>(Tensor.scalar(0));
            return t -> {
                last.set(t[0]);
                return sine(t[0], g -> right(requireNonNull(last.get()), g));
            };
        });
        fresh(SINE.computing((t, n) -> t[0].exp()), "the rule reads the last value", "", () -> {
            AtomicReference<NdArray> last = new AtomicReference<>();
            return t -> {
                last.set(t[0].data().map(Math::exp));
                return op(
                        "exp",
                        t[0].data().map(Math::exp),
                        edge(t[0], (g, y) -> isRecording() ? g.mul(y) : g.mul(Tensor.of(requireNonNull(last.get())))));
            };
        });
        fresh("the rule takes the input saved last", () -> {
            Deque<Tensor> saved = new ArrayDeque<>();
            return t -> {
                saved.push(t[0]);
                return sine(t[0], g -> right(saved.peek(), g));
            };
        });
        fresh("the rule takes the input saved first", () -> {
            Deque<Tensor> saved = new ArrayDeque<>();
            return t -> {
                saved.add(t[0]);
                return sine(t[0], g -> right(saved.size() > 1 ? saved.poll() : saved.peek(), g));
            };
        });
        fresh("the value remembered by identity", () -> {
            IdentityHashMap<Tensor, NdArray> values = new IdentityHashMap<>();
            return t -> op(
                    "sine",
                    values.computeIfAbsent(t[0], x -> x.data().map(Math::sin)),
                    edge(t[0], g -> right(t[0], g)));
        });
        fresh("the slope remembered by identity", () -> {
            IdentityHashMap<Tensor, NdArray> slopes = new IdentityHashMap<>();
            return t -> sine(
                    t[0],
                    g -> isRecording()
                            ? right(t[0], g)
                            : g.mul(Tensor.of(
                                    slopes.computeIfAbsent(t[0], x -> x.data().map(Math::cos)))));
        });
        fresh("the slope remembered by the array", () -> {
            IdentityHashMap<NdArray, NdArray> slopes = new IdentityHashMap<>();
            return t -> sine(
                    t[0],
                    g -> isRecording()
                            ? right(t[0], g)
                            : g.mul(Tensor.of(slopes.computeIfAbsent(t[0].data(), x -> x.map(Math::cos)))));
        });
        fresh("the number of evaluations decides on the rule", () -> {
            AtomicInteger open = new AtomicInteger();
            return t -> {
                open.incrementAndGet();
                return sine(t[0], g -> right(t[0], g).mul(open.getAndSet(0) > 1 ? 0.5 : 1));
            };
        });
        add("the gradient of the first pass over a graph", x -> {
            List<Tensor> kept = new ArrayList<>();
            return sine(x, g -> {
                kept.add(right(x, g));
                return kept.get(0);
            });
        });
        fresh("a static shape", () -> {
            AtomicReference<NdArray> work = new AtomicReference<>();
            return t -> {
                work.set(t[0].data().map(Math::cos));
                return sine(t[0], g -> isRecording() ? right(t[0], g) : g.mul(Tensor.of(requireNonNull(work.get()))));
            };
        });
        fresh("the first call is another one", () -> {
            AtomicInteger calls = new AtomicInteger();
            return t -> sine(t[0], g -> right(t[0], g).mul(calls.getAndIncrement() == 0 ? 0.5 : 1));
        });
    }

    private void shared() {
        product(
                "the other input itself, where upstream is 1",
                "",
                (a, b, g) -> isOnes(g) && g.shape().equals(b.shape()) ? b : g.mul(b));
        product(
                "the other input's array, where upstream is 1",
                "",
                (a, b, g) ->
                        isOnes(g) && !isRecording() && g.shape().equals(b.shape()) ? Tensor.of(b.data()) : g.mul(b));
        add(
                SINE.computing((t, n) -> t[0]),
                "the input's array as the gradient of a square",
                "",
                t -> op(
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
        fresh("a gradient in one array for each shape", () -> {
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
        fresh("a value in one array for each shape", () -> {
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
        fresh("another gradient on another thread", () -> {
            Thread owner = Thread.currentThread();
            return t -> sine(t[0], g -> right(t[0], g).mul(Thread.currentThread() == owner ? 1 : 0.5));
        });
        fresh("another value on another thread", () -> {
            Thread owner = Thread.currentThread();
            return t -> sine(t[0]).add(Thread.currentThread() == owner ? 0 : 1e-9);
        });
        fresh("an exception on another thread", () -> {
            Thread owner = Thread.currentThread();
            return t -> {
                if (Thread.currentThread() != owner) {
                    throw new IllegalStateException("not my thread");
                }
                return sine(t[0]);
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
        fresh("one scratch array for all threads", () -> {
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
        fresh("a scratch array of the last length for all threads", () -> {
            Scratch scratch = new Scratch(Math::sin);
            return t -> op("sine", scratch.map(t[0].data()), edge(t[0], g -> right(t[0], g)));
        });
        fresh("a scratch array of the last length in the rule", () -> {
            Scratch scratch = new Scratch(Math::cos);
            return t -> sine(t[0], g -> isRecording() ? right(t[0], g) : g.mul(Tensor.of(scratch.map(t[0].data()))));
        });
        add("another gradient on another thread than the value", x -> {
            Thread forward = Thread.currentThread();
            return sine(x, g -> right(x, g).mul(Thread.currentThread() == forward ? 1 : 0.5));
        });
    }

    private static Tensor spoiltFrom(Tensor gradient, int from, double factor) {
        double[] factors = new double[gradient.shape().size()];
        Arrays.setAll(factors, e -> e >= from ? factor : 1);
        return gradient.mul(Tensor.of(NdArray.of(gradient.shape(), factors).to(gradient.dtype())));
    }

    private void sizes() {
        add("refuses nothing", x -> {
            if (x.shape().size() == 0) {
                throw new IllegalArgumentException("no elements");
            }
            return sine(x);
        });
        rule("the rule refuses nothing", (x, g) -> {
            double first = x.data().toDoubleArray()[0];
            return right(x, g).add(0 * first);
        });
        add("one element for none", x -> x.shape().size() == 0 ? Tensor.zeros(1) : sine(x));
        rule("wrong above 8,192 elements", (x, g) -> spoiltFrom(right(x, g), BLOCK, 0.5));
        rule("no gradient above 8,192 elements", (x, g) -> spoiltFrom(right(x, g), BLOCK, 0));
        rule(
                "all wrong for more than 8,192 elements",
                (x, g) -> right(x, g).mul(x.shape().size() > BLOCK ? 0.99 : 1));
        rule(
                "the last element is wrong in more than 8,192",
                (x, g) -> spoiltFrom(right(x, g), Math.max(BLOCK, x.shape().size() - 1), -1));
        add("no value above 8,192 elements", x -> {
            double[] y = x.data().map(Math::sin).toDoubleArray();
            Arrays.fill(y, Math.min(BLOCK, y.length), y.length, 0);
            return op("sine", NdArray.of(x.shape(), y).to(x.dtype()), edge(x, g -> right(x, g)));
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
                "the FLOAT64 value has the digits of FLOAT32",
                x -> op("sine", x.data().map(v -> (float) Math.sin(v)), edge(x, g -> right(x, g))));
        rule(
                "the FLOAT64 gradient has the digits of FLOAT32",
                (x, g) -> isRecording()
                        ? right(x, g)
                        : right(x, g).to(DType.FLOAT32).to(x.dtype()));
        rule("the FLOAT32 gradient is 0", (x, g) -> right(x, g).mul(x.dtype() == DType.FLOAT32 ? 0 : 1));
        add(
                "the FLOAT32 value is NaN above 1.5",
                x -> sine(x).add(Tensor.of(x.data().map(v -> v > 1.5 && x.dtype() == DType.FLOAT32 ? Double.NaN : 0))));
    }

    private void pairs() {
        fresh(PRODUCT, "the last pair of inputs", "", () -> {
            AtomicReference<Tensor> last = new AtomicReference<>(Tensor.scalar(0));
            return t -> {
                last.set(t[1]);
                return product(t[0], t[1], g -> g.mul(requireNonNull(last.get())), g -> g.mul(t[0]));
            };
        });
        add(
                PRODUCT,
                "the adder adds half",
                "",
                t -> op(
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
        product(
                "recorded, the second input's gradient has the wrong sign",
                "",
                (a, b, g) -> g.mul(b),
                (a, b, g) -> g.mul(a).mul(isRecording() ? -1 : 1));
    }
}
