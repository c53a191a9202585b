package io.adjoint.proof;

import io.adjoint.autograd.Index;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Draws random indices of tensors, writes them in NumPy's notation, and selects elements by a reference algorithm. */
final class IndexLanguage {
    private enum Kind {
        ALL,
        AT,
        RANGE,
        FROM,
        TO,
        EVERY,
        NEW_AXIS,
        ELLIPSIS,
        LIST,
        COLUMN
    }

    /** One item of an index expression; a {@code COLUMN} is an index tensor of shape [n, 1]. */
    private record Item(Kind kind, List<Integer> numbers) {
        Item(Kind kind, int... numbers) {
            this(kind, Arrays.stream(numbers).boxed().toList());
        }

        int number(int k) {
            return numbers.get(k);
        }

        int[] list() {
            return numbers.stream().mapToInt(number -> number).toArray();
        }

        Index index() {
            return switch (kind) {
                case ALL -> Index.all();
                case AT -> Index.at(number(0));
                case RANGE ->
                    number(2) == 1 ? Index.range(number(0), number(1)) : Index.range(number(0), number(1), number(2));
                case FROM -> Index.from(number(0));
                case TO -> Index.to(number(0));
                case EVERY -> Index.every(number(0));
                case NEW_AXIS -> Index.newAxis();
                case ELLIPSIS -> Index.ellipsis();
                case LIST -> Index.of(list());
                case COLUMN -> Index.of(Tensor.of(list()).unsqueeze(1));
            };
        }

        String text() {
            return switch (kind) {
                case ALL -> ":";
                case AT -> Integer.toString(number(0));
                case RANGE -> number(0) + " : " + number(1) + ":" + number(2);
                case FROM -> number(0) + ":";
                case TO -> ":" + number(0);
                case EVERY -> "::" + number(0);
                case NEW_AXIS -> "None";
                case ELLIPSIS -> "...";
                case LIST -> numbers.toString();
                case COLUMN ->
                    numbers.stream().map(number -> "[" + number + "]").collect(Collectors.joining(", ", "[", "]"));
            };
        }

        boolean picks() {
            return kind == Kind.LIST || kind == Kind.COLUMN;
        }

        /** The positions that a range selects from an axis of the given size, by Python's rules. */
        int[] positions(int size) {
            int step = kind == Kind.RANGE ? number(2) : kind == Kind.EVERY ? number(0) : 1;
            int low = step > 0 ? 0 : -1;
            int high = step > 0 ? size : size - 1;
            int from = step > 0 ? low : high;
            int to = step > 0 ? high : low;
            if (kind == Kind.RANGE || kind == Kind.FROM) {
                from = Math.max(low, Math.min(high, counted(number(0), size)));
            }
            if (kind == Kind.RANGE || kind == Kind.TO) {
                to = Math.max(low, Math.min(high, counted(number(kind == Kind.TO ? 0 : 1), size)));
            }
            List<Integer> positions = new ArrayList<>();
            for (int at = from; step > 0 ? at < to : at > to; at += step) {
                positions.add(at);
            }
            return positions.stream().mapToInt(at -> at).toArray();
        }
    }

    private static int counted(int index, int size) {
        return index < 0 ? index + size : index;
    }

    private static final List<Kind> KINDS = List.of(Kind.values());

    private IndexLanguage() {}

    // ---- random indices, coded as integers ----

    /** Draws indices that fit a shape, coded as integers for {@link #decode}. */
    static Arbitrary<int[]> fitting(Shape shape) {
        return Arbitraries.randomValue(random -> draw(shape, random));
    }

    private static int[] draw(Shape shape, Random random) {
        int rank = shape.rank();
        int front = random.nextInt(rank + 1);
        int back = front + random.nextInt(rank - front + 1);
        boolean ellipsis = random.nextBoolean();
        int common = 1 + random.nextInt(3);
        List<Item> items = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            if (random.nextInt(6) == 0) {
                items.add(new Item(Kind.NEW_AXIS));
            }
            if (axis == front && ellipsis) {
                items.add(new Item(Kind.ELLIPSIS));
            }
            if (axis < front || (axis >= back && ellipsis)) {
                items.add(item(shape.dim(axis), common, random));
            }
        }
        return items.stream()
                .flatMapToInt(item -> IntStream.concat(
                        IntStream.of(KINDS.indexOf(item.kind()), item.numbers().size()), IntStream.of(item.list())))
                .toArray();
    }

    private static Item item(int size, int common, Random random) {
        int end = 2 * size + 3;
        int step = (1 + random.nextInt(3)) * (random.nextInt(3) == 0 ? -1 : 1);
        boolean listed = size > 0 && random.nextInt(3) == 0;
        int[] list = random.ints(random.nextInt(4) == 0 ? 1 : common, -size, Math.max(1, size))
                .toArray();
        return listed
                ? new Item(random.nextInt(4) == 0 ? Kind.COLUMN : Kind.LIST, list)
                : switch (random.nextInt(size == 0 ? 5 : 6)) {
                    case 0 -> new Item(Kind.ALL);
                    case 1 ->
                        new Item(Kind.RANGE, random.nextInt(end) - size - 1, random.nextInt(end) - size - 1, step);
                    case 2 -> new Item(Kind.FROM, random.nextInt(end) - size - 1);
                    case 3 -> new Item(Kind.TO, random.nextInt(end) - size - 1);
                    case 4 -> new Item(Kind.EVERY, step);
                    default -> new Item(Kind.AT, random.nextInt(2 * size) - size);
                };
    }

    private static List<Item> items(int... code) {
        List<Item> items = new ArrayList<>();
        for (int at = 0; at < code.length; at += 2 + code[at + 1]) {
            items.add(new Item(KINDS.get(code[at]), Arrays.copyOfRange(code, at + 2, at + 2 + code[at + 1])));
        }
        return items;
    }

    static Index[] decode(int... code) {
        return items(code).stream().map(Item::index).toArray(Index[]::new);
    }

    static String text(int... code) {
        return items(code).stream().map(Item::text).collect(Collectors.joining(","));
    }

    // ---- the meaning of indices ----

    /** The shape of the indexed tensor, and for each axis of the source the positions from which its elements come. */
    static final class Meaning {
        /**
         * For each axis of the source, the axis of the result on which the position depends: −1 if the position is fixed, −2 if it depends
         * on index lists.
         */
        private final List<Integer> axes = new ArrayList<>();

        private final List<int[]> positions = new ArrayList<>();
        private final List<NdArray> lists = new ArrayList<>();
        private Shape common = Shape.scalar();
        private int listsAt;
        private final Shape shape;

        Meaning(Shape source, int... code) {
            List<Integer> dims = new ArrayList<>();
            List<Integer> listed = new ArrayList<>();
            for (Item item : complete(source.rank(), code)) {
                int size = axes.size() < source.rank() ? source.dim(axes.size()) : 0;
                if (item.kind() == Kind.NEW_AXIS) {
                    dims.add(1);
                } else if (item.kind() == Kind.AT) {
                    add(-1, counted(item.number(0), size));
                } else if (item.picks()) {
                    int[] list = Arrays.stream(item.list())
                            .map(number -> counted(number, size))
                            .toArray();
                    NdArray array = NdArray.of(
                            item.kind() == Kind.LIST ? Shape.of(list.length) : Shape.of(list.length, 1), list);
                    lists.add(array);
                    common = Shape.broadcast("lists", common, array.shape());
                    listed.add(dims.size() + listed.size());
                    add(-2, lists.size() - 1);
                } else {
                    int[] taken = item.positions(size);
                    add(dims.size(), taken);
                    dims.add(taken.length);
                }
            }
            int count = listed.size();
            boolean together = count > 0 && listed.get(count - 1) - listed.get(0) == count - 1;
            listsAt = together ? listed.get(0) : 0;
            for (int axis = 0; axis < common.rank(); axis++) {
                dims.add(listsAt + axis, common.dim(axis));
            }
            shape = Shape.of(dims.stream().mapToInt(size -> size).toArray());
        }

        private void add(int axis, int... taken) {
            axes.add(axis);
            positions.add(taken);
        }

        private static List<Item> complete(int rank, int... code) {
            List<Item> items = new ArrayList<>(items(code));
            long used = items.stream()
                    .filter(item -> item.kind() != Kind.NEW_AXIS && item.kind() != Kind.ELLIPSIS)
                    .count();
            int at = items.indexOf(items.stream()
                    .filter(item -> item.kind() == Kind.ELLIPSIS)
                    .findFirst()
                    .orElse(null));
            if (at >= 0) {
                items.remove(at);
            }
            for (long k = used; k < rank; k++) {
                items.add(at >= 0 ? at : items.size(), new Item(Kind.ALL));
            }
            return items;
        }

        Shape shape() {
            return shape;
        }

        int[] pointed(int... index) {
            int[] source = new int[axes.size()];
            int[] inLists = Arrays.copyOfRange(index, listsAt, listsAt + common.rank());
            for (int axis = 0; axis < source.length; axis++) {
                int from = axes.get(axis);
                int[] taken = positions.get(axis);
                source[axis] = from == -1
                        ? taken[0]
                        : from == -2
                                ? (int) Reference.broadcast(lists.get(taken[0]), inLists)
                                : taken[index[from < listsAt ? from : from + common.rank()]];
            }
            return source;
        }
    }

    static NdArray get(NdArray x, int... code) {
        Meaning meaning = new Meaning(x.shape(), code);
        return Reference.build(meaning.shape(), index -> x.get(meaning.pointed(index)));
    }

    // ---- expressions of the golden file ----

    /** Evaluates an expression such as {@code flip(0)[:,2:4,:]}: a sequence of indices in brackets and of method calls. */
    static Tensor evaluate(Tensor x, String expression) {
        Tensor value = x;
        for (int at = 0; at < expression.length(); ) {
            int end = end(expression, at);
            String part = expression.substring(at, end);
            value = part.startsWith("[") ? value.get(part.substring(1, part.length() - 1)) : call(value, part);
            at = end;
        }
        return value;
    }

    /** The end of the brackets or of the call that begins at a position of the text. */
    private static int end(String expression, int from) {
        int open = 0;
        for (int at = from; at < expression.length(); at++) {
            char character = expression.charAt(at);
            open += character == '[' || character == '(' ? 1 : character == ']' || character == ')' ? -1 : 0;
            if (open == 0 && (character == ']' || character == ')')) {
                return at + 1;
            }
        }
        throw new IllegalArgumentException("no end: " + expression.substring(from));
    }

    private static Tensor call(Tensor x, String call) {
        String name = call.substring(call.startsWith(".") ? 1 : 0, call.indexOf('('));
        String inner = call.substring(call.indexOf('(') + 1, call.length() - 1).replaceAll("[\\s\\[\\]()]", "");
        int[] numbers = inner.isEmpty()
                ? new int[0]
                : Arrays.stream(inner.split(",", 0)).mapToInt(Integer::parseInt).toArray();
        return switch (name) {
            case "flip" -> x.flip(numbers);
            case "permute" -> x.permute(numbers);
            case "transpose" -> x.transpose(numbers[0], numbers[1]);
            case "unsqueeze" -> x.unsqueeze(numbers[0]);
            case "squeeze" -> x.squeeze(numbers);
            case "reshape" -> x.reshape(numbers);
            default -> throw new IllegalArgumentException("no such call: " + call);
        };
    }
}
