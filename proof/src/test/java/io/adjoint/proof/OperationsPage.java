package io.adjoint.proof;

import com.google.gson.JsonObject;
import io.adjoint.core.DType;
import io.adjoint.testkit.OperationCheck;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The reference page of all operations, written from the catalogue. */
final class OperationsPage {
    private final Map<String, Long> goldenRows;

    OperationsPage(List<JsonObject> goldenRows) {
        this.goldenRows = goldenRows.stream()
                .collect(Collectors.groupingBy(
                        row -> row.get("op").getAsString().toLowerCase(Locale.ROOT), Collectors.counting()));
    }

    String text() {
        return Catalogue.FAMILIES.stream().map(this::chapter).collect(Collectors.joining("", INTRODUCTION, ""));
    }

    private static final String INTRODUCTION = """
            # Operations

            Written by the build from the catalogue in the module proof; don't edit it here. g is the upstream gradient, y the
            output, x, a and b are inputs. *Tested on* says from which numbers the inputs are drawn, *held by* what is tested:

            - *order n*: gradients up to the n-th agree with finite differences;
            - *checks*: how many of the kit's checks apply, each on 100 random cases of random shapes and layouts
              ([property testing](property-testing.md) lists them);
            - *golden*: the number of calls that have PyTorch's value, gradient and second-order product;
            - *errors*: the number of wrong calls that are rejected with a message that says what is wrong, and change nothing.

            Every value is compared with a reference that is computed another way.
            """;

    private String chapter(Family family) {
        String rows = family.entries().stream().map(this::row).collect(Collectors.joining());
        return "\n## " + family.title() + "\n\n"
                + "| operation | computes | gradient | tested on | kinks and edges | held by |\n"
                + "|---|---|---|---|---|---|\n" + rows;
    }

    private String row(Entry entry) {
        long checks = Arrays.stream(OperationCheck.values())
                .filter(check -> check.casesOf(entry.operation()).isPresent())
                .count();
        Long golden = goldenRows.get(entry.name().toLowerCase(Locale.ROOT));
        List<String> cells = List.of(
                "`" + entry.name() + "`",
                entry.notation().formula(),
                entry.notation().gradient(),
                entry.operation().values().stream()
                        .map(OperationsPage::domain)
                        .distinct()
                        .collect(Collectors.joining("; ")),
                entry.notation().kinks(),
                "order " + entry.operation().order() + ", " + checks + " checks"
                        + (golden == null ? "" : ", " + golden + " golden") + ", "
                        + entry.mistakes().size() + " errors");
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String domain(Values values) {
        if (values.dtype() == DType.BOOL) {
            return "truth values";
        }
        String interval = (values.minOpen() ? "(" : "[") + number(values.min()) + ", " + number(values.max())
                + (values.maxOpen() ? ")" : "]");
        return (values.dtype().isFloating() ? "" : "integers ")
                + interval
                + (values.kinks().isEmpty()
                        ? ""
                        : " without "
                                + values.kinks().stream()
                                        .map(OperationsPage::number)
                                        .collect(Collectors.joining(", ")))
                + (values.isDistinct() ? ", distinct" : "");
    }

    private static String number(double value) {
        return (value == Math.rint(value) && Math.abs(value) < 1e6
                        ? Long.toString((long) value)
                        : Double.toString(value))
                .replace('-', '−');
    }
}
