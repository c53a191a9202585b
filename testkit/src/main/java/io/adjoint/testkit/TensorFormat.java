package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import net.jqwik.api.SampleReportingFormat;

/** Tensors in jqwik's reports, as Java that creates them again. jqwik finds this through {@code META-INF/services}. */
public final class TensorFormat implements SampleReportingFormat {
    /**
     * The case of the sample that is being reported: it stands in for the sample's first tensor, and the further tensors are found in it. A
     * field can hold it because jqwik reports the parameters of a sample in order and in one thread.
     */
    private static final ThreadLocal<Case> FIRST = new ThreadLocal<>();

    /** Called by jqwik. */
    public TensorFormat() {}

    @Override
    public boolean appliesTo(Object value) {
        return value instanceof Tensor || value instanceof Case || value instanceof Joint.Beside;
    }

    @Override
    public Object report(Object value) {
        if (value instanceof Case drawn) {
            FIRST.set(drawn);
            return SampleReportingFormat.plainLabel(
                    drawn.arguments().isEmpty() && !drawn.inputs().isEmpty()
                            ? Literals.of(drawn.inputs().get(0))
                            : drawn.toString().replace("\n", " "));
        }
        if (value instanceof Joint.Beside beside) {
            Case drawn = FIRST.get();
            boolean known = drawn != null && beside.position() < drawn.inputs().size();
            return SampleReportingFormat.plainLabel(
                    known ? Literals.of(drawn.inputs().get(beside.position())) : "drawn with the first tensor");
        }
        return SampleReportingFormat.plainLabel(Literals.of((Tensor) value));
    }
}
