package io.adjoint.proof;

import static io.adjoint.autograd.Index.all;
import static io.adjoint.autograd.Index.at;
import static io.adjoint.autograd.Index.ellipsis;
import static io.adjoint.autograd.Index.mask;
import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Index;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The catalogue's entries for indexing, and for selection from all elements or rows. */
final class IndexingFamily implements Family {
    static final Values NUMBERS = Values.between(-2, 2);
    static final Values THREE = Values.integers(0, 2);

    @Override
    public String title() {
        return "Indexing";
    }

    @Override
    public List<Entry> entries() {
        return List.of(
                index(),
                indexInText(),
                indexByMask(),
                indexPut(),
                maskedSelect(),
                take(),
                embedding(),
                embeddingWithPadding(),
                oneHot(),
                binCount(),
                nonZero());
    }

    private static Entry index() {
        return entry("index", (t, code) -> t[0].get(IndexLanguage.decode(code)))
                .shapes("(...)")
                .argumentsOf(shape -> IndexLanguage.fitting(shape))
                .reference((inputs, code) -> IndexLanguage.get(inputs[0], code))
                .order(2)
                .covering("get(Index[])")
                .fails("a number out of range", x -> x.get(all(), at(3)), "get … index 3 … axis 1 … [2, 3]")
                .fails(
                        "a list out of range",
                        x -> x.get(Index.of(0, -3)),
                        "get … index -3 … axis 0 … [2, 3] … 2 elements")
                .fails("too many indices", x -> x.get(at(0), at(0), all()), "get … too many … [0, 0, :] … [2, 3]")
                .fails("two ellipses", x -> x.get(ellipsis(), ellipsis()), "get … 2 ellipses")
                .fails("an index of floats", x -> x.get(Index.of(x)), "FLOAT64 … to(INT32)")
                .fails(
                        "lists that differ",
                        x -> x.get(Index.of(0, 1), Index.of(0, 1, 2)),
                        "get … broadcast … [2] … [3]")
                .fails("a step of 0", x -> x.get(Index.range(0, 2, 0)), "Index.range … step is 0")
                .fails("every 0th", x -> x.get(Index.every(0)), "Index.every … step is 0");
    }

    private static Entry indexInText() {
        return entry("index in text", (t, code) -> t[0].get(IndexLanguage.text(code)))
                .shapes("(...)")
                .argumentsOf(shape -> IndexLanguage.fitting(shape))
                .reference((inputs, code) -> IndexLanguage.get(inputs[0], code))
                .order(2)
                .covering("get(String)")
                .fails("a word", x -> x.get("0, x"), "get … position 3 … 'x'")
                .fails("a decimal number", x -> x.get("0:1.5"), "whole number … position 2 … 1.5")
                .fails("a list without end", x -> x.get("[0, 1"), "closing bracket … position 5 … the end")
                .fails("a ragged list", x -> x.get("[[0, 1], [0]]"), "2 elements … position 9")
                .fails("a step of 0", x -> x.get("::0"), "step … position 2")
                .fails("a number out of range", x -> x.get("..., 3"), "get … index 3 … axis 1 … [2, 3]");
    }

    private static Entry indexByMask() {
        return entry("index by mask", t -> t[0].get(mask(t[1])))
                .shapes("(n,m?,k?),(n,m?)")
                .within(NUMBERS, Values.booleans())
                .reference((inputs, none) -> {
                    int masked = inputs[1].shape().rank();
                    List<int[]> chosen = indices(inputs[1].shape()).stream()
                            .filter(index -> inputs[1].get(index) != 0)
                            .toList();
                    int[] dims = inputs[0].shape().toArray();
                    dims[masked - 1] = chosen.size();
                    int[] result = Arrays.copyOfRange(dims, masked - 1, dims.length);
                    return Reference.build(Shape.of(result), index -> {
                        int[] position = Arrays.copyOf(chosen.get(index[0]), dims.length);
                        System.arraycopy(index, 1, position, masked, dims.length - masked);
                        return inputs[0].get(position);
                    });
                })
                .order(2)
                .fails("a mask of floats", x -> x.get(mask(x)), "FLOAT64 … x.gt(0) … to(BOOL)")
                .fails(
                        "a mask of another size",
                        x -> x.get(mask(ints(1, 0, 1).ne(0))),
                        "get … mask [3] … axis 0 … the mask has 3 … the tensor 2")
                .fails(
                        "a mask of too many axes",
                        x -> x.get(mask(x.gt(1).unsqueeze(0))),
                        "get … too many … [1, 2, 3] … [2, 3]");
    }

    private static Entry indexPut() {
        return entry("indexPut", (t, code) -> {
                    Shape shape = t[0].get(IndexLanguage.decode(code)).shape();
                    return t[0].indexPut(t[1].broadcastTo(shape).mul(2), IndexLanguage.decode(code));
                })
                .shapes("(...),()")
                .argumentsOf(shape -> IndexLanguage.fitting(shape))
                .reference((inputs, code) -> {
                    var meaning = new IndexLanguage.Meaning(inputs[0].shape(), code);
                    Map<List<Integer>, Double> put = new HashMap<>();
                    indices(meaning.shape())
                            .forEach(index -> put.put(boxed(meaning.pointed(index)), inputs[1].item() * 2));
                    return Reference.build(
                            inputs[0].shape(), index -> put.getOrDefault(boxed(index), inputs[0].get(index)));
                })
                .order(2)
                .covering("indexPut(Tensor,Index[])")
                .rejects("values too many", x -> x.indexPut(x, at(0)), "[2, 3] … [3] … [0]")
                .rejects("a number out of range", x -> x.indexPut(x, at(2)), "index 2 … axis 0 … [2, 3]")
                .rejects("two dtypes", x -> x.indexPut(ints(1), at(0)), "FLOAT64 … INT32 … to(");
    }

    static List<Integer> boxed(int... numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    // ---- elements by a mask, rows by index ----

    private static Entry maskedSelect() {
        return entry("maskedSelect", t -> t[0].maskedSelect(t[1]))
                .shapes("(...),(...)")
                .within(NUMBERS, Values.booleans())
                .reference((inputs, none) -> {
                    Shape shape = Shape.broadcast("mask", inputs[0].shape(), inputs[1].shape());
                    double[] chosen = indices(shape).stream()
                            .filter(index -> Reference.broadcast(inputs[1], index) != 0)
                            .mapToDouble(index -> Reference.broadcast(inputs[0], index))
                            .toArray();
                    return NdArray.of(Shape.of(chosen.length), chosen);
                })
                .order(2)
                .covering("maskedSelect(Tensor)")
                .rejects("a mask of floats", x -> x.maskedSelect(x), "FLOAT64 … x.gt(0) … to(BOOL)")
                .rejects(
                        "a mask of another shape",
                        x -> x.maskedSelect(ints(1, 0).ne(0)),
                        "[2, 3] … [2]")
                .rejects("a mask turned round", x -> x.maskedSelect(zeros(3, 2).ne(0)), "[2, 3] … [3, 2]");
    }

    private static Entry take() {
        return entry("take", t -> t[0].take(t[1]))
                .shapes("(3,2),(n?,m?)->(n?,m?)")
                .within(NUMBERS, Values.integers(0, 5))
                .reference((inputs, none) -> Reference.build(inputs[1].shape(), index -> {
                    int position = (int) inputs[1].get(index);
                    return inputs[0].get(position / 2, position % 2);
                }))
                .order(2)
                .covering("take(Tensor)")
                .rejects("an index out of range", x -> x.take(ints(0, 6)), "index 6 … [6] … 6 elements")
                .rejects("a negative index", x -> x.take(ints(-1)), "index -1 … 6 elements")
                .rejects("an index of floats", x -> x.take(x), "FLOAT64 … to(INT32)");
    }

    private static Entry embedding() {
        return entry("embedding", t -> t[0].embedding(t[1]))
                .shapes("(3,k?),(n?,m?)->(n?,m?,k?)")
                .within(NUMBERS, THREE)
                .reference((inputs, none) -> embedded(inputs[0], inputs[1]))
                .order(2)
                .covering("embedding(Tensor)")
                .rejects("an index out of range", x -> x.embedding(ints(2)), "index 2 … [2, 3] … 2 elements")
                .rejects("an index of floats", x -> x.embedding(x), "FLOAT64 … to(INT32)")
                .rejects("a table without rows", x -> x.sum().embedding(ints(0)), "[] … [rows, columns]");
    }

    private static NdArray embedded(NdArray table, NdArray index) {
        int axes = index.shape().rank();
        int[] dims = Arrays.copyOf(index.shape().toArray(), axes + table.shape().rank() - 1);
        System.arraycopy(table.shape().toArray(), 1, dims, axes, dims.length - axes);
        return Reference.build(Shape.of(dims), at -> {
            int[] position = new int[table.shape().rank()];
            System.arraycopy(at, axes, position, 1, position.length - 1);
            position[0] = (int) index.get(Arrays.copyOf(at, axes));
            return table.get(position);
        });
    }

    private static Entry embeddingWithPadding() {
        // The padding row is a constant in this entry: it gets no gradient, but finite differences would find one.
        return entry("embedding with padding", t -> {
                    Shape row = t[0].slice(0, 0, 1).shape();
                    Tensor padding = Tensor.ones(t[0].dtype(), row);
                    return Tensor.concat(0, padding, t[0]).embedding(t[1], 0);
                })
                .shapes("(2,k?),(n?,m?)->(n?,m?,k?)")
                .within(NUMBERS, THREE)
                .reference((inputs, none) -> {
                    int[] dims = inputs[0].shape().toArray();
                    dims[0] = 3;
                    NdArray table = Reference.build(Shape.of(dims), at -> {
                        int[] own = at.clone();
                        own[0]--;
                        return own[0] < 0 ? 1 : inputs[0].get(own);
                    });
                    return embedded(table, inputs[1]);
                })
                .order(2)
                .covering("embedding(Tensor,int)")
                .rejects("a padding row that is not there", x -> x.embedding(ints(0), 2), "padding index 2 … 2 rows")
                .rejects("an index out of range", x -> x.embedding(ints(2), 0), "index 2 … [2, 3]")
                .rejects("an index of floats", x -> x.embedding(x, 0), "FLOAT64 … to(INT32)");
    }

    // ---- without gradient ----

    private static Entry oneHot() {
        return entry("oneHot", t -> t[0].oneHot(3))
                .shapes("(n?,m?)->(n?,m?,3)")
                .within(THREE)
                .reference((inputs, none) -> {
                    int axes = inputs[0].shape().rank();
                    int[] dims = Arrays.copyOf(inputs[0].shape().toArray(), axes + 1);
                    dims[axes] = 3;
                    return Reference.build(
                            Shape.of(dims), at -> inputs[0].get(Arrays.copyOf(at, axes)) == at[axes] ? 1 : 0);
                })
                .order(0)
                .covering("oneHot(int)")
                .rejects("a class out of range", x -> ints(0, 3).oneHot(3), "index 3 … 3 elements")
                .rejects("classes of floats", x -> x.oneHot(7), "FLOAT64 … to(INT32)")
                .rejects("a negative number of classes", x -> ints(0).oneHot(-1), "-1");
    }

    private static Entry binCount() {
        return entry("binCount", t -> t[0].binCount(3))
                .shapes("(...)")
                .within(THREE)
                .reference((inputs, none) -> Reference.build(
                        Shape.of(3),
                        at -> Arrays.stream(inputs[0].toIntArray())
                                .filter(element -> element == at[0])
                                .count()))
                .order(0)
                .covering("binCount(int)")
                .rejects("a class out of range", x -> ints(0, 3).binCount(3), "index 3 … 3 elements")
                .rejects("classes of floats", x -> x.binCount(7), "FLOAT64 … to(INT32)")
                .rejects("a negative number of classes", x -> ints(0).binCount(-1), "-1");
    }

    private static Entry nonZero() {
        return entry("nonZero", t -> t[0].nonZero())
                .shapes("(...)")
                .within(Values.integers(0, 1))
                .reference((inputs, none) -> {
                    Shape shape = inputs[0].shape();
                    List<int[]> found = indices(shape).stream()
                            .filter(index -> inputs[0].get(index) != 0)
                            .toList();
                    return Reference.build(Shape.of(found.size(), shape.rank()), at -> found.get(at[0])[at[1]]);
                })
                .order(0)
                .covering("nonZero()")
                .fails("a mean of indices", x -> x.nonZero().mean(), "mean … INT32 … to(FLOAT64)")
                .fails("a gradient of indices", x -> x.nonZero().requiresGrad(true), "INT32 … to(FLOAT64)")
                .fails(
                        "rows of indices as an index",
                        x -> x.indexSelect(0, x.nonZero()),
                        "indexSelect … one axis … [6, 2]");
    }

    static Tensor ints(int... numbers) {
        return Tensor.of(numbers);
    }

    static Tensor zeros(int... dims) {
        return Tensor.zeros(DType.INT32, dims);
    }

    static List<int[]> indices(Shape shape) {
        List<int[]> indices = new ArrayList<>();
        Reference.build(shape, index -> indices.add(index) ? 0 : 1);
        return indices;
    }

    // ---- tables ----

    @Override
    public Map<String, Golden> golden() {
        return Map.of(
                "index", (t, a) -> IndexLanguage.evaluate(t[0], a.text("expr")),
                "maskedSelect", (t, a) -> t[0].maskedSelect(a.mask("mask")),
                "embedding",
                        (t, a) -> a.has("paddingIdx")
                                ? t[0].embedding(a.indices("index"), a.integer("paddingIdx"))
                                : t[0].embedding(a.indices("index")));
    }
}
