package io.adjoint.proof;

import static io.adjoint.proof.Entry.binary;
import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Entry.unary;
import static io.adjoint.proof.Places.ranges;
import static io.adjoint.testkit.Values.between;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Gradients;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The catalogue's entries for special functions of statistics. */
final class SpecialFamily implements Family {
    private static final Values SHAPE = between(0.4, 5);
    private static final Values PROBABILITY = between(0.1, 0.9);
    private static final Tensor EXPONENT = Tensor.scalar(2.5);

    @Override
    public String title() {
        return "Special functions";
    }

    @Override
    public List<Entry> entries() {
        return List.of(
                unary("erfcx", Tensor::erfcx, between(-2, 4), x -> Math.exp(x * x) * NaiveFunctions.erfc(x), 3),
                unary("i0", Tensor::i0, between(-4, 4), x -> NaiveFunctions.bessel(0, x), 3),
                unary(
                        "i0e",
                        Tensor::i0e,
                        between(-4, 4).awayFrom(0),
                        x -> Math.exp(-Math.abs(x)) * NaiveFunctions.bessel(0, x),
                        3),
                unary("i1", Tensor::i1, between(-4, 4), x -> NaiveFunctions.bessel(1, x), 3),
                unary(
                        "i1e",
                        Tensor::i1e,
                        between(-4, 4).awayFrom(0),
                        x -> Math.exp(-Math.abs(x)) * NaiveFunctions.bessel(1, x),
                        3),
                unary("logNdtr", Tensor::logNdtr, between(-4, 4), SpecialFamily::logNdtr, 3),
                unary("ndtr", Tensor::ndtr, between(-4, 4), NaiveFunctions::normalCdf, 3),
                unary(
                        "ndtri",
                        Tensor::ndtri,
                        between(0.05, 0.95),
                        p -> Math.sqrt(2) * NaiveFunctions.erfinv(2 * p - 1),
                        3),
                multigammaln(),
                binary(
                        "xlog1py",
                        Tensor::xlog1py,
                        between(-2, 2),
                        between(-0.8, 3),
                        (a, b) -> a == 0 ? 0 : a * Math.log(1 + b),
                        3),
                ofParameter("igamma", Tensor::igamma, between(0.2, 6), NaiveFunctions::igamma),
                ofParameter("igammac", Tensor::igammac, between(0.2, 6), (a, x) -> 1 - NaiveFunctions.igamma(a, x)),
                ofParameter("igammaInv", Tensor::igammaInv, PROBABILITY, NaiveFunctions::igammaInv),
                ofParameter(
                        "igammacInv", Tensor::igammacInv, PROBABILITY, (a, q) -> NaiveFunctions.igammaInv(a, 1 - q)),
                ofBeta("betainc", t -> t[0].betainc(t[1], t[2]), NaiveFunctions::betainc),
                ofBeta("betaincInv", t -> t[0].betaincInv(t[1], t[2]), NaiveFunctions::betaincInv),
                zeta());
    }

    private static double logNdtr(double x) {
        return x > 0 ? Math.log1p(-NaiveFunctions.normalCdf(-x)) : Math.log(NaiveFunctions.normalCdf(x));
    }

    private static Entry multigammaln() {
        return entry("multigammaln", (inputs, p) -> inputs[0].multigammaln(p[0]))
                .shapes("(...)->(...)")
                .within(between(1.6, 6))
                .arguments(shapes -> ranges(1, 4))
                .reference((inputs, p) -> Reference.build(
                        inputs[0].shape(), index -> NaiveFunctions.multigammaln(inputs[0].get(index), p[0])))
                .order(3)
                .covering("multigammaln(int)")
                .rejects(CommonMistakes.ofOne(x -> x.multigammaln(2)))
                .rejects("no dimension", x -> x.multigammaln(0), "p from 1 on … 0");
    }

    private static Entry ofParameter(
            String name, BinaryOperator<Tensor> function, Values argument, DoubleBinaryOperator reference) {
        return binary(name, function, SHAPE, argument, reference, 2)
                .rejects(
                        "a derivative of third order in a",
                        a -> third(leaf -> function.apply(leaf, Tensor.of(0.5)), a),
                        "third order … detach()");
    }

    private static Entry ofBeta(String name, Function<Tensor[], Tensor> function, NaiveFunctions.OfThree reference) {
        return entry(name, function)
                .shapes("(...),(...),(...)->(...)")
                .within(SHAPE, SHAPE, PROBABILITY)
                .reference((inputs, arguments) -> ofThree(inputs, reference))
                .order(2)
                .covering(name + "(Tensor,Tensor)")
                .rejects(CommonMistakes.ofTwo((a, b) -> function.apply(new Tensor[] {a, b, b})))
                .rejects(
                        "a derivative of third order in a",
                        a -> third(leaf -> function.apply(new Tensor[] {leaf, Tensor.of(2), Tensor.of(0.5)}), a),
                        "third order … detach()");
    }

    private static NdArray ofThree(NdArray[] inputs, NaiveFunctions.OfThree function) {
        return Reference.build(
                SelectionFamily.common(inputs),
                index -> function.apply(
                        Reference.broadcast(inputs[0], index),
                        Reference.broadcast(inputs[1], index),
                        Reference.broadcast(inputs[2], index)));
    }

    private static Entry zeta() {
        return unary(
                        "zeta",
                        q -> EXPONENT.to(q.dtype()).zeta(q),
                        between(0.2, 5),
                        q -> NaiveFunctions.hurwitz(2.5, q),
                        3)
                .covering("zeta(Tensor)")
                .rejects(
                        "a derivative in s",
                        s -> {
                            s.zeta(Tensor.of(1)).sum().backward();
                            return s;
                        },
                        "derivative in s … detach()");
    }

    /** Computes the third derivative of a function. */
    private static Tensor third(UnaryOperator<Tensor> function, Tensor x) {
        Tensor value = function.apply(x);
        for (int order = 0; order < 3; order++) {
            Gradients found =
                    Autograd.gradients(List.of(value.sum()), List.of(Tensor.scalar(1)), List.of(x), GraphMode.CREATE);
            value = found.find(x).orElseThrow();
        }
        return value;
    }

    @Override
    public Map<String, Golden> golden() {
        return Map.of();
    }

    @Override
    public Map<String, Function<Tensor[], Tensor>> special() {
        Map<String, Function<Tensor[], Tensor>> special = new HashMap<>();
        for (Entry entry : entries()) {
            if (!entry.name().equals("multigammaln") && !entry.name().equals("zeta")) {
                special.put(entry.name(), entry.operation()::apply);
            }
        }
        special.put("multigammaln", t -> t[0].multigammaln(3));
        special.put("zeta", t -> t[0].detach().zeta(t[1]));
        return special;
    }
}
