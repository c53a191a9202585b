package io.adjoint.examples;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.autograd.transforms.Trees;
import io.adjoint.core.Generator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The mean of a payoff over random paths, with derivatives with respect to the parameters of a market. Paths come in blocks, each a step of
 * a workspace, so that memory is that of one block, and the results of the blocks, which are independent, tell the standard errors. Each
 * path has its antithetic one, whose normal numbers have the other sign. All means of one object are over the same paths.
 *
 * @param payoff the discounted payoff of each path, {@code [paths]}, from a market and its normal numbers, {@code [normals, paths]}
 * @param normals the number of normal numbers that a path takes
 * @param pairs the number of paths in a block, without the antithetic ones
 */
record MonteCarlo<P>(BiFunction<P, Tensor, Tensor> payoff, int normals, int pairs, int blocks, long seed) {
    /**
     * A mean over blocks.
     *
     * @param error its standard error
     */
    record Mean(double value, double error) {}

    /**
     * A value with its derivatives, derivatives in the order of the market's tensors.
     *
     * @param first the derivative with respect to each parameter
     * @param second the derivative of the directional derivative with respect to each parameter: one row of the Hessian
     */
    record Derivatives(Mean value, List<Mean> first, List<Mean> second) {}

    Derivatives derivatives(P market, P direction) {
        List<List<Double>> blocks = ofEachBlock(z -> {
            Transforms.ValueAndGrad<P> first = Transforms.valueAndGrad(m -> price(m, z), market);
            P second = Transforms.vhp(m -> price(m, z), market, direction);
            // Tensors end with the step, numbers stay.
            return Stream.of(Stream.of(first.value()), leaves(first.gradient()), leaves(second))
                    .flatMap(tensors -> tensors)
                    .map(Tensor::item)
                    .toList();
        });
        List<Mean> means = IntStream.range(0, blocks.get(0).size())
                .mapToObj(k -> mean(blocks.stream().map(block -> block.get(k)).toList()))
                .toList();
        int end = 1 + (int) leaves(market).count();
        return new Derivatives(means.get(0), means.subList(1, end), means.subList(end, means.size()));
    }

    /** The value alone. */
    double value(P market) {
        return mean(ofEachBlock(z -> Autograd.noGrad(() -> price(market, z)).item()))
                .value();
    }

    private Tensor price(P market, Tensor z) {
        return payoff.apply(market, z).mean();
    }

    private static Stream<Tensor> leaves(Object tree) {
        return Trees.leaves(tree).values().stream();
    }

    /** Results of a function of each block's normal numbers, {@code [normals, paths]}. */
    private <T> List<T> ofEachBlock(Function<Tensor, T> function) {
        Generator rng = new Generator(seed);
        Workspace workspace = new Workspace();
        List<T> results = new ArrayList<>();
        for (int block = 0; block < blocks; block++) {
            results.add(workspace.run(() -> {
                Tensor z = Tensor.randn(rng, normals, pairs);
                return function.apply(Tensor.concat(1, z, z.neg()));
            }));
        }
        return results;
    }

    private static Mean mean(List<Double> blocks) {
        double mean = blocks.stream().mapToDouble(x -> x).sum() / blocks.size();
        double squares =
                blocks.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
        return new Mean(mean, Math.sqrt(squares / (blocks.size() - 1) / blocks.size()));
    }
}
