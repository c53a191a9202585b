package io.adjoint.core;

/**
 * Elements picked along an axis, with their positions: the result of {@code sort}, {@code topK}, {@code cummax} and {@code cummin} of an
 * array.
 *
 * @param values the elements
 * @param indices INT32, of the same shape: their positions along the axis
 */
public record IndexedArrays(NdArray values, NdArray indices) {}
