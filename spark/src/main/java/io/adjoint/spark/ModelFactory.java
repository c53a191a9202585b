package io.adjoint.spark;

import io.adjoint.core.Generator;
import io.adjoint.nn.Layer;
import java.io.Serializable;

/**
 * Makes the model that is trained or applied, in each executor anew; it must make the same one each time.
 *
 * <p>What is saved with a model is the name of its factory's class. So a factory that is to be saved is a public class with a
 * public constructor without arguments, which the program that loads has, too; a lambda does for all else:
 *
 * <pre>{@code
 * public final class Digits implements ModelFactory {
 *     @Override
 *     public Layer of(int inputs, int outputs, Generator rng) {
 *         return new Sequential(new Dense(inputs, 64, rng), new ReLU(), new Dense(64, outputs, rng));
 *     }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface ModelFactory extends Serializable {
    /**
     * A new model. It takes a batch of rows {@code [N, inputs]}; where its first layer needs another shape, it begins with an
     * {@link io.adjoint.nn.layer.Unflatten}.
     *
     * @param inputs the number of features
     * @param outputs the number of outputs of a row: of classes, or 1 for a regression
     * @param rng the generator of weights, and of all random numbers that the model draws, as of dropout
     */
    Layer of(int inputs, int outputs, Generator rng);
}
