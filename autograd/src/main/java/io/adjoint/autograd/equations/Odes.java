package io.adjoint.autograd.equations;

import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Packing;
import io.adjoint.core.ArrayElements;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;

/**
 * Solves initial value problems {@code dy/dt = f(t, y), y(t₀) = y₀} by the method of Dormand and Prince of order 5, with step sizes that
 * keep the estimated error of order 4 within tolerances.
 *
 * <p>The solution is differentiable with respect to the start, to all tensors that f captured, and to the times, through the operations of
 * its steps; the steps' sizes are constants. So the computed solution has exact gradients, which are as near to the gradients of the
 * exact solution as the tolerances make the solution itself. The state is a tensor or a structure of tensors of one dtype; see
 * {@link io.adjoint.autograd.transforms.Trees}.
 *
 * <pre>{@code
 * Tensor rate = Tensor.scalar(0.5).requiresGrad(true);
 * OdeSolution<Tensor> decay = Odes.solve((t, y) -> y.mul(rate).neg(), Tensor.of(1, 2), 0, 4);
 * Tensor states = decay.at(Tensor.linspace(0, 4, 9));             // [9, 2]
 * decay.end().sum().backward();                                   // rate.grad() is −4·3·exp(−2), within the tolerances
 * }</pre>
 *
 * <p>For stiff equations it takes many small steps; the error after too many says so.
 */
public final class Odes {
    private Odes() {}

    /** A solution with the default settings; see {@link #solve(BiFunction, Object, Tensor, Tensor, OdeOptions, OdeEvent[])}. */
    public static <P> OdeSolution<P> solve(
            BiFunction<? super Tensor, ? super P, ? extends P> f, P start, double from, double to) {
        return solve(f, start, from, to, new OdeOptions());
    }

    /** As {@link #solve(BiFunction, Object, Tensor, Tensor, OdeOptions, OdeEvent[])}, between times that are constants. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static <P> OdeSolution<P> solve(
            BiFunction<? super Tensor, ? super P, ? extends P> f,
            P start,
            double from,
            double to,
            OdeOptions options,
            OdeEvent<P>... events) {
        Packing<P> packing = packing(start, options);
        List<OdeEvent<P>> all = Arrays.stream(events).toList();
        return between(f, finite("from", from), finite("to", to), packing, options, all);
    }

    /**
     * The solution from one time to another, backward if the second is earlier.
     *
     * @param f the right-hand side: takes the time, a scalar of the state's dtype, and the state, and returns the state's derivative, in
     *     its structure, shapes and dtype
     * @param start the state at the first time
     * @param from the first time, a scalar of the state's dtype, such as the time of an event of another solution
     * @param to the last time
     * @param events noted in the solution, or ending it
     * @throws SolverException if the right-hand side isn't finite, if an event's function is NaN, if the tolerances can't be met, or if the
     *     solution takes too many steps: with the time and the state that were reached, and whether the equation is stiff
     * @throws GraphException if f changes the state in place
     * @throws ShapeException if f returns other shapes, or an event's function anything but one number
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static <P> OdeSolution<P> solve(
            BiFunction<? super Tensor, ? super P, ? extends P> f,
            P start,
            Tensor from,
            Tensor to,
            OdeOptions options,
            OdeEvent<P>... events) {
        List<OdeEvent<P>> all = Arrays.stream(events).toList();
        Packing<P> packing = packing(start, options);
        double first = time("from", from, packing);
        double last = time("to", to, packing);
        if (!(from.requiresGrad() || to.requiresGrad())) {
            return between(f, first, last, packing, options, all);
        }
        // With t = from + s·(to − from) the ends of s are the constants 0 and 1, and both times are factors of the
        // right-hand side.
        Tensor begin = from.reshape(Shape.scalar());
        Tensor span = to.reshape(Shape.scalar()).sub(begin);
        BinaryOperator<Tensor> field = field(f, packing);
        return new OdeIntegration<>(
                        (s, y) -> field.apply(begin.add(span.mul(s)), y).mul(span),
                        s -> begin.add(span.mul(s)),
                        t -> first == last ? t.sub(begin) : t.sub(begin).div(span),
                        1,
                        packing,
                        scaled(options, Math.abs(last - first)),
                        all)
                .run(0);
    }

    private static <P> OdeSolution<P> between(
            BiFunction<? super Tensor, ? super P, ? extends P> f,
            double from,
            double to,
            Packing<P> packing,
            OdeOptions options,
            List<OdeEvent<P>> events) {
        return new OdeIntegration<>(field(f, packing), t -> t, t -> t, to, packing, options, events).run(from);
    }

    private static OdeOptions scaled(OdeOptions options, double span) {
        if (span == 0) {
            return options;
        }
        OdeOptions scaled = options.maxStep(options.maxStep / span);
        return options.firstStep > 0 ? scaled.firstStep(options.firstStep / span) : scaled;
    }

    private static <P> BinaryOperator<Tensor> field(
            BiFunction<? super Tensor, ? super P, ? extends P> f, Packing<P> packing) {
        Callbacks.given("Odes.solve", "the right-hand side", f);
        return (t, y) -> {
            long before = ArrayElements.modified(y.data());
            P derivative = f.apply(t, packing.unpack(y));
            if (ArrayElements.modified(y.data()) != before) {
                throw new GraphException(
                        "Odes.solve: the right-hand side changed its state in place; compute new tensors");
            }
            Tensor packed = packing.pack("the right-hand side's value", derivative);
            // A copy, since the right-hand side may return one tensor each time and overwrite it.
            return packed.requiresGrad() ? packed : Tensor.of(packed.data().copy());
        };
    }

    private static <P> Packing<P> packing(P start, OdeOptions options) {
        Callbacks.given("Odes.solve", "the argument 'options'", options);
        Packing<P> packing =
                new Packing<>("Odes.solve", Callbacks.given("Odes.solve", "the start", start), options.isBatch);
        double least = 100 * packing.start().dtype().eps();
        if (options.rtol < least) {
            throw new IllegalArgumentException("Odes.solve: rtol is " + options.rtol
                    + ", below what the state's dtype can resolve; expected at least " + least);
        }
        return packing;
    }

    private static double time(String name, Tensor time, Packing<?> packing) {
        DTypeException.requireSameFloating("Odes.solve", packing.start().dtype(), time.dtype());
        return finite(name, time.item());
    }

    private static double finite(String name, double time) {
        if (!(Math.abs(time) < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Odes.solve: the time '" + name + "' is " + time);
        }
        return time;
    }
}
