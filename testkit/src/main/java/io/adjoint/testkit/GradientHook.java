package io.adjoint.testkit;

import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.AroundTryHook;
import net.jqwik.api.lifecycle.Lifespan;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import net.jqwik.api.lifecycle.Store;
import net.jqwik.api.lifecycle.TryExecutionResult;
import net.jqwik.api.lifecycle.TryExecutor;
import net.jqwik.api.lifecycle.TryLifecycleContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/**
 * Runs the method of a {@link GradientProperty} with the tensors that were drawn together, and checks the returned tensor and its
 * gradients.
 */
final class GradientHook implements AroundTryHook, AroundPropertyHook {
    static Optional<GradientProperty> settings(Method method) {
        return AnnotationSupport.findAnnotation(method, GradientProperty.class);
    }

    /**
     * The operation of a gradient property, with the shapes, the domains of the inputs and the settings, but without the function, which
     * {@code aroundTry} adds.
     */
    static Operation operation(Method method) {
        GradientProperty settings = settings(method).orElseThrow();
        List<Parameter> tensors = Joint.tensors(method);
        Signature signature = settings.shapes().isEmpty()
                ? new Signature(Signature.elementwise(tensors.size()).inputs(), Optional.empty())
                : Signature.parse(settings.shapes());
        if (signature.inputs().size() != tensors.size()) {
            throw new IllegalArgumentException(name(method) + ": shapes = \"" + settings.shapes() + "\" are of "
                    + signature.inputs().size() + " tensors, but the method has " + tensors.size());
        }
        Operation operation = Operation.of(method.getName(), inputs -> inputs[0])
                .shapes(signature)
                .within(tensors.stream().map(GradientHook::values).toArray(Values[]::new))
                .order(settings.order())
                .gradCheck(new GradCheck().rtol(settings.rtol()).atol(settings.atol()))
                .floatRtol(settings.floatRtol())
                .except(settings.except());
        boolean hasSizes = settings.minDim() != 1 || settings.maxDim() >= 0;
        operation =
                hasSizes ? operation.dims(settings.minDim(), settings.maxDim() < 0 ? 3 : settings.maxDim()) : operation;
        operation = settings.maxRank() < 0 ? operation : operation.axes(0, settings.maxRank());
        return settings.layouts().length == 0 ? operation : operation.layouts(settings.layouts());
    }

    private static Values values(Parameter tensor) {
        return AnnotationSupport.findAnnotation(tensor, Domain.class)
                .map(Joint::values)
                .orElse(Values.between(-2, 2));
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        Method method = context.targetMethod();
        if (!Tensor.class.equals(method.getReturnType())) {
            throw new IllegalArgumentException(
                    name(method) + ": a @GradientProperty returns the Tensor whose gradient is checked, not "
                            + method.getReturnType().getSimpleName());
        }
        if (Joint.tensors(method).isEmpty()) {
            throw new IllegalArgumentException(
                    name(method) + ": a @GradientProperty has at least one parameter @Domain Tensor");
        }
        Joint.tensors(method).stream()
                .filter(tensor -> !AnnotationSupport.isAnnotated(tensor, ForAll.class))
                .findFirst()
                .ifPresent(tensor -> {
                    throw new IllegalArgumentException(name(method) + ": the parameter Tensor " + tensor.getName()
                            + " of a @GradientProperty is drawn by the test kit only if it is marked: @Domain Tensor "
                            + tensor.getName());
                });
        surrogate(method).ifPresent(other -> other.setAccessible(true));
        method.setAccessible(true);
        PropertyExecutionResult result = property.execute();
        if (result.status() == PropertyExecutionResult.Status.SUCCESSFUL) {
            result = lastOperation().get().map(runOnce(method, result)).orElse(result);
        }
        return withSeed(result);
    }

    /** The operation of the last try, with the values that jqwik drew for the parameters other than tensors. */
    private static Store<Optional<Operation>> lastOperation() {
        return Store.getOrCreate(GradientHook.class, Lifespan.PROPERTY, Optional::empty);
    }

    /** Returns a function that runs, once after all tries, the checks that draw a few cases of their own. */
    private static Function<Operation, PropertyExecutionResult> runOnce(
            Method method, PropertyExecutionResult successful) {
        return operation -> {
            boolean hasNoEmpty = settings(method).orElseThrow().minDim() > 1;
            long seed = successful.seed().map(String::hashCode).orElse(0);
            try {
                for (OperationCheck check : OperationCheck.values()) {
                    if (check.isRunOnce() && !(check == OperationCheck.EMPTY && hasNoEmpty)) {
                        operation.check(check, Search.defaultTries(), seed);
                    }
                }
                return successful;
            } catch (PropertyFailure failure) {
                return successful.mapToFailed(failure);
            }
        };
    }

    private static PropertyExecutionResult withSeed(PropertyExecutionResult result) {
        Optional<Throwable> failure = result.throwable();
        return failure.isPresent() && failure.get() instanceof PropertyFailure known
                ? result.mapToFailed(known.withSeed(result.seed()
                        .map(seed -> seed + ", for @Property(seed = \"" + seed + "\") on the method")
                        .orElse("unknown")))
                : result;
    }

    @Override
    public TryExecutionResult aroundTry(TryLifecycleContext context, TryExecutor aTry, List<Object> parameters) {
        Method method = context.targetMethod();
        Case drawn = parameters.stream()
                .filter(Case.class::isInstance)
                .map(Case.class::cast)
                .findFirst()
                .orElseThrow();
        // First, jqwik runs the method once, so that other hooks take effect.
        TryExecutionResult own = aTry.execute(arguments(parameters, drawn.copy().tensors()));
        if (!own.isSatisfied()) {
            return own;
        }
        Object instance = context.testInstance();
        Operation computing = operation(method)
                .computing((inputs, numbers) ->
                        invoke(method, instance, arguments(parameters, inputs).toArray()));
        Operation operation = surrogate(method)
                .map(other -> computing.surrogate((inputs, numbers) ->
                        invoke(other, instance, arguments(parameters, inputs).toArray())))
                .orElse(computing);
        lastOperation().update(previous -> Optional.of(operation));
        for (OperationCheck check : OperationCheck.values()) {
            // Scalars are among the drawn cases, so the check SCALAR, which would draw scalars, is not needed.
            boolean isOther = check.isRunOnce() || check == OperationCheck.SCALAR;
            if (!isOther && check.casesOf(operation).isPresent()) {
                try {
                    check.check(operation, drawn.copy());
                } catch (TestAbortedException assumption) {
                    return TryExecutionResult.invalid(assumption);
                } catch (RuntimeException | AssertionError failure) {
                    return TryExecutionResult.falsified(new PropertyFailure(
                            method.getName() + ": " + check + ": " + Failures.message(failure), drawn, failure, ""));
                }
            }
        }
        return own;
    }

    /** The surrogate method, whose derivatives the gradients must match; empty if the property has no surrogate. */
    private static Optional<Method> surrogate(Method method) {
        String name = settings(method).orElseThrow().surrogate();
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try {
            Method other = method.getDeclaringClass().getDeclaredMethod(name, method.getParameterTypes());
            other.setAccessible(true); // jqwik makes the property's own method accessible, too
            return Optional.of(other);
        } catch (NoSuchMethodException missing) {
            throw new IllegalArgumentException(
                    name(method) + ": surrogate = \"" + name + "\" is no method of its class with the same parameters",
                    missing);
        }
    }

    /**
     * The arguments of the method: {@link Case} and {@link Joint.Beside}, the placeholders among jqwik's parameters, are replaced by
     * tensors.
     */
    private static List<Object> arguments(List<Object> parameters, Tensor... tensors) {
        List<Object> arguments = new ArrayList<>();
        for (Object parameter : parameters) {
            arguments.add(
                    parameter instanceof Case
                            ? tensors[0]
                            : parameter instanceof Joint.Beside beside ? tensors[beside.position()] : parameter);
        }
        return arguments;
    }

    private static Tensor invoke(Method method, Object instance, Object... arguments) {
        try {
            return (Tensor) method.invoke(instance, arguments);
        } catch (InvocationTargetException wrapped) {
            throw Failures.unwrapped(wrapped.getCause());
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
