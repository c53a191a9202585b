package io.adjoint.spark;

import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import java.io.Serializable;

/**
 * Makes the model that is trained or applied, in each executor anew; it must make the same model each time.
 *
 * <p>A saved model has the name of its factory's class. So a factory that is to be saved is a public class with a public constructor
 * without arguments, which the program that loads has, too; a lambda is enough for a factory that is not saved:
 *
 * <pre>{@code
 * public final class Digits implements ModelFactory {
 *     @Override
 *     public Layer of(Shape inputs, int outputs, Generator rng) {
 *         return new Sequential(new Dense(inputs.dim(0), 64, rng), new ReLU(), new Dense(64, outputs, rng));
 *     }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface ModelFactory extends Serializable {
    /**
     * A new model. Of a batch of N rows it takes {@code [N, F]}, or {@code [N, C, H, W]} of images.
     *
     * @param inputs the shape of a row's features: {@code [F]} of vectors and arrays, {@code [C, H, W]} of images
     * @param outputs the number of outputs of a row: of classes, or 1 for a regression
     * @param rng the generator of weights, and of all random numbers that the model draws, as of dropout
     */
    Layer of(Shape inputs, int outputs, Generator rng);
}
