package io.adjoint.nn.layer;

import io.adjoint.core.NdArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of a scan over T steps of N samples.
 *
 * @param input the products of the input and its weight, plus their bias, {@code [T, N, G·H]}
 * @param initial the initial states: h {@code [N, P]} and, for cells that have it, c {@code [N, H]}
 * @param weight the weight of h, {@code [G·H, P]}
 * @param bias the bias of the product with h, {@code [G·H]}, if the products with the input and with h are separate; else null, since
 *     {@code input} includes the only bias
 * @param projection the projection from H to P units, {@code [P, H]}; null if there is none
 */
record ScanOperands(
        NdArray input,
        List<NdArray> initial,
        NdArray weight,
        @Nullable NdArray bias,
        @Nullable NdArray projection) {}
