package io.adjoint.spark;

import java.lang.reflect.Modifier;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable;

/**
 * A Spark param whose value is a factory and is saved as the name of the factory's class.
 *
 * @param <F> the interface of the factory
 */
final class FactoryParam<F> extends Param<F> {
    private static final long serialVersionUID = 1;

    private final Class<F> type;
    private final String label;

    private FactoryParam(Identifiable parent, String name, String doc, Class<F> type, String label) {
        super(parent, name, doc);
        this.type = type;
        this.label = label;
    }

    static FactoryParam<ModelFactory> ofModel(Identifiable parent) {
        return new FactoryParam<>(
                parent,
                "modelFactory",
                "makes the model: (shape of inputs, number of outputs, generator) -> layer",
                ModelFactory.class,
                "model factory");
    }

    static FactoryParam<OptimizerFactory> ofOptimizer(Identifiable parent) {
        return new FactoryParam<>(
                parent,
                "optimizerFactory",
                "makes the optimizer, Adam if undefined: (parameters, learning rate) -> optimizer",
                OptimizerFactory.class,
                "optimizer factory");
    }

    static FactoryParam<ScheduleFactory> ofSchedule(Identifiable parent) {
        return new FactoryParam<>(
                parent,
                "scheduleFactory",
                "makes the schedule of learning rates, constant if undefined: (learning rate, steps) -> schedule",
                ScheduleFactory.class,
                "schedule factory");
    }

    @Override
    public String jsonEncode(F factory) {
        Class<?> own = factory.getClass();
        boolean isNamed = Modifier.isPublic(own.getModifiers()) && !own.isSynthetic() && !own.isHidden();
        try {
            if (isNamed && Modifier.isPublic(own.getConstructor().getModifiers())) {
                return '"' + own.getName() + '"';
            }
        } catch (NoSuchMethodException e) {
            // The exception below says which constructor the class must have.
        }
        throw new IllegalArgumentException(
                "the " + label + " " + own.getName() + " can't be saved, as it can't be made by its name;"
                        + " write it as a public class with a public constructor without arguments");
    }

    @Override
    public F jsonDecode(String json) {
        String name = json.replace("\"", "");
        try {
            // The class is not initialized before it is known to be a factory, so that no code of any other class runs.
            Class<?> own = Class.forName(name, false, Thread.currentThread().getContextClassLoader());
            return own.asSubclass(type).getConstructor().newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalArgumentException(
                    "the " + label + " " + name + " can't be made: " + e
                            + "; add the jar that it was saved with, as by spark-submit --jars",
                    e);
        }
    }
}
