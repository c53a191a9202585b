package io.adjoint.autograd;

/**
 * Elements picked along an axis, with their positions: what {@code sort}, {@code topK}, {@code max}, {@code median} and the like along
 * an axis return, and {@code maxPool2dWithIndices} of the plane that the last axes make up.
 *
 * @param values the elements; each passes its gradient to the element that it was picked from
 * @param indices INT32, of the same shape: their positions along the axis, or in the plane
 */
public record IndexedValues(Tensor values, Tensor indices) {}
