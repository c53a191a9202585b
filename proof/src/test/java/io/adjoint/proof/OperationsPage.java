package io.adjoint.proof;

import com.google.gson.JsonObject;
import io.adjoint.autograd.view.Notation;
import io.adjoint.core.DType;
import io.adjoint.testkit.OperationCheck;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes the reference page of all operations from the catalogue. */
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
            - *checks*: how many of the checks of the [test kit](property-testing.md) apply, each on random elements, shapes and
              layouts;
            - *golden*: the number of calls that have PyTorch's value, gradient and second-order product;
            - *errors*: the number of wrong calls that are rejected with a message that says what is wrong, and change nothing.

            Every value is compared with a reference that is computed another way. The forms of an operation follow its name:
            overloads, settings, other types. Each is tested by itself; the numbers are their sums.
            """;

    private String chapter(Family family) {
        String rows = family.rows().stream().map(this::row).collect(Collectors.joining());
        return "\n## " + family.title() + "\n\n"
                + "| operation | computes | gradient | tested on | kinks and edges | held by |\n"
                + "|---|---|---|---|---|---|\n" + rows;
    }

    private String row(List<Entry> forms) {
        long checks = forms.stream().mapToLong(OperationsPage::checks).sum();
        long golden = forms.stream()
                .mapToLong(form -> goldenRows.getOrDefault(form.name().toLowerCase(Locale.ROOT), 0L))
                .sum();
        int errors = forms.stream().mapToInt(form -> form.mistakes().size()).sum();
        List<String> cells = List.of(
                "`" + forms.get(0).row() + "`"
                        + forms.stream().map(OperationsPage::special).collect(Collectors.joining(",")),
                said(forms, Notation::formula),
                said(forms, Notation::gradient),
                forms.stream()
                        .flatMap(form -> form.operation().values().stream())
                        .map(OperationsPage::domain)
                        .distinct()
                        .collect(Collectors.joining("; ")),
                said(forms, Notation::kinks),
                "order "
                        + forms.stream()
                                .map(form -> Integer.toString(form.operation().order()))
                                .distinct()
                                .sorted()
                                .collect(Collectors.joining(" and "))
                        + ", " + checks + " checks" + (golden == 0 ? "" : ", " + golden + " golden") + ", " + errors
                        + " errors");
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** The part of a form's name after its row's name, such as {@code (number)}; empty if there is none. */
    private static String special(Entry form) {
        String rest = form.name().substring(form.row().length()).strip();
        return rest.isEmpty() ? "" : " " + rest;
    }

    private static String said(List<Entry> forms, Function<Notation, String> part) {
        return forms.stream()
                .flatMap(form -> form.notation().stream())
                .map(part)
                .distinct()
                .collect(Collectors.joining("<br>"));
    }

    private static long checks(Entry form) {
        return Arrays.stream(OperationCheck.values())
                .filter(check -> check.casesOf(form.operation()).isPresent())
                .count();
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
