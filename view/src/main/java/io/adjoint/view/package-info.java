/**
 * Pages and logs of trainings and gradients. Each page is one HTML file that loads nothing.
 *
 * <p>{@link io.adjoint.view.Report} has the curves of a training, {@link io.adjoint.view.LivePage} shows it while the training runs, and
 * {@link io.adjoint.view.ChainRulePage} shows a backward pass step by step.
 *
 * <pre>{@code
 * Report report = new Report("Digits");
 * trainer.log(report).fit(train, 40);
 * report.write(Path.of("digits.html"));
 * }</pre>
 *
 * <p>Go on with {@code docs/seeing.md}.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.view;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
