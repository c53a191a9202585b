package io.adjoint.view;

import io.adjoint.core.NdArray;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A page of small grey images: rows with titles, from the colour of the background to that of text. */
public final class ImagePage {
    private static final int SHADES = 16;
    /** The shade of a pixel of value 0, by which one sees the frame of an image. */
    private static final double LEAST = 0.06;

    private ImagePage() {}

    /**
     * Writes the page, with the rows in an element of the class {@code images}.
     *
     * @param rows by their titles, images {@code [images, height, width]} of values from 0 to 1
     */
    public static void write(Path file, Map<String, NdArray> rows) {
        new Page(
                        "Images",
                        "",
                        List.of(Section.of("images", "Images", markup -> {
                            markup.open("div", "class=images");
                            rows.forEach((title, images) -> row(markup, title, images));
                            markup.close();
                        })),
                        List.of(),
                        List.of(),
                        false)
                .write(file);
    }

    private static void row(Markup markup, String title, NdArray images) {
        int[] dims = images.shape().toArray();
        int distance = dims[2] + 1;
        String box = "viewBox=0 0 " + (dims[0] * distance - 1) + " " + dims[1];
        markup.open("figure").open("figcaption").element("strong", title).close();
        markup.open("svg", box, "shape-rendering=crispEdges", "fill=currentColor");
        for (int image = 0; image < dims[0]; image++) {
            for (int y = 0; y < dims[1]; y++) {
                for (int x = 0; x < dims[2]; x++) {
                    double value = LEAST + (1 - LEAST) * Math.round(SHADES * images.get(image, y, x)) / SHADES;
                    markup.empty(
                            "rect",
                            "x=" + (image * distance + x),
                            "y=" + y,
                            "width=1",
                            "height=1",
                            "fill-opacity=" + NumberText.text(value, 4));
                }
            }
        }
        markup.close().close();
    }
}
