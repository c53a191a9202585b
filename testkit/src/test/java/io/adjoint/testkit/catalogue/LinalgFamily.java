package io.adjoint.testkit.catalogue;

import static io.adjoint.testkit.catalogue.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Einsum;
import io.adjoint.testkit.Layout;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Products of vectors, matrices and tensors, and distances. */
final class LinalgFamily implements Family {
    private static final Tensor VECTOR = Tensor.of(1, 2, 3, 4);

    @Override
    public String title() {
        return "Products";
    }

    @Override
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>(List.of(
                matmul(), dot(), outer(), inner(), innerOfScalar(), tensorDot(), tensorDotOverAxes(), einsum()));
        entries.addAll(List.of(
                batchedEinsum(), kron(), cross(), crossAlongAxis(), trace(), cdist(), cdistOfOrder(), pdist()));
        entries.add(pdistOfOrder());
        return List.copyOf(entries);
    }

    // ---- matrix products ----

    private static Entry matmul() {
        return entry(
                        Operation.of("matmul", t -> t[0].matmul(t[1]))
                                .shapes("(...,n?,k),(...,k,m?)->(...,n?,m?)")
                                .reference((t, arguments) -> matmul(t[0], t[1]))
                                .order(3),
                        "matmul(Tensor)")
                .formula("Σₖ aᵢₖ·bₖⱼ; a vector is a row on the left, a column on the right")
                .derivative("g·bᵀ; aᵀ·g")
                .kinks("none; an empty sum is 0")
                .rejects("inner sides", x -> x.matmul(x), "matmul", "[2, 3] by [2, 3]", "axis -1 has 3, axis -2 has 2")
                .rejects(
                        "a vector of another length",
                        x -> x.matmul(VECTOR),
                        "matmul",
                        "[2, 3] by [4]",
                        "axis -1 has 3, axis -1 has 4")
                .rejects("vectors", x -> Tensor.of(1, 2).matmul(VECTOR), "matmul", "[2] by [4]")
                .rejects("a scalar", x -> x.matmul(Tensor.scalar(2)), "matmul", "[]", "mul")
                .rejects(
                        "batches",
                        x -> x.reshape(2, 1, 3).matmul(x.reshape(1, 3, 2).broadcastTo(Shape.of(3, 3, 2))),
                        "matmul",
                        "batch axis -3 has 2 vs 3")
                .rejects(
                        "INT32 elements",
                        x -> x.to(DType.INT32).matmul(x.to(DType.INT32)),
                        "matmul",
                        "INT32",
                        "to(FLOAT64)");
    }

    private static NdArray matmul(NdArray left, NdArray right) {
        NdArray a = left.shape().rank() == 1 ? left.unsqueeze(0) : left;
        NdArray b = right.shape().rank() == 1 ? right.unsqueeze(1) : right;
        Shape batch = Shape.broadcast("reference", leading(a.shape(), 2), leading(b.shape(), 2));
        int rank = batch.rank() + 2;
        int[] sides = Arrays.copyOf(batch.toArray(), rank);
        sides[rank - 2] = a.shape().dim(-2);
        sides[rank - 1] = b.shape().dim(-1);
        NdArray product = Reference.build(Shape.of(sides), index -> {
            double sum = 0;
            for (int k = 0; k < a.shape().dim(-1); k++) {
                sum += Reference.broadcast(a, with(index, rank - 1, k))
                        * Reference.broadcast(b, with(index, rank - 2, k));
            }
            return sum;
        });
        NdArray columns = right.shape().rank() == 1 ? product.squeeze(-1) : product;
        return left.shape().rank() == 1 ? columns.squeeze(right.shape().rank() == 1 ? -1 : -2) : columns;
    }

    private static Shape leading(Shape shape, int dropped) {
        return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - dropped));
    }

    private static int[] with(int[] index, int axis, int value) {
        int[] copy = index.clone();
        copy[axis] = value;
        return copy;
    }

    private static Entry dot() {
        return entry(
                        Operation.of("dot", t -> t[0].dot(t[1]))
                                .shapes("(k),(k)->()")
                                .reference((t, arguments) -> matmul(t[0], t[1]))
                                .order(3),
                        "dot(Tensor)")
                .formula("Σᵢ aᵢ·bᵢ of two vectors")
                .derivative("g·b; g·a")
                .kinks("none")
                .rejects("a matrix", x -> x.dot(VECTOR), "dot", "[2, 3]", "[4]", "matmul")
                .rejects("other lengths", x -> Tensor.of(1, 2).dot(VECTOR), "dot", "[2] and [4]", "2 vs 4")
                .rejects("two dtypes", x -> VECTOR.dot(VECTOR.to(DType.FLOAT32)), "dot", "FLOAT64", "FLOAT32", "to(")
                .rejects("INT32 elements", x -> Tensor.of(new int[] {1}).dot(VECTOR), "dot", "INT32", "to(FLOAT64)");
    }

    private static Entry outer() {
        return entry(
                        Operation.of("outer", t -> t[0].outer(t[1]))
                                .shapes("(n),(m)->(n,m)")
                                .reference((t, arguments) -> Reference.build(
                                        Shape.of(t[0].size(), t[1].size()),
                                        index -> t[0].get(index[0]) * t[1].get(index[1])))
                                .order(3),
                        "outer(Tensor)")
                .formula("aᵢ·bⱼ of two vectors")
                .derivative("g·b; gᵀ·a")
                .kinks("none")
                .rejects("a matrix", x -> x.outer(VECTOR), "outer", "[2, 3]", "[4]", "einsum")
                .rejects("a scalar", x -> VECTOR.outer(Tensor.scalar(1)), "outer", "[4]", "[]")
                .rejects("INT32 elements", x -> Tensor.of(new int[] {1}).outer(VECTOR), "outer", "INT32", "to(FLOAT64)");
    }

    private static Entry inner() {
        return entry(
                        Operation.of("inner", t -> t[0].inner(t[1]))
                                .shapes("(a?,b?,k),(c?,d?,k)->(a?,b?,c?,d?)")
                                .reference((t, arguments) -> sumOfProducts(t[0], t[1], new int[] {-1}, new int[] {-1}))
                                .order(3),
                        "inner(Tensor)")
                .formula("Σₖ a…ₖ·b…ₖ over the last axes")
                .derivative("as of tensorDot")
                .kinks("none")
                .rejects("last axes", x -> x.inner(VECTOR), "inner", "[2, 3] and [4]", "axis -1 has 3 vs 4")
                .rejects("two dtypes", x -> x.inner(x.to(DType.FLOAT32)), "inner", "FLOAT64", "FLOAT32", "to(")
                .rejects("INT32 elements", x -> x.to(DType.INT32).inner(x), "inner", "INT32", "to(FLOAT64)");
    }

    private static Entry innerOfScalar() {
        return entry(Operation.of("inner (scalar)", t -> t[0].inner(t[1]))
                        .shapes("(),(a?,b?)->(a?,b?)")
                        .referenceEach((a, b) -> a * b)
                        .order(3))
                .formula("a·b if one has no axes")
                .derivative("as of mul")
                .kinks("none")
                .rejects("INT32 elements", x -> Tensor.scalar(1).inner(x.to(DType.INT32)), "inner", "INT32")
                .rejects(
                        "two dtypes",
                        x -> Tensor.scalar(1).inner(x.to(DType.FLOAT32)),
                        "inner",
                        "FLOAT64",
                        "FLOAT32",
                        "to(")
                .rejects("an INT32 scalar", x -> x.inner(Tensor.scalar(1).to(DType.INT32)), "inner", "INT32");
    }

    private static Entry tensorDot() {
        return entry(
                        Operation.of("tensorDot", (t, axes) -> t[0].tensorDot(t[1], axes[0]))
                                .shapes("(a?,b?,c),(b?,c,d?)")
                                .arguments(shapes -> Arbitraries.of(fittingAxes(shapes.get(0), shapes.get(1)))
                                        .map(count -> new int[] {count}))
                                .reference((t, axes) -> sumOfProducts(
                                        t[0],
                                        t[1],
                                        IntStream.range(-axes[0], 0).toArray(),
                                        IntStream.range(0, axes[0]).toArray()))
                                .order(2),
                        "tensorDot(Tensor,int)")
                .formula("the sum of products over the last axes of a and as many first axes of b")
                .derivative("tensorDot(g, b) and tensorDot(a, g) over the axes that are left")
                .kinks("none")
                .rejects("sides", x -> x.tensorDot(x, 1), "tensorDot", "[2, 3] and [2, 3]", "axis 1", "has 3", "has 2")
                .rejects("too many axes", x -> x.tensorDot(VECTOR, 2), "tensorDot", "2 axes", "[2, 3] and [4]", "0 to 1")
                .rejects("a negative number of axes", x -> x.tensorDot(x, -1), "tensorDot", "-1 axes", "0 to 2")
                .rejects("INT32 elements", x -> x.tensorDot(x.to(DType.INT32), 1), "tensorDot", "INT32", "to(FLOAT64)");
    }

    private static List<Integer> fittingAxes(Shape a, Shape b) {
        return IntStream.rangeClosed(0, Math.min(a.rank(), b.rank()))
                .filter(count -> IntStream.range(0, count).allMatch(k -> a.dim(a.rank() - count + k) == b.dim(k)))
                .boxed()
                .toList();
    }

    private static Entry tensorDotOverAxes() {
        int[] first = {-1, 0};
        int[] second = {1, -1};
        return entry(
                        Operation.of("tensorDot (axes)", t -> t[0].tensorDot(t[1], first, second))
                                .shapes("(b,a?,c),(d,c,b)->(a?,d)")
                                .reference((t, arguments) -> sumOfProducts(t[0], t[1], first, second))
                                .order(2),
                        "tensorDot(Tensor,int[],int[])")
                .formula("the sum of products over pairs of axes")
                .derivative("as of tensorDot")
                .kinks("none")
                .rejects(
                        "sides",
                        x -> x.tensorDot(x, new int[] {0}, new int[] {-1}),
                        "tensorDot",
                        "[2, 3] and [2, 3]",
                        "axis 0 of the first has 2",
                        "axis -1 of the second has 3")
                .rejects(
                        "unequally many axes",
                        x -> x.tensorDot(x, new int[] {0}, new int[] {}),
                        "tensorDot",
                        "as many axes",
                        "[0] and []")
                .rejects(
                        "an axis twice",
                        x -> x.tensorDot(x, new int[] {1, -1}, new int[] {1, 0}),
                        "tensorDot",
                        "axis -1 is named twice")
                .rejects(
                        "no such axis",
                        x -> x.tensorDot(x, new int[] {2}, new int[] {0}),
                        "tensorDot",
                        "axis 2 is out of range",
                        "[2, 3]");
    }

    /** By an index of all axes of both, of which pairs are equal. */
    private static NdArray sumOfProducts(NdArray a, NdArray b, int[] axesA, int[] axesB) {
        int rankA = a.shape().rank();
        int rankB = b.shape().rank();
        String labelsA = "abcdefgh".substring(0, rankA);
        char[] labelsB = "ijklmnop".substring(0, rankB).toCharArray();
        for (int k = 0; k < axesA.length; k++) {
            labelsB[Math.floorMod(axesB[k], rankB)] = labelsA.charAt(Math.floorMod(axesA[k], rankA));
        }
        String right = new String(labelsB);
        String output = (labelsA + right)
                .chars()
                .filter(label -> labelsA.indexOf(label) < 0 || right.indexOf(label) < 0)
                .mapToObj(label -> String.valueOf((char) label))
                .collect(Collectors.joining());
        return einsum(labelsA + "," + right + "->" + output, a, b);
    }

    // ---- einsum ----

    private static Entry einsum() {
        return entry(
                        Operation.of("einsum", (t, equation) -> Tensor.einsum(text(equation), t))
                                .shapes(Einsum.any().map(Einsum::inputs))
                                .arguments(LinalgFamily::equations)
                                .reference((t, equation) -> einsum(text(equation), t))
                                .order(3),
                        "einsum(String,Tensor[])")
                .formula("the sum of products of an equation of Einstein's notation, such as `ij,jk->ik`")
                .derivative("the equation with g in place of the operand")
                .kinks("none")
                .rejects(
                        "a number of axes",
                        x -> Tensor.einsum("ijk->i", x),
                        "einsum: 'ijk->i'",
                        "'ijk' names 3 axes",
                        "operand 0 has 2: [2, 3]")
                .rejects(
                        "sides",
                        x -> Tensor.einsum("ij,jk", x, x),
                        "einsum: 'ij,jk'",
                        "label j has 3 and 2",
                        "[2, 3], [2, 3]")
                .rejects("a diagonal", x -> Tensor.einsum("ii", x), "einsum: 'ii'", "label i has 2 and 3", "[2, 3]")
                .rejects(
                        "too few operands",
                        x -> Tensor.einsum("ij,jk->ik", x),
                        "einsum: 'ij,jk->ik'",
                        "2 operands",
                        "1 were given")
                .rejects("no operand", x -> Tensor.einsum("->"), "einsum", "at least one operand")
                .rejects(
                        "a label that is only in the output",
                        x -> Tensor.einsum("ij->iz", x),
                        "einsum: 'ij->iz', position 5",
                        "z is in no operand")
                .rejects(
                        "an output with a label twice",
                        x -> Tensor.einsum("ij->ii", x),
                        "einsum: 'ij->ii', position 5",
                        "label i twice")
                .rejects(
                        "something else than a letter",
                        x -> Tensor.einsum("i2->i", x),
                        "einsum: 'i2->i', position 1",
                        "'2' is no label")
                .rejects(
                        "two ellipses",
                        x -> Tensor.einsum("...i...", x),
                        "einsum: '...i...', position 4",
                        "second ellipsis")
                .rejects("too few axes for an ellipsis", x -> Tensor.einsum("ij...k", x), "einsum", "3 axes besides ...")
                .rejects("two arrows", x -> Tensor.einsum("ij->i->j", x), "einsum: 'ij->i->j', position 5", "'-'")
                .rejects(
                        "axes of an ellipsis that do not broadcast",
                        x -> Tensor.einsum("...,...", x, VECTOR),
                        "axis -1 of ... has 3 and 4")
                .rejects(
                        "two dtypes",
                        x -> Tensor.einsum("ij,ij", x, x.to(DType.FLOAT32)),
                        "einsum",
                        "FLOAT64",
                        "FLOAT32")
                .rejects("INT32 elements", x -> Tensor.einsum("ij", x.to(DType.INT32)), "einsum", "INT32");
    }

    private static String text(int... characters) {
        return new String(characters, 0, characters.length);
    }

    /** Equations for such inputs: axes of one side may have one label, and any labels may be in the output. */
    private static Arbitrary<int[]> equations(List<Shape> shapes) {
        return Arbitraries.randomValue(random -> {
            Map<Integer, List<Character>> ofSide = new HashMap<>();
            String left = shapes.stream()
                    .map(shape -> Arrays.stream(shape.toArray())
                            .mapToObj(side -> label(ofSide, side, random))
                            .collect(Collectors.joining()))
                    .collect(Collectors.joining(","));
            List<String> output = left.chars()
                    .filter(Character::isLetter)
                    .distinct()
                    .filter(label -> random.nextBoolean())
                    .mapToObj(label -> String.valueOf((char) label))
                    .collect(Collectors.toCollection(ArrayList::new));
            java.util.Collections.shuffle(output, random);
            String right = random.nextInt(5) == 0 ? "" : " -> " + String.join("", output);
            return (left + right).chars().toArray();
        });
    }

    private static String label(Map<Integer, List<Character>> ofSide, int side, Random random) {
        List<Character> known = ofSide.computeIfAbsent(side, any -> new ArrayList<>());
        int choice = random.nextInt(known.size() + 1);
        if (choice == known.size()) {
            int number = ofSide.values().stream().mapToInt(List::size).sum();
            known.add((char) ((number % 2 == 0 ? 'a' : 'A') + number));
        }
        return String.valueOf(known.get(choice));
    }

    /** By a loop over all values of all labels; no ellipses. */
    private static NdArray einsum(String equation, NdArray... operands) {
        String[] sides = equation.replace(" ", "").split("->", -1);
        String[] terms = sides[0].split(",", -1);
        String output = sides.length == 2 ? sides[1] : once(sides[0]);
        List<Integer> labels = sides[0].chars().filter(Character::isLetter).distinct().boxed().toList();
        int[] ranges = new int[labels.size()];
        for (int k = 0; k < terms.length; k++) {
            for (int axis = 0; axis < terms[k].length(); axis++) {
                ranges[labels.indexOf((int) terms[k].charAt(axis))] =
                        operands[k].shape().dim(axis);
            }
        }
        List<int[]> all = new ArrayList<>();
        Reference.build(Shape.of(ranges), index -> {
            all.add(index);
            return 0;
        });
        Shape shape = Shape.of(
                output.chars().map(label -> ranges[labels.indexOf(label)]).toArray());
        return Reference.build(shape, index -> all.stream()
                .filter(values -> Arrays.equals(index, at(output, labels, values)))
                .mapToDouble(values -> IntStream.range(0, terms.length)
                        .mapToDouble(k -> operands[k].get(at(terms[k], labels, values)))
                        .reduce(1, (a, b) -> a * b))
                .sum());
    }

    private static String once(String labels) {
        return labels.chars()
                .filter(label -> Character.isLetter(label) && labels.indexOf(label) == labels.lastIndexOf(label))
                .sorted()
                .mapToObj(label -> String.valueOf((char) label))
                .collect(Collectors.joining());
    }

    private static int[] at(String term, List<Integer> labels, int... values) {
        return term.chars().map(label -> values[labels.indexOf(label)]).toArray();
    }

    private static Entry batchedEinsum() {
        return entry(
                        Operation.of("einsum (...)", t -> Tensor.einsum("...ij, ...jk -> ...ki", t))
                                .shapes("(...,n,k),(...,k,m)->(...,m,n)")
                                .reference((t, arguments) ->
                                        matmul(t[0], t[1]).transpose().copy())
                                .order(3),
                        "einsum(String,Tensor[])")
                .formula("as einsum; the axes of `...` broadcast")
                .derivative("as of einsum")
                .kinks("none")
                .rejects(
                        "batches that do not broadcast",
                        x -> Tensor.einsum("...i,...i->...", x, x.reshape(3, 2).broadcastTo(Shape.of(4, 3, 2))),
                        "einsum",
                        "axis -1 of ... has 2 and 3")
                .rejects("an incomplete ellipsis", x -> Tensor.einsum("..i", x), "einsum", "position 0", "'.'")
                .rejects("INT32 elements", x -> Tensor.einsum("...", x.to(DType.INT32)), "einsum", "INT32");
    }

    // ---- other products ----

    private static Entry kron() {
        return entry(
                        Operation.of("kron", t -> t[0].kron(t[1]))
                                .shapes("(a?,b?),(c?,d?,e?)")
                                .reference((t, arguments) -> kron(t[0], t[1]))
                                .order(2),
                        "kron(Tensor)")
                .formula("each element of a times b, along all axes")
                .derivative("the sums over the blocks of g·b and of a·g")
                .kinks("none")
                .rejects("two dtypes", x -> x.kron(x.to(DType.FLOAT32)), "kron", "FLOAT64", "FLOAT32", "to(")
                .rejects("INT32 elements", x -> x.to(DType.INT32).kron(x), "kron", "INT32", "to(FLOAT64)")
                .rejects("too many elements", LinalgFamily::hugeKron, "2147483647");
    }

    private static Tensor hugeKron(Tensor x) {
        Tensor long1 = Tensor.scalar(1).broadcastTo(Shape.of(1 << 16));
        return long1.kron(long1);
    }

    private static NdArray kron(NdArray a, NdArray b) {
        int rank = Math.max(a.shape().rank(), b.shape().rank());
        int[] sidesA = padded(a.shape(), rank);
        int[] sidesB = padded(b.shape(), rank);
        int[] sides = IntStream.range(0, rank).map(k -> sidesA[k] * sidesB[k]).toArray();
        return Reference.build(Shape.of(sides), index -> {
            int[] outside = IntStream.range(0, rank)
                    .map(k -> index[k] / sidesB[k])
                    .toArray();
            int[] inside = IntStream.range(0, rank)
                    .map(k -> index[k] % sidesB[k])
                    .toArray();
            return Reference.broadcast(a, outside) * Reference.broadcast(b, inside);
        });
    }

    private static int[] padded(Shape shape, int rank) {
        return IntStream.range(-rank, 0)
                .map(back -> shape.rank() + back < 0 ? 1 : shape.dim(back))
                .toArray();
    }

    private static Entry cross() {
        return crossErrors(entry(
                        Operation.of("cross", t -> t[0].cross(t[1]))
                                .shapes("(...,3),(...,3)->(...,3)")
                                .reference((t, arguments) -> cross(t[0], t[1], -1))
                                .order(3),
                        "cross(Tensor)")
                .formula("(a₂b₃ − a₃b₂, a₃b₁ − a₁b₃, a₁b₂ − a₂b₁) along the last axis"));
    }

    private static Entry crossAlongAxis() {
        return crossErrors(entry(
                        Operation.of("cross (axis)", (t, axis) -> t[0].cross(t[1], axis[0]))
                                .shapes("(a,3,b?),(a,3,b?)->(a,3,b?)")
                                .arguments(shapes -> Arbitraries.of(1, 1 - shapes.get(0).rank())
                                        .map(axis -> new int[] {axis}))
                                .reference((t, axis) -> cross(t[0], t[1], 1))
                                .order(3),
                        "cross(Tensor,int)")
                .formula("the same along another axis"));
    }

    private static Entry crossErrors(Entry entry) {
        return entry.derivative("b × g; g × a")
                .kinks("none")
                .rejects("a side that is not 3", x -> x.cross(x, 0), "cross", "3 elements", "axis 0", "[2, 3]")
                .rejects("no such axis", x -> x.cross(x, 2), "cross", "axis 2 is out of range", "[2, 3]")
                .rejects("shapes", x -> x.cross(VECTOR), "cross", "[2, 3]", "[4]", "axis -1")
                .rejects("INT32 elements", x -> x.to(DType.INT32).cross(x), "cross", "INT32", "to(FLOAT64)");
    }

    private static NdArray cross(NdArray a, NdArray b, int axis) {
        Shape shape = Shape.broadcast("reference", a.shape(), b.shape());
        int along = Math.floorMod(axis, shape.rank());
        return Reference.build(shape, index -> {
            int[] next = with(index, along, (index[along] + 1) % 3);
            int[] last = with(index, along, (index[along] + 2) % 3);
            return Reference.broadcast(a, next) * Reference.broadcast(b, last)
                    - Reference.broadcast(a, last) * Reference.broadcast(b, next);
        });
    }

    private static Entry trace() {
        return entry(
                        Operation.of("trace", (t, offset) -> offset[0] == 0 ? t[0].trace() : t[0].trace(offset[0]))
                                .shapes("(...,n,m)->(...)")
                                .arguments(shapes -> Arbitraries.integers()
                                        .between(-3, 3)
                                        .map(offset -> new int[] {offset}))
                                .reference((t, offset) -> trace(t[0], offset[0]))
                                .order(2),
                        "trace()",
                        "trace(int)")
                .formula("Σᵢ xᵢ,ᵢ₊ₒ of each matrix")
                .derivative("g on the diagonal")
                .kinks("none; 0 for a diagonal outside of the matrix")
                .rejects("a vector", x -> VECTOR.trace(), "trace", "[4]", "matrix")
                .rejects("a scalar", x -> Tensor.scalar(1).trace(1), "trace", "[]", "matrix")
                .rejects("INT32 elements", x -> x.to(DType.INT32).trace(), "trace", "INT32", "to(FLOAT64)");
    }

    private static NdArray trace(NdArray x, int offset) {
        int rank = x.shape().rank();
        return Reference.build(leading(x.shape(), 2), index -> {
            double sum = 0;
            for (int row = 0; row < x.shape().dim(-2); row++) {
                int column = row + offset;
                if (column >= 0 && column < x.shape().dim(-1)) {
                    sum += x.get(with(with(Arrays.copyOf(index, rank), rank - 2, row), rank - 1, column));
                }
            }
            return sum;
        });
    }

    // ---- distances ----

    private static final double[] ORDERS = {1, 2, 3, 1.5, Double.POSITIVE_INFINITY};

    private static Entry cdist() {
        return cdistErrors(entry(
                        Operation.of("cdist", t -> t[0].cdist(t[1]))
                                .shapes("(...,p,k),(...,r,k)->(...,p,r)")
                                .within(Values.between(-2, 2).distinct())
                                .reference((t, arguments) -> cdist(t[0], t[1], 2))
                                .order(2),
                        "cdist(Tensor)")
                .formula("√Σₖ (aᵢₖ − bⱼₖ)² of each two rows"));
    }

    private static Entry cdistOfOrder() {
        return cdistErrors(entry(
                        Operation.of("cdist (p)", (t, order) -> weighted(t[0]).cdist(weighted(t[1]), ORDERS[order[0]]))
                                .shapes("(...,p,k),(...,r,k)->(...,p,r)")
                                .within(Values.between(-2, 2).distinct())
                                .arguments(LinalgFamily::orders)
                                .reference((t, order) -> cdist(weighted(t[0]), weighted(t[1]), ORDERS[order[0]]))
                                .order(2),
                        "cdist(Tensor,double)")
                .formula("(Σₖ |aᵢₖ − bⱼₖ|ᵖ)^(1/p) of each two rows, maxₖ |aᵢₖ − bⱼₖ| for ∞"));
    }

    /** With a weight for each coordinate, so that no two differences are equally large: the maximum has a kink there. */
    private static Tensor weighted(Tensor x) {
        return x.mul(Tensor.of(weights(x.shape())).to(x.dtype()));
    }

    private static NdArray weighted(NdArray x) {
        return x.mul(weights(x.shape()));
    }

    private static NdArray weights(Shape shape) {
        return Reference.build(Shape.of(shape.dim(-1)), index -> 1 / (1 + 0.63 * index[0]));
    }

    private static Arbitrary<int[]> orders(List<Shape> shapes) {
        return Arbitraries.integers().between(0, ORDERS.length - 1).map(order -> new int[] {order});
    }

    private static Entry cdistErrors(Entry entry) {
        return entry.derivative("g·sign d·(|d|/y)ᵖ⁻¹ for the differences d")
                .kinks("0 of equal points, at first and second order; ties of the maximum share")
                .rejects("rows", x -> x.cdist(x.transpose()), "cdist", "[2, 3] and [3, 2]", "axis -1 has 3 vs 2")
                .rejects("a point", x -> x.cdist(Tensor.of(1, 2, 3)), "cdist", "[3]", "unsqueeze(0)")
                .rejects("an order", x -> x.cdist(x, 0), "cdist", "p > 0", "got 0.0")
                .rejects("INT32 elements", x -> x.cdist(x.to(DType.INT32)), "cdist", "INT32", "to(FLOAT64)");
    }

    private static NdArray cdist(NdArray a, NdArray b, double p) {
        Shape batch = Shape.broadcast("reference", leading(a.shape(), 2), leading(b.shape(), 2));
        int rank = batch.rank() + 2;
        int[] sides = Arrays.copyOf(batch.toArray(), rank);
        sides[rank - 2] = a.shape().dim(-2);
        sides[rank - 1] = b.shape().dim(-2);
        return Reference.build(Shape.of(sides), index -> norm(p, a.shape().dim(-1), k -> {
            int[] ofA = with(index, rank - 1, k);
            int[] ofB = with(with(index, rank - 2, index[rank - 1]), rank - 1, k);
            return Reference.broadcast(a, ofA) - Reference.broadcast(b, ofB);
        }));
    }

    private static double norm(double p, int count, Function<Integer, Double> element) {
        double result = 0;
        for (int k = 0; k < count; k++) {
            double size = Math.abs(element.apply(k));
            result = Double.isInfinite(p) ? Math.max(result, size) : result + Math.pow(size, p);
        }
        return Double.isInfinite(p) ? result : Math.pow(result, 1 / p);
    }

    private static Entry pdist() {
        return pdistErrors(entry(
                        Operation.of("pdist", t -> t[0].pdist())
                                .shapes("(n,k)")
                                .within(Values.between(-2, 2).distinct())
                                // Equal points are a kink.
                                .layouts(withoutRepetition())
                                .reference((t, arguments) -> pdist(t[0], 2))
                                .order(2),
                        "pdist()")
                .formula("cdist of each two rows of one matrix, the first and all later ones, and so on"));
    }

    private static Entry pdistOfOrder() {
        return pdistErrors(entry(
                        Operation.of("pdist (p)", (t, order) -> weighted(t[0]).pdist(ORDERS[order[0]]))
                                .shapes("(n,k)")
                                .within(Values.between(-2, 2).distinct())
                                .layouts(withoutRepetition())
                                .arguments(LinalgFamily::orders)
                                .reference((t, order) -> pdist(weighted(t[0]), ORDERS[order[0]]))
                                .order(2),
                        "pdist(double)")
                .formula("the same by a norm of order p"));
    }

    static Layout[] withoutRepetition() {
        return Arrays.stream(Layout.values())
                .filter(layout -> layout != Layout.EXPANDED)
                .toArray(Layout[]::new);
    }

    private static Entry pdistErrors(Entry entry) {
        return entry.derivative("as of cdist")
                .kinks("as of cdist")
                .rejects("a vector", x -> VECTOR.pdist(), "pdist", "[4]", "matrix")
                .rejects("a batch", x -> x.unsqueeze(0).pdist(1), "pdist", "[1, 2, 3]", "cdist")
                .rejects("an order", x -> x.pdist(-1), "pdist", "p > 0", "got -1.0")
                .rejects("INT32 elements", x -> x.to(DType.INT32).pdist(), "pdist", "INT32", "to(FLOAT64)");
    }

    private static NdArray pdist(NdArray x, double p) {
        NdArray all = cdist(x, x, p);
        int n = x.shape().dim(0);
        double[] pairs = IntStream.range(0, n)
                .boxed()
                .flatMap(i -> IntStream.range(i + 1, n).mapToObj(j -> all.get(i, j)))
                .mapToDouble(distance -> distance)
                .toArray();
        return NdArray.of(Shape.of(pairs.length), pairs);
    }

    // ---- the tables ----

    @Override
    public Map<String, Golden> golden() {
        return Map.of(
                "matmul", (t, arguments) -> t[0].matmul(t[1]),
                "einsum", (t, arguments) -> Tensor.einsum(arguments.text("equation"), t),
                "dot", (t, arguments) -> t[0].dot(t[1]),
                "outer", (t, arguments) -> t[0].outer(t[1]),
                "inner", (t, arguments) -> t[0].inner(t[1]),
                "tensordot", LinalgFamily::goldenTensorDot,
                "kron", (t, arguments) -> t[0].kron(t[1]),
                "cross", (t, arguments) -> t[0].cross(t[1], arguments.integers("axis")[0]),
                "trace", (t, arguments) -> t[0].trace(arguments.integer("offset")));
    }

    private static Tensor goldenTensorDot(Tensor[] t, Arguments arguments) {
        if (!arguments.json().get("axes").isJsonArray()) {
            return t[0].tensorDot(t[1], arguments.integer("axes"));
        }
        int[][] axes = arguments.json().getAsJsonArray("axes").asList().stream()
                .map(list -> list.getAsJsonArray().asList().stream()
                        .mapToInt(axis -> axis.getAsInt())
                        .toArray())
                .toArray(int[][]::new);
        return t[0].tensorDot(t[1], axes[0], axes[1]);
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        return Map.of("pdist", t -> t[0].reshape(2, 1).pdist());
    }
}
