/**
 * Data sets, and the batches that a training loop takes from them.
 *
 * <p>A {@link io.adjoint.nn.data.Dataset} has numbered samples; a {@link io.adjoint.nn.data.DataLoader} makes shuffled batches of it;
 * {@link io.adjoint.nn.data.Csv} reads a table from a file.
 *
 * <pre>{@code
 * Dataset<Batch> samples = Dataset.of(x, y);
 * for (Batch batch : new DataLoader<>(samples, 32).shuffle(rng)) {
 *     Tensor output = model.forward(batch.x());
 * }
 * }</pre>
 *
 * <p>Data too large for memory are a {@link io.adjoint.nn.data.DataStream}. Go on with {@code docs/data.md}.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
