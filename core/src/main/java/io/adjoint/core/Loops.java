package io.adjoint.core;

import io.adjoint.core.loops.ArithmeticLoops;
import io.adjoint.core.loops.ConvolutionLoops;
import io.adjoint.core.loops.DoubleArithmeticLoops;
import io.adjoint.core.loops.DoubleConvolutionLoops;
import io.adjoint.core.loops.DoubleDropoutLoops;
import io.adjoint.core.loops.DoubleNormalizationLoops;
import io.adjoint.core.loops.DoublePoolingLoops;
import io.adjoint.core.loops.DoubleProductLoops;
import io.adjoint.core.loops.DoubleReductionLoops;
import io.adjoint.core.loops.DropoutLoops;
import io.adjoint.core.loops.FloatArithmeticLoops;
import io.adjoint.core.loops.FloatConvolutionLoops;
import io.adjoint.core.loops.FloatDropoutLoops;
import io.adjoint.core.loops.FloatNormalizationLoops;
import io.adjoint.core.loops.FloatPoolingLoops;
import io.adjoint.core.loops.FloatProductLoops;
import io.adjoint.core.loops.FloatReductionLoops;
import io.adjoint.core.loops.NormalizationLoops;
import io.adjoint.core.loops.PoolingLoops;
import io.adjoint.core.loops.ProductLoops;
import io.adjoint.core.loops.ReductionLoops;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

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
        PoolingLoops<A> pooling,
        ConvolutionLoops<A> convolutions) {
    private static final ProductLoops FLOAT64_PRODUCTS = new DoubleProductLoops();
    private static final ProductLoops FLOAT32_PRODUCTS = new FloatProductLoops();

    /** This module's loops for FLOAT64. */
    public static final Loops<double[]> FLOAT64 = new Loops<>(
            FLOAT64_PRODUCTS,
            functions(f -> f.float64, f -> f.float64),
            new DoubleArithmeticLoops(),
            new DoubleReductionLoops(),
            new DoubleNormalizationLoops(),
            new DoubleDropoutLoops(),
            new DoublePoolingLoops(),
            new DoubleConvolutionLoops(FLOAT64_PRODUCTS));

    /** This module's loops for FLOAT32. */
    public static final Loops<float[]> FLOAT32 = new Loops<>(
            FLOAT32_PRODUCTS,
            functions(f -> f.float32, f -> f.float32),
            new FloatArithmeticLoops(),
            new FloatReductionLoops(),
            new FloatNormalizationLoops(),
            new FloatDropoutLoops(),
            new FloatPoolingLoops(),
            new FloatConvolutionLoops(FLOAT32_PRODUCTS));

    private static <A> FunctionLoops<A> functions(
            Function<UnaryFunction, FunctionLoops.Unary<A>> unary,
            Function<BinaryFunction, FunctionLoops.Binary<A>> binary) {
        Map<UnaryFunction, FunctionLoops.Unary<A>> ofOne = new EnumMap<>(UnaryFunction.class);
        Map<BinaryFunction, FunctionLoops.Binary<A>> ofTwo = new EnumMap<>(BinaryFunction.class);
        for (UnaryFunction f : UnaryFunction.values()) {
            ofOne.put(f, unary.apply(f));
        }
        for (BinaryFunction f : BinaryFunction.values()) {
            ofTwo.put(f, binary.apply(f));
        }
        return new FunctionLoops<>(ofOne, ofTwo);
    }

    /** These loops, but with other products, and convolutions by them. */
    Loops<A> with(ProductLoops others, ConvolutionLoops<A> byOthers) {
        return new Loops<>(others, functions, arithmetic, reductions, normalizations, dropout, pooling, byOthers);
    }
}
