package io.adjoint.view;

import io.adjoint.autograd.view.ChainRule;
import java.util.List;
import java.util.Locale;

/**
 * Makes the page of one or several {@link StepsWalk}s: controls and a graph for the page's script, and lists of all steps, which the script
 * reads.
 */
final class StepsPage {
    private static final List<String> SCRIPTS = List.of("charts.js", "dagre.min.js", "graph.js", "steps.js");
    private static final List<String> STYLES = List.of("graph.css", "steps.css");

    /** The length, in characters, above which the text of a cell may be wrapped. */
    private static final int LONG = 24;

    /** The largest number of steps of a walk for which the list of the steps is expanded initially. */
    private static final int MOST_UNFOLDED = 60;

    private StepsPage() {}

    static Page of(String title, String about, List<String> unreached, List<StepsWalk> walks) {
        return new Page(
                title,
                about,
                List.of(
                        Section.of("walk", "Walk through it", markup -> walk(markup, unreached, walks)),
                        Section.of(
                                "gradients", "Gradients beside finite differences", markup -> gradients(markup, walks)),
                        Section.of("steps", "All steps as a list", markup -> lists(markup, walks))),
                SCRIPTS,
                STYLES,
                false);
    }

    private static void walk(Markup markup, List<String> unreached, List<StepsWalk> walks) {
        StepsWalk first = walks.get(0);
        markup.open("p", "class=loss").text(first.loss().name() + " = ").element("strong", loss(first), "id=loss");
        if (walks.size() > 1) {
            StepsWalk last = walks.get(walks.size() - 1);
            markup.text(" in training step ")
                    .element("span", String.valueOf(first.number), "id=number")
                    .text("; in the last one, " + last.number + ", it is " + loss(last));
        }
        markup.close();
        disagreeing(markup, walks);
        if (!unreached.isEmpty()) {
            markup.element(
                    "p",
                    String.join(", ", unreached) + ": no path from "
                            + first.loss().name() + " leads to " + (unreached.size() == 1 ? "it" : "them")
                            + " (detached, or not used)",
                    "class=wrong");
        }
        markup.open("noscript")
                .element("p", "Scripts don't run here; all steps are in the list below.")
                .close();
        markup.open("div", "id=walker", "hidden");
        markup.open("p", "class=soft")
                .text(
                        "Each step adds one number. Walk by the buttons or by the arrow keys → and ←. “Ask me first” hides each"
                                + " number until you have given it.")
                .close();
        controls(markup, walks);
        markup.empty("p", "id=where", "aria-live=polite");
        markup.open("div", "class=split");
        markup.empty("div", "id=card");
        GraphData.frame(markup);
        markup.close().close();
        GraphData.write(markup, walks.stream().map(GraphData::of).toList());
    }

    private static void controls(Markup markup, List<StepsWalk> walks) {
        markup.open("div", "class=controls walking");
        markup.element("button", "Reset", "type=button", "id=reset");
        markup.element("button", "◀ Back", "type=button", "id=back");
        markup.element("button", "Step ▶", "type=button", "id=step", "class=main");
        markup.element("button", "Play", "type=button", "id=play", "aria-pressed=false");
        markup.open("label").empty("input", "type=checkbox", "id=quiz");
        markup.text(" Ask me first").close();
        if (walks.size() > 1) {
            markup.open("label").text("Training step ").open("select", "id=pass");
            for (StepsWalk walk : walks) {
                markup.element(
                        "option",
                        walk.number + " (" + walk.loss().name() + " = " + loss(walk) + ")",
                        "value=" + walk.index,
                        "data-number=" + walk.number);
            }
            markup.close().close();
        }
        markup.close();
    }

    private static void disagreeing(Markup markup, List<StepsWalk> walks) {
        walks.stream()
                .filter(walk -> !walk.disagreeing.isEmpty())
                .findFirst()
                .ifPresent(walk -> markup.element(
                        "p",
                        "✗ " + (walks.size() > 1 ? "In training step " + walk.number + " the" : "The")
                                + " gradient of " + String.join(", ", walk.disagreeing) + " isn't the slope of "
                                + walk.loss().name() + ", as differences of its values give other numbers: "
                                + StepsWalk.explained(walk.causes) + ".",
                        "class=wrong"));
    }

    private static void gradients(Markup markup, List<StepsWalk> walks) {
        if (walks.size() > 1) {
            Series losses = new Series();
            walks.forEach(walk -> losses.add(walk.number, lossOf(walk)));
            List<LineChart.Line> lines = List.of(new LineChart.Line("loss", losses));
            NumberTable table = new NumberTable("losses", "Numbers by step", "step", lines);
            new LineChart("loss-chart", "Loss by training step", table, lines, lines, null).write(markup);
            table.write(markup);
        }
        StepsWalk first = walks.get(0);
        markup.element(
                "p",
                "The left column is what the backward rules give, the right one is (L(w + h) − L(w − h)) / 2h to a"
                        + " higher order: from values alone, without any backward rule. Both must be the same"
                        + (walks.size() > 1 ? "; these are of training step 1." : "."));
        if (!first.remark.isEmpty()) {
            markup.element("p", first.remark);
        }
        markup.open("div", "class=tables");
        for (ChainStep step : first.steps) {
            if (step.phase == ChainStep.Phase.CHECK && step.table != null) {
                table(markup, step.table, step.title);
            }
        }
        markup.close();
    }

    private static void lists(Markup markup, List<StepsWalk> walks) {
        for (StepsWalk walk : walks) {
            // Long lists are collapsed at first, since the layout of thousands of visible elements would make the page
            // slow.
            boolean isFolded = walks.size() > 1 || walk.steps.size() > MOST_UNFOLDED;
            if (isFolded) {
                String step = walks.size() > 1 ? "Training step " + walk.number + ", " : "";
                markup.open("details")
                        .element("summary", step + "loss " + loss(walk) + ", " + walk.steps.size() + " steps");
            }
            markup.open("ol", "class=steps");
            for (int k = 0; k < walk.steps.size(); k++) {
                item(markup, walk, k);
            }
            markup.close();
            if (isFolded) {
                markup.close();
            }
        }
    }

    private static void item(Markup markup, StepsWalk walk, int index) {
        ChainStep step = walk.steps.get(index);
        markup.open(
                "li",
                "id=s" + walk.index + "-" + index,
                "class=" + step.phase.text().toLowerCase(Locale.ROOT));
        markup.open("p", "class=title")
                .element("span", step.phase.text(), "class=phase")
                .text(" ")
                .element("b", step.title)
                .close();
        if (!step.lines.isEmpty()) {
            markup.open("dl");
            for (ChainStep.Line line : step.lines) {
                String tells = line.tells() ? "tells" : "";
                markup.open("div", "class=" + tells)
                        .element("dt", line.label())
                        .element("dd", line.text())
                        .close();
            }
            markup.close();
        }
        if (step.table != null) {
            String label = "Training step " + walk.number + ", step " + (index + 1) + ": " + step.title;
            table(markup, step.table, label);
        }
        markup.close();
    }

    private static void table(Markup markup, ChainStep.Table table, String label) {
        markup.open(
                "div",
                "class=" + (table.tells() ? "wide tells" : "wide"),
                "tabindex=0",
                "role=region",
                "aria-label=" + label);
        markup.open("table", "class=numbers")
                .element("caption", table.caption())
                .head(table.head());
        for (List<String> row : table.rows()) {
            markup.open("tr").element("th", row.get(0), "scope=row");
            row.subList(1, row.size())
                    .forEach(cell -> markup.element(
                            "td",
                            cell,
                            "class=" + (cell.startsWith("✗") ? "wrong" : cell.length() > LONG ? "long" : "")));
            markup.close();
        }
        markup.close().close().close();
    }

    private static String loss(StepsWalk walk) {
        return ChainRule.number(lossOf(walk));
    }

    private static double lossOf(StepsWalk walk) {
        return walk.loss().value().orElseThrow().elements().get(0);
    }
}
