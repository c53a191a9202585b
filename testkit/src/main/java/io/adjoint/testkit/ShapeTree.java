package io.adjoint.testkit;

import io.adjoint.core.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Shrinkable;

/** Shapes that were drawn together, and the simpler shapes to which they may shrink, with the largest simplifications first. */
interface ShapeTree {
    List<Shape> shapes();

    Stream<ShapeTree> smaller();

    /** The expected shape of the operation's result, if it is known. */
    default Optional<Shape> result() {
        return Optional.empty();
    }

    /** Shapes that a user's arbitrary drew, and that shrink in the way this arbitrary shrinks them. */
    static ShapeTree of(Shrinkable<List<Shape>> drawn) {
        List<Shape> shapes = drawn.value();
        return new ShapeTree() {
            @Override
            public List<Shape> shapes() {
                return shapes;
            }

            @Override
            public Stream<ShapeTree> smaller() {
                return drawn.shrink().map(ShapeTree::of);
            }
        };
    }

    /**
     * The distance of shapes from scalars, by which shrinking is ordered: the numbers of elements, of axes and of sizes 0, and the sum of
     * sizes. A size of 0 is not simpler than a size of 1.
     */
    static long[] distance(List<Shape> shapes) {
        long elements = 0;
        long ranks = 0;
        long zeros = 0;
        long dims = 0;
        for (Shape shape : shapes) {
            long product = 1;
            for (int size : shape.toArray()) {
                product *= Math.max(size, 1);
                zeros += size == 0 ? 1 : 0;
                dims += size;
            }
            elements += product;
            ranks += shape.rank();
        }
        return new long[] {elements, ranks, zeros, dims};
    }
}
