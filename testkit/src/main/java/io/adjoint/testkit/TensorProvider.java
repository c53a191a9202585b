package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.lang.reflect.Parameter;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/**
 * The arbitraries from which jqwik draws {@code @Domain Tensor}, {@code @ForAll Tensor}, {@code @ForAll NdArray}
 * and {@code @ForAll Shape}. jqwik finds this through {@code META-INF/services}.
 */
public final class TensorProvider implements ArbitraryProvider, TypeUsage.Enhancer {
    /** Called by jqwik. */
    public TensorProvider() {}

    @Override
    public boolean canProvideFor(TypeUsage type) {
        return type.isOfType(Tensor.class) || type.isOfType(NdArray.class) || type.isOfType(Shape.class);
    }

    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage type, SubtypeProvider subtypes) {
        if (type.isOfType(Shape.class)) {
            return Set.of(Shapes.any());
        }
        if (type.isOfType(NdArray.class)) {
            return Set.of(alone(type).map(Tensor::data));
        }
        return Set.of(Joint.arbitrary(type).orElseGet(() -> alone(type)));
    }

    @Override
    public TypeUsage forParameter(TypeUsage original, Parameter parameter) {
        return Joint.remember(original, parameter);
    }

    private static Arbitrary<Tensor> alone(TypeUsage type) {
        return type.findAnnotation(Domain.class)
                .map(domain -> Tensors.of(
                        Shapes.any(0, domain.maxRank(), domain.minDim(), domain.maxDim()), Joint.values(domain)))
                .orElseGet(() -> Tensors.of(Values.between(-2, 2)));
    }
}
