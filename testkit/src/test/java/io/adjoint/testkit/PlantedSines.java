package io.adjoint.testkit;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Collects faults that are planted in a sine, in a product of elements, or in another operation. */
class PlantedSines {
    /** A fault, and the known reason why the kit does not find it, its excuse; the excuse is empty if the kit finds the fault. */
    record Hidden(String name, Operation shape, Supplier<Function<Tensor[], Tensor>> faulty, String excuse) {
        Operation operation() {
            Function<Tensor[], Tensor> function = faulty.get();
            return shape.computing((inputs, numbers) -> function.apply(inputs));
        }
    }

    static final Operation SINE =
            Operation.unary("sine", x -> x).shapes("(...)->(...)").order(2);
    static final Operation PRODUCT = Operation.binary("product", (a, b) -> a)
            .shapes("(...),(...)->(...)")
            .order(2);
    static final Operation MATRICES =
            Operation.binary("matmul", (a, b) -> a).shapes("(n,k),(k,m)").order(2);

    final List<Hidden> all = new ArrayList<>();

    /** Adds a fault that each use of the operation begins anew. */
    void fresh(Operation shape, String name, String excuse, Supplier<Function<Tensor[], Tensor>> faulty) {
        all.add(new Hidden(name, shape, faulty, excuse));
    }

    void fresh(String name, Supplier<Function<Tensor[], Tensor>> faulty) {
        fresh(SINE, name, "", faulty);
    }

    void add(Operation shape, String name, String excuse, Function<Tensor[], Tensor> faulty) {
        fresh(shape, name, excuse, () -> faulty);
    }

    /** Adds a fault in a sine. */
    void add(String name, UnaryOperator<Tensor> faulty) {
        add(SINE, name, "", t -> faulty.apply(t[0]));
    }

    /** Adds a sine with a wrong rule. */
    void rule(Operation shape, String name, String excuse, BiFunction<Tensor, Tensor, Tensor> rule) {
        add(shape, name, excuse, t -> sine(t[0], g -> rule.apply(t[0], g)));
    }

    void rule(String name, BiFunction<Tensor, Tensor, Tensor> rule) {
        rule(SINE, name, "", rule);
    }

    /** The gradient of an input of a product. */
    interface ProductRule {
        Tensor of(Tensor a, Tensor b, Tensor g);
    }

    /** Adds a product with a wrong rule for the first input. */
    void product(String name, String excuse, ProductRule ofFirst) {
        product(name, excuse, ofFirst, (a, b, g) -> g.mul(a));
    }

    void product(String name, String excuse, ProductRule ofFirst, ProductRule ofSecond) {
        add(
                PRODUCT,
                name,
                excuse,
                t -> product(t[0], t[1], g -> ofFirst.of(t[0], t[1], g), g -> ofSecond.of(t[0], t[1], g)));
    }

    static Tensor sine(Tensor x, UnaryOperator<Tensor> rule) {
        return op("sine", x.data().map(Math::sin), edge(x, rule));
    }

    /** A sine without a fault. */
    static Tensor sine(Tensor x) {
        return sine(x, g -> right(x, g));
    }

    static Tensor right(Tensor x, Tensor g) {
        return g.mul(x.cos());
    }

    static Tensor product(Tensor a, Tensor b, UnaryOperator<Tensor> ofA, UnaryOperator<Tensor> ofB) {
        return op("product", a.data().mul(b.data()), edge(a, ofA), edge(b, ofB));
    }
}
