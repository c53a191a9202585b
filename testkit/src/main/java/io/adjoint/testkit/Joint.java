package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import java.lang.annotation.Annotation;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.providers.TypeUsage;
import org.jspecify.annotations.Nullable;

/**
 * Draws the tensors of a {@link GradientProperty} together. For the first tensor parameter jqwik gets a {@link Case} with all tensors, and
 * for each further tensor parameter a {@link Beside}; {@link GradientHook} replaces these placeholders by the tensors.
 */
final class Joint {
    private static final String PARAMETER = "io.adjoint.testkit.parameter";

    /** A placeholder for a tensor that is drawn together with the first tensor; {@code position} is its index among all tensors. */
    record Beside(int position) {}

    private Joint() {}

    /**
     * The position of a tensor parameter. This annotation is added to the parameter's type so that no two parameters have equal types: in
     * each try jqwik uses one arbitrary for all parameters of equal types.
     */
    @Retention(RetentionPolicy.RUNTIME)
    private @interface Position {
        /** The index of the parameter among the method's parameters. */
        int value();
    }

    /** An instance of the annotation {@link Position}. */
    private record At(int value) implements Position {
        @Override
        public Class<? extends Annotation> annotationType() {
            return Position.class;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Position position && position.value() == value;
        }

        @Override
        public int hashCode() {
            return (127 * "value".hashCode()) ^ value;
        }
    }

    /** Returns the type of a tensor parameter with the parameter and its position attached; returns other types unchanged. */
    static TypeUsage remember(TypeUsage type, Parameter parameter) {
        if (!Tensor.class.equals(type.getRawType())) {
            return type;
        }
        int position =
                List.of(parameter.getDeclaringExecutable().getParameters()).indexOf(parameter);
        return type.withMetaInfo(PARAMETER, parameter).withAnnotation(new At(position));
    }

    /** The arbitrary for a tensor parameter of a gradient property; empty for other parameters. */
    static Optional<Arbitrary<?>> arbitrary(TypeUsage type) {
        return type.getMetaInfo(PARAMETER)
                .map(Parameter.class::cast)
                .filter(parameter -> parameter.getDeclaringExecutable() instanceof Method method
                        && GradientHook.settings(method).isPresent())
                .map(parameter -> {
                    Method method = (Method) parameter.getDeclaringExecutable();
                    List<Parameter> tensors = tensors(method);
                    int position = tensors.indexOf(parameter);
                    return position == 0
                            ? GradientHook.operation(method).differentiableCases()
                            : Tree.arbitrary(random -> Tree.leaf(new Beside(position)));
                });
    }

    static List<Parameter> tensors(Method method) {
        return Arrays.stream(method.getParameters())
                .filter(parameter -> Tensor.class.equals(parameter.getType()))
                .toList();
    }

    /** The {@link Values} that the annotation of a tensor parameter describes. */
    static Values values(Domain domain) {
        Values values = Values.between(domain.min(), domain.max())
                .awayFrom(domain.awayFrom())
                .gap(domain.gap())
                .dtype(domain.dtype());
        values = domain.minOpen() ? values.openMin() : values;
        values = domain.maxOpen() ? values.openMax() : values;
        values = domain.distinct() ? values.distinct() : values;
        return domain.specials() && domain.dtype().isFloating() ? values.withSpecials() : values;
    }
}
