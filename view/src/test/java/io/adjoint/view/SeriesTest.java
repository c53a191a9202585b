package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SeriesTest {
    private static Series of(int size) {
        Series series = new Series();
        for (int k = 1; k <= size; k++) {
            series.add(k, 3 * k);
        }
        return series;
    }

    @Property
    void fewNumbersAreKeptAsTheyAre(@ForAll @Size(max = 50) List<@DoubleRange(min = -9, max = 9) Double> numbers) {
        Series series = new Series();
        for (int k = 0; k < numbers.size(); k++) {
            series.add(k, numbers.get(k));
        }
        assertThat(series.interval()).isEqualTo(1);
        assertThat(series.size()).isEqualTo(numbers.size());
        for (int k = 0; k < numbers.size(); k++) {
            assertThat(series.x(k)).isEqualTo(k);
            assertThat(series.y(k)).isEqualTo(numbers.get(k));
        }
    }

    @Property
    void pointsOfManyNumbersAreTheirMeansAtTheLastPlace(@ForAll @IntRange(min = 1, max = 9000) int size) {
        Series series = of(size);
        int interval = series.interval();
        assertThat(series.size()).isLessThanOrEqualTo(Series.MOST + 1).isEqualTo((size + interval - 1) / interval);
        for (int k = 0; k < series.size(); k++) {
            int first = k * interval + 1;
            int last = Math.min(size, first + interval - 1);
            assertThat(series.x(k)).isEqualTo(last);
            assertThat(series.y(k)).isCloseTo(3 * (first + last) / 2.0, within(1e-9 * size));
        }
    }

    @Property
    void aCutForgetsAllThatIsLater(
            @ForAll @IntRange(min = 1, max = 5000) int size, @ForAll @IntRange(min = 0, max = 5000) int cut) {
        Series series = of(size);
        series.cut(cut);
        for (int k = 0; k < series.size(); k++) {
            assertThat(series.x(k)).isLessThanOrEqualTo(cut);
        }
        int kept = Math.min(cut, size);
        assertThat(series.size()).isGreaterThanOrEqualTo(kept / series.interval());
        series.add(size + 1, 7);
        assertThat(series.x(series.size() - 1)).isEqualTo(size + 1);
    }

    @Example
    void aPointWithANumberThatIsNotFiniteIsNotFinite() {
        Series series = new Series();
        for (int k = 0; k <= Series.MOST; k++) {
            series.add(k, k == 1 ? Double.POSITIVE_INFINITY : k == 2 ? Double.NaN : 1);
        }
        assertThat(series.interval()).isEqualTo(2);
        assertThat(series.y(0)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(series.y(1)).isNaN();
        assertThat(series.y(2)).isEqualTo(1);
    }

    @Property
    void aCopyDoesNotChange(
            @ForAll @IntRange(min = 1, max = 2100) int size,
            @ForAll @IntRange(min = 0, max = 2100) int cut,
            @ForAll @IntRange(min = 0, max = 2100) int more) {
        Series series = of(size);
        Series copy = series.copy();
        double[] before = copy.packed();
        series.cut(cut);
        for (int k = 1; k <= more; k++) {
            series.add(size + k, -k);
        }
        assertThat(copy.packed()).isEqualTo(before);
    }
}
