package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.Csv;
import io.adjoint.nn.data.CsvOptions;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The 1,797 handwritten digits of {@code digits.csv.gz}: 1,437 for training, and 360 held out for testing.
 *
 * <p>An image consists of 64 grey values from 0 to 1, row by row; its target is the digit that it shows, an INT32.
 *
 * @param train the images for training {@code [1437, 64]}, and their digits {@code [1437]}
 * @param test the images for testing {@code [360, 64]}, and their digits {@code [360]}
 */
record DigitsData(Batch train, Batch test) {
    static final int CLASSES = 10;
    static final int PIXELS = 64;

    private static final double INK = 16;
    private static final int EVERY = 5;

    /** Reads the file and splits it. */
    static DigitsData load() {
        Csv rows = Resources.csv("digits/digits.csv.gz", new CsvOptions().header(false));
        NdArray x = rows.select(IntStream.range(0, PIXELS).toArray())
                .doubles()
                .data()
                .div(INK);
        NdArray y = rows.ints(Integer.toString(PIXELS)).data();
        int[] labels = y.toIntArray();
        TreeSet<Integer> held = heldOut(labels);
        return new DigitsData(
                select(x, y, IntStream.range(0, labels.length).filter(row -> !held.contains(row))),
                select(x, y, held.stream().mapToInt(row -> row)));
    }

    /**
     * The rows that are held out. The rows are sorted by digit, and rows of one digit stay in the order of the file; then the first and
     * every fifth row after it is held out. So each digit has its share in both parts, and the split isn't random.
     */
    static TreeSet<Integer> heldOut(int[] labels) {
        List<Integer> line = IntStream.range(0, labels.length)
                .boxed()
                .sorted(Comparator.comparingInt(row -> labels[row]))
                .toList();
        TreeSet<Integer> held = new TreeSet<>();
        for (int k = 0; k < line.size(); k += EVERY) {
            held.add(line.get(k));
        }
        return held;
    }

    private static Batch select(NdArray x, NdArray y, IntStream rows) {
        int[] numbers = rows.toArray();
        NdArray index = NdArray.of(Shape.of(numbers.length), numbers);
        return new Batch(Tensor.of(x.indexSelect(0, index)), Tensor.of(y.indexSelect(0, index)));
    }
}
