/**
 * Pages to look at: reports of trainings, and backward passes step by step; each is one HTML file that loads nothing.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.view;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
