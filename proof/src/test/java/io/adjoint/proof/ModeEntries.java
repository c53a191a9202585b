package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;

import io.adjoint.core.Dims;
import io.adjoint.testkit.Axes;
import io.adjoint.testkit.OperationCheck;
import io.adjoint.testkit.Values;
import java.util.Comparator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The entry of {@link ScanFamily} for the indices of modes, also of equal elements, and the reference of modes. */
final class ModeEntries {
    private ModeEntries() {}

    static double mode(double... x) {
        return DoubleStream.of(x)
                .boxed()
                .max(Comparator.<Double>comparingLong(
                                a -> DoubleStream.of(x).filter(b -> a == b).count())
                        .thenComparing(Comparator.reverseOrder()))
                .orElseThrow();
    }

    static Entry indices() {
        return entry("mode indices", (t, a) -> t[0].mode(a[0]).indices())
                .shapes("(...)")
                .axes(1, 3)
                .dims(1, 6)
                .within(Values.integers(-2, 2))
                .argumentsOf(shape -> Axes.one(shape).map(axis -> new int[] {axis}))
                .reference((inputs, a) -> Slices.reduced(
                        inputs[0],
                        Dims.DROP,
                        a,
                        x -> IntStream.range(0, x.length)
                                .filter(k -> x[k] == mode(x))
                                .findFirst()
                                .orElseThrow()))
                .order(0)
                .except(OperationCheck.EMPTY)
                .fails("nothing", x -> x.slice(1, 0, 0).mode(1), "mode … axis 1 … [2, 0] … no elements")
                .fails("BOOL elements", x -> x.gt(0).mode(0), "mode … BOOL … to(")
                .fails("no axis", x -> x.mode(2), "mode … axis 2 … [2, 3] … -2 to 1");
    }
}
