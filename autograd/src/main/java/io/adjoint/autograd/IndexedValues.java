package io.adjoint.autograd;

/**
 * Elements picked along an axis, with their positions: the result of {@code sort}, {@code topK}, {@code max}, {@code median} and similar
 * operations along an axis, and of {@code maxPool2dWithIndices}, whose positions are in the plane of the last two axes.
 *
 * @param values the elements; each passes its gradient to the element that it was picked from
 * @param indices INT32, of the same shape: their positions along the axis, or in the plane
 */
public record IndexedValues(Tensor values, Tensor indices) {}
