package io.adjoint.testkit;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.nn.optim.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * An optimizer as it is to be tested: how to create it with its settings, and its expected steps. {@link #check()} tests it.
 *
 * <pre>{@code
 * OptimizerSpec.of("heavy ball", parameters -> new HeavyBall(parameters, 0.1)).reference((p, gradients) -> {
 *     double velocity = 0;
 *     for (double g : gradients) {
 *         velocity = 0.9 * velocity + g;
 *         p -= 0.1 * velocity;
 *     }
 *     return p;
 * })
 * }</pre>
 *
 * <p>Immutable: each setting returns a changed copy.
 *
 * @param name the name in messages
 * @param factory creates the optimizer of some parameters, with a learning rate that is not 0
 * @param reference the formula, if each element is treated by itself
 * @param trajectories runs with known results
 * @param rtol the tolerance of parameters against these, relative to the largest or to 1
 * @param floatRtol the tolerance of FLOAT32 parameters against FLOAT64, relative to the largest or to 1
 * @param shapes the shapes of the three parameters
 * @param except the checks to leave out
 */
@CheckReturnValue
public record OptimizerSpec(
        String name,
        Function<List<Tensor>, ? extends Optimizer> factory,
        Optional<OptimizerReference> reference,
        List<Trajectory> trajectories,
        double rtol,
        double floatRtol,
        List<Shape> shapes,
        Set<OptimizerCheck> except) {
    private static final List<Shape> SHAPES = List.of(Shape.of(2, 3), Shape.of(2), Shape.scalar());

    /**
     * A run of one parameter with a known result.
     *
     * @param start the elements before the first step
     * @param gradients the gradient of each step
     * @param expected the elements after each step
     */
    public record Trajectory(List<Double> start, List<List<Double>> gradients, List<List<Double>> expected) {}

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException unless there are three shapes
     */
    public OptimizerSpec {
        trajectories = List.copyOf(trajectories);
        shapes = List.copyOf(shapes);
        if (shapes.size() != 3) {
            throw new IllegalArgumentException("OptimizerSpec: expected the shapes of 3 parameters, got " + shapes);
        }
        except = Set.copyOf(except);
    }

    /** An optimizer with the settings that the factory gives it. */
    public static OptimizerSpec of(String name, Function<List<Tensor>, ? extends Optimizer> factory) {
        return new OptimizerSpec(name, factory, Optional.empty(), List.of(), 1e-12, 1e-5, SHAPES, Set.of());
    }

    /** The formula of each element. */
    public OptimizerSpec reference(OptimizerReference expected) {
        return new OptimizerSpec(name, factory, Optional.of(expected), trajectories, rtol, floatRtol, shapes, except);
    }

    /**
     * A run of one parameter with a known result, as of another library.
     *
     * @param start the elements before the first step
     * @param gradients the gradient of each step
     * @param expected the elements after each step
     */
    public OptimizerSpec trajectory(double[] start, double[][] gradients, double[][] expected) {
        List<Trajectory> more = new ArrayList<>(trajectories);
        more.add(new Trajectory(list(start), lists(gradients), lists(expected)));
        return new OptimizerSpec(name, factory, reference, more, rtol, floatRtol, shapes, except);
    }

    private static List<List<Double>> lists(double[]... rows) {
        return Arrays.stream(rows).map(OptimizerSpec::list).toList();
    }

    private static List<Double> list(double... elements) {
        return Arrays.stream(elements).boxed().toList();
    }

    /** The tolerance of parameters against the formula and known runs, relative to the largest or to 1, instead of 1e-12. */
    public OptimizerSpec rtol(double rtol) {
        return new OptimizerSpec(name, factory, reference, trajectories, rtol, floatRtol, shapes, except);
    }

    /** The tolerance of FLOAT32 parameters against FLOAT64 ones, relative to the largest or to 1, instead of 1e-5. */
    public OptimizerSpec floatRtol(double floatRtol) {
        return new OptimizerSpec(name, factory, reference, trajectories, rtol, floatRtol, shapes, except);
    }

    /**
     * The shapes of three parameters, instead of a matrix, a vector and a scalar; for an optimizer of matrices alone.
     *
     * @throws IllegalArgumentException unless they are three
     */
    public OptimizerSpec shapes(Shape first, Shape second, Shape third) {
        return new OptimizerSpec(
                name, factory, reference, trajectories, rtol, floatRtol, List.of(first, second, third), except);
    }

    /** Returns whether the parameters may have any shape. */
    boolean isOfAnyShape() {
        return shapes.equals(SHAPES);
    }

    /** Checks to leave out, for an optimizer that is different on purpose. */
    public OptimizerSpec except(OptimizerCheck... checks) {
        return new OptimizerSpec(
                name, factory, reference, trajectories, rtol, floatRtol, shapes, LayerSpec.union(except, checks));
    }

    /**
     * Runs everything in {@link OptimizerCheck} that applies.
     *
     * @throws AssertionError that names each check that fails, with a seed that fails it
     */
    public void check() {
        Failures.throwAll(
                name,
                Arrays.stream(OptimizerCheck.values())
                        .filter(check -> check.appliesTo(this))
                        .<Runnable>map(check -> () -> Seeds.run(name + ": " + check, seed -> check.check(this, seed)))
                        .toList());
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
