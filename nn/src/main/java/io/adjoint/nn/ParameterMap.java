package io.adjoint.nn;

import io.adjoint.autograd.Tensor;
import java.util.Map;

/** The parameters that a block registers together by {@link Block#parameters(String, Map)}; it computes nothing. */
final class ParameterMap extends Block {
    ParameterMap(Map<String, Tensor> leaves) {
        leaves.forEach(this::parameter);
    }
}
