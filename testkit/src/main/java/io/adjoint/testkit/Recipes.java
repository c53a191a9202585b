package io.adjoint.testkit;

import io.adjoint.core.Shape;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.Arbitrary;

/** Functions that several {@link CasePlan.Recipe}s use. */
final class Recipes {
    /** Draws the arguments of an operation that has no integer arguments. */
    static final Function<List<Shape>, Arbitrary<int[]>> NO_ARGUMENTS =
            shapes -> Tree.arbitrary(random -> Tree.leaf(new int[0]));

    private Recipes() {}

    /** Returns a function that draws the shapes of a case's inputs from a user's arbitrary. */
    static Function<Random, ShapeTree> shapes(Arbitrary<List<Shape>> arbitrary) {
        return random -> ShapeTree.of(arbitrary.generator(1000).next(random));
    }

    static void requireOneOrEach(String what, int inputs, int given) {
        if (given != 1 && given != inputs) {
            throw new IllegalArgumentException(
                    what + ": expected one, or one for each of the " + inputs + " inputs, got " + given);
        }
    }
}
