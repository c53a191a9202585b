package io.adjoint.autograd;

/** What slides over images and signals: the rules are in Convolution. */
sealed interface ConvolutionMethods permits Tensor {}
