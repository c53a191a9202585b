package io.adjoint.view;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.nio.file.Path;
import java.util.List;

/** A page of two arrays and their sum: each array stretched to the sum's shape, with its own elements on a coloured background. */
public final class BroadcastPage {
    private BroadcastPage() {}

    /** Writes the page for arrays that broadcast to a matrix. */
    public static void write(Path file, NdArray a, NdArray b) {
        NdArray sum = a.add(b);
        new Page(
                        "Broadcasting",
                        "",
                        List.of(Section.of("sum", "Sum", markup -> {
                            markup.open("div", "class=beside");
                            matrix(markup, "", a, sum.shape());
                            matrix(markup, "+ ", b, sum.shape());
                            matrix(markup, "= ", sum, sum.shape());
                            markup.close();
                        })),
                        List.of(),
                        List.of(),
                        false)
                .write(file);
    }

    private static void matrix(Markup markup, String sign, NdArray array, Shape shape) {
        NdArray all = array.broadcastTo(shape);
        markup.open("table").element("caption", sign + array.shape());
        for (int row = 0; row < shape.dim(0); row++) {
            markup.open("tr");
            for (int column = 0; column < shape.dim(1); column++) {
                boolean isOwn = row < size(array, -2) && column < size(array, -1);
                markup.element("td", NumberText.text(all.get(row, column)), "class=" + (isOwn ? "right2" : "soft"));
            }
            markup.close();
        }
        markup.close();
    }

    private static int size(NdArray array, int axis) {
        return array.shape().rank() < -axis ? 1 : array.shape().dim(axis);
    }
}
