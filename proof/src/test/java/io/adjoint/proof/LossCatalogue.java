package io.adjoint.proof;

import io.adjoint.nn.loss.BCE;
import io.adjoint.nn.loss.BCEWithLogits;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.Huber;
import io.adjoint.nn.loss.KLDiv;
import io.adjoint.nn.loss.L1;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.loss.NLL;
import io.adjoint.nn.loss.Reduction;
import io.adjoint.nn.loss.SmoothL1;
import io.adjoint.nn.loss.TripletMargin;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A row for each loss of nn. Those of a prediction and a target are rows of {@link LossFamily}, as operations are. */
final class LossCatalogue {
    /** A loss of other arguments. */
    record Row(Class<?> type, Operation operation, Family.Golden golden) {}

    static final Set<Class<?>> IN_LOSS_FAMILY = Set.of(
            MSE.class,
            L1.class,
            Huber.class,
            SmoothL1.class,
            BCE.class,
            BCEWithLogits.class,
            KLDiv.class,
            NLL.class,
            CrossEntropy.class);

    static final List<Row> ROWS = List.of(new Row(
            TripletMargin.class,
            Operation.of("triplet margin", t -> new TripletMargin().margin(9).forward(t[0], t[1], t[2]))
                    .shapes("(n,2),(n,2),(n,2)->()")
                    .within(Values.between(0, 2), Values.between(3, 5), Values.between(6, 8))
                    .order(2),
            (t, a) -> new TripletMargin(a.number("margin"), reduction(a)).forward(t[0], t[1], t[2])));

    private LossCatalogue() {}

    private static Reduction reduction(Arguments a) {
        return Reduction.valueOf(a.text("reduction").toUpperCase(Locale.ROOT));
    }
}
