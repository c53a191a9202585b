package io.adjoint.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The relation between the shapes of an operation's inputs, as in {@code (...,n?,k),(...,k,m?)->(...,n?,m?)}: axes of the same name have
 * the same size, a number is an axis of this fixed size, an axis with a question mark may be omitted in all shapes, and {@code ...} stands
 * for any leading axes, which broadcast. An input in which an optional axis is omitted has no axes for {@code ...} either.
 */
record Signature(List<Part> inputs, Optional<Part> result) {
    private static final Pattern SHAPE = Pattern.compile("\\(([^()]*)\\)");
    private static final Pattern AXIS = Pattern.compile("(?:([A-Za-z_]\\w*)|(\\d+))(\\?)?");

    /** One axis: a named axis or, if {@code fixed} is at least 0, an axis of this fixed size. */
    record Axis(String name, boolean optional, int fixed) {
        boolean isFixed() {
            return fixed >= 0;
        }
    }

    /** One shape of the signature: whether the shape begins with {@code ...}, and its further axes. */
    record Part(boolean open, List<Axis> axes) {}

    /** The signature of an elementwise operation. */
    static Signature elementwise(int inputs) {
        Part open = new Part(true, List.of());
        return new Signature(Collections.nCopies(inputs, open), Optional.of(open));
    }

    static Signature parse(String text) {
        String compact = text.replaceAll("\\s", "");
        String[] halves = compact.split("->", -1);
        if (compact.isEmpty() || halves.length > 2) {
            throw problem(text, "expected shapes, or shapes->shape");
        }
        List<Part> inputs = parts(text, halves[0]);
        List<Part> results = halves.length == 2 ? parts(text, halves[1]) : List.of();
        if (results.size() > 1) {
            throw problem(text, "expected one result");
        }
        for (Part result : results) {
            for (Axis axis : result.axes()) {
                if (!axis.isFixed()
                        && inputs.stream().noneMatch(part -> part.axes().contains(axis))) {
                    throw problem(text, "no input has the axis " + axis.name() + (axis.optional() ? "?" : ""));
                }
            }
        }
        return new Signature(inputs, results.stream().findFirst());
    }

    /**
     * Returns a signature in which {@code ...} is a single axis with a fixed size or, if the first input does not begin with {@code ...},
     * the first axis of this input without a fixed size gets a fixed size. The size is chosen so that the first input has at least {@code
     * elements} elements even if all other axes without a fixed size have size 1. Empty if all sizes of the first input are fixed.
     */
    Optional<Signature> enlarged(int elements) {
        Part first = inputs.get(0);
        int fixed = first.axes().stream()
                .filter(Axis::isFixed)
                .mapToInt(Axis::fixed)
                .reduce(1, (a, b) -> a * b);
        Optional<Axis> free =
                first.axes().stream().filter(axis -> !axis.isFixed()).findFirst();
        if (!first.open() && free.isEmpty()) {
            return Optional.empty();
        }
        long times = first.open()
                ? 1
                : first.axes().stream().filter(free.get()::equals).count();
        double size = StrictMath.pow(elements / Math.max(1, fixed) + 1, 1.0 / times);
        Axis large = new Axis("large", false, (int) Math.ceil(size));
        Function<Part, Part> change = part -> {
            List<Axis> axes = new ArrayList<>(part.axes());
            if (first.open()) {
                axes.addAll(0, part.open() ? List.of(large) : List.of());
            } else {
                axes.replaceAll(axis -> axis.equals(free.get()) ? large : axis);
            }
            return new Part(part.open() && !first.open(), axes);
        };
        return Optional.of(new Signature(inputs.stream().map(change).toList(), result.map(change)));
    }

    private static List<Part> parts(String text, String list) {
        List<Part> parts = new ArrayList<>();
        Matcher shape = SHAPE.matcher(list);
        int end = 0;
        while (shape.find()) {
            if (!list.substring(end, shape.start()).equals(parts.isEmpty() ? "" : ",")) {
                throw problem(text, "expected shapes in parentheses with commas between them");
            }
            parts.add(part(text, shape.group(1)));
            end = shape.end();
        }
        if (parts.isEmpty() || end != list.length()) {
            throw problem(text, "expected shapes in parentheses with commas between them");
        }
        return parts;
    }

    private static Part part(String text, String shape) {
        List<String> names = shape.isEmpty() ? List.of() : new ArrayList<>(Arrays.asList(shape.split(",", -1)));
        boolean open = !names.isEmpty() && names.get(0).equals("...");
        List<Axis> axes = new ArrayList<>();
        for (String name : open ? names.subList(1, names.size()) : names) {
            Matcher axis = AXIS.matcher(name);
            if (!axis.matches()) {
                throw problem(text, "'" + name + "' is neither a name, nor a number, nor ... in front");
            }
            boolean isFixed = axis.group(2) != null;
            if (isFixed && axis.group(3) != null) {
                throw problem(text, "a size that is a number cannot be left out");
            }
            axes.add(new Axis(name.replace("?", ""), axis.group(3) != null, isFixed ? Integer.parseInt(name) : -1));
        }
        return new Part(open, axes);
    }

    private static IllegalArgumentException problem(String text, String what) {
        return new IllegalArgumentException(
                "signature '" + text + "': " + what + ", as in (...,n?,k),(...,k,m?)->(...,n?,m?)");
    }
}
