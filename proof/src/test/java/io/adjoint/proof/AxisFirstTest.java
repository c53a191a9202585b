package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that operations agree on the position of the axis, since a call with two integers in the wrong order compiles. */
class AxisFirstTest {
    private static final Pattern WITH_AN_AXIS =
            Pattern.compile("public [\\w<>\\[\\], ?@]+ (\\w+\\([^)]*\\bint (?:axis[01]?|first)\\b[^)]*\\))");

    /** Only the name or shape of the result, a quantile, and Dims, which come before the axes of a reduction, may come before an axis. */
    private static final Pattern AXIS_FIRST = Pattern.compile(
            "\\w+\\((?:String op, |Shape target, |double q, )?(?:Dims dims, )?int (?:axis[01]?|first)\\b.*");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "core/src/main/java/io/adjoint/core/NdArray.java",
                "autograd/src/main/java/io/adjoint/autograd/Tensor.java"
            })
    void anAxisIsTheFirstArgument(String source) throws IOException {
        List<String> operations = WITH_AN_AXIS
                .matcher(Files.readString(DocumentationTest.ROOT.resolve(source)))
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(operations).hasSizeGreaterThan(30).allMatch(AXIS_FIRST.asMatchPredicate());
    }
}
