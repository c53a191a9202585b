package io.adjoint.core;

/**
 * All loops for one floating type, on Java arrays of that type.
 *
 * @hidden
 */
@Internal
public record Loops<A>(
        ProductLoops products,
        FunctionLoops<A> functions,
        ArithmeticLoops<A> arithmetic,
        ReductionLoops<A> reductions,
        NormalizationLoops<A> normalizations,
        DropoutLoops<A> dropout,
        AttentionLoops<A> attention,
        ConvolutionLoops<A> convolutions) {
    private static final ProductLoops FLOAT64_PRODUCTS = new DoubleProductLoops();
    private static final ProductLoops FLOAT32_PRODUCTS = new FloatProductLoops();

    /** This module's loops for FLOAT64. */
    public static final Loops<double[]> FLOAT64 = new Loops<>(
            FLOAT64_PRODUCTS,
            new Float64Functions(),
            new DoubleArithmeticLoops(),
            new DoubleReductionLoops(),
            new DoubleNormalizationLoops(),
            new DoubleDropoutLoops(),
            new DoubleAttentionLoops(),
            new DoubleConvolutionLoops(FLOAT64_PRODUCTS));

    /** This module's loops for FLOAT32. */
    public static final Loops<float[]> FLOAT32 = new Loops<>(
            FLOAT32_PRODUCTS,
            new Float32Functions(),
            new FloatArithmeticLoops(),
            new FloatReductionLoops(),
            new FloatNormalizationLoops(),
            new FloatDropoutLoops(),
            new FloatAttentionLoops(),
            new FloatConvolutionLoops(FLOAT32_PRODUCTS));

    /** These loops, but with other {@link ProductLoops}. */
    public Loops<A> with(ProductLoops others) {
        return new Loops<>(others, functions, arithmetic, reductions, normalizations, dropout, attention, convolutions);
    }

    /** These loops, but with other {@link FunctionLoops}. */
    public Loops<A> with(FunctionLoops<A> others) {
        return new Loops<>(products, others, arithmetic, reductions, normalizations, dropout, attention, convolutions);
    }

    /** These loops, but with other {@link ArithmeticLoops}. */
    public Loops<A> with(ArithmeticLoops<A> others) {
        return new Loops<>(products, functions, others, reductions, normalizations, dropout, attention, convolutions);
    }

    /** These loops, but with other {@link ReductionLoops}. */
    public Loops<A> with(ReductionLoops<A> others) {
        return new Loops<>(products, functions, arithmetic, others, normalizations, dropout, attention, convolutions);
    }

    /** These loops, but with other {@link NormalizationLoops}. */
    public Loops<A> with(NormalizationLoops<A> others) {
        return new Loops<>(products, functions, arithmetic, reductions, others, dropout, attention, convolutions);
    }

    /** These loops, but with other {@link AttentionLoops}. */
    public Loops<A> with(AttentionLoops<A> others) {
        return new Loops<>(products, functions, arithmetic, reductions, normalizations, dropout, others, convolutions);
    }

    /** These loops, but with other {@link ConvolutionLoops}. */
    public Loops<A> with(ConvolutionLoops<A> others) {
        return new Loops<>(products, functions, arithmetic, reductions, normalizations, dropout, attention, others);
    }
}
