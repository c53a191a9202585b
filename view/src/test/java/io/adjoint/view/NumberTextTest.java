package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberTextTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "1, 1",
        "0.1, 0.1",
        "123456.7, 123460",
        "1234567, 1234600",
        "12345678, 1.2346e7",
        "0.00012345, 0.00012345",
        "0.000012345, 1.2345e-5",
        "-2.5, -2.5",
        "NaN, NaN",
        "Infinity, inf",
        "-Infinity, -inf",
        "1e300, 1e300",
        "4.9E-324, 4.9407e-324"
    })
    void numbersAreShortAndPlainWhereTheyCan(double number, String text) {
        assertThat(NumberText.text(number)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.3512, 0.35 s", "9.96, 10 s", "12.4, 12 s", "185, 3 min 05 s", "7800, 2 h 10 min", "0, 0 s"})
    void durationsHaveTheUnitsOfTheirSize(double seconds, String text) {
        assertThat(NumberText.duration(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1020 B", "1024, 1 KiB", "12900000, 12.3 MiB", "3e9, 2.79 GiB"})
    void bytesHaveTheUnitOfTheirSize(double bytes, String text) {
        assertThat(NumberText.bytes(bytes)).isEqualTo(text);
    }

    @Property
    void aTextIsTheNumberToItsDigits(@ForAll @DoubleRange(min = -1e308, max = 1e308) double number) {
        assertThat(Double.parseDouble(NumberText.text(number))).isCloseTo(number, within(Math.abs(number) * 0.5001e-4));
    }

    @Property
    void marksEncloseTheirRangeAndAreFew(@ForAll double one, @ForAll double other) {
        double least = Math.min(one, other);
        double most = Math.max(one, other);
        if (most / 2 - least / 2 <= 1e-6 * Math.max(Math.abs(least), Math.abs(most))) {
            return;
        }
        Ticks marks = Ticks.around(least, most, 5, 0);
        assertThat(marks.count()).isBetween(2, 8);
        assertThat(marks.share(least)).isBetween(-1e-8, 1.0);
        assertThat(marks.share(most)).isBetween(marks.share(least), 1 + 1e-8);
        for (int k = 0; k < marks.count(); k++) {
            assertThat(marks.text(k)).hasSizeLessThan(12);
        }
    }
}
