package io.adjoint.core;

/**
 * All loops of one floating type, over its Java array.
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
        PatchLoops<A> patches) {
    /** The loops of this module for FLOAT64. */
    public static final Loops<double[]> FLOAT64 = new Loops<>(
            new DoubleProductLoops(),
            new Float64Functions(),
            new DoubleArithmeticLoops(),
            new DoubleReductionLoops(),
            new DoubleNormalizationLoops(),
            new DoubleDropoutLoops(),
            new DoubleAttentionLoops(),
            new DoublePatchLoops());

    /** The loops of this module for FLOAT32. */
    public static final Loops<float[]> FLOAT32 = new Loops<>(
            new FloatProductLoops(),
            new Float32Functions(),
            new FloatArithmeticLoops(),
            new FloatReductionLoops(),
            new FloatNormalizationLoops(),
            new FloatDropoutLoops(),
            new FloatAttentionLoops(),
            new FloatPatchLoops());

    /** These loops with other products. */
    public Loops<A> with(ProductLoops others) {
        return new Loops<>(others, functions, arithmetic, reductions, normalizations, dropout, attention, patches);
    }

    /** These loops with other functions. */
    public Loops<A> with(FunctionLoops<A> others) {
        return new Loops<>(products, others, arithmetic, reductions, normalizations, dropout, attention, patches);
    }

    /** These loops with other reductions. */
    public Loops<A> with(ReductionLoops<A> others) {
        return new Loops<>(products, functions, arithmetic, others, normalizations, dropout, attention, patches);
    }
}
