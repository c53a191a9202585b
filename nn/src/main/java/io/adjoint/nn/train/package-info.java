/**
 * Helpers around a training loop, all of them optional.
 *
 * <p>{@link io.adjoint.nn.train.Trainer} is the loop with validations, early stopping and logs; {@link io.adjoint.nn.train.Evaluator}
 * computes loss and metrics over data; {@link io.adjoint.nn.train.Doctor} finds usual mistakes of a training.
 *
 * <pre>{@code
 * History history = Trainer.of(model, optimizer, new CrossEntropy()).metrics(new Accuracy()).fit(train, 40);
 * Evaluation result = Evaluator.of(model, new CrossEntropy()).evaluate(test, new Accuracy());
 * }</pre>
 *
 * <p>Go on with {@code docs/training.md}, which has the explicit loop, too.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.nn.train;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
