package io.adjoint.spark;

import java.lang.reflect.Modifier;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable;

/** A param whose value is saved as the name of its class. */
final class ModelFactoryParam extends Param<ModelFactory> {
    private static final long serialVersionUID = 1;

    ModelFactoryParam(Identifiable parent) {
        super(parent, "modelFactory", "makes the model: (inputs, outputs, generator) -> layer");
    }

    @Override
    public String jsonEncode(ModelFactory factory) {
        Class<?> type = factory.getClass();
        boolean isNamed = Modifier.isPublic(type.getModifiers()) && !type.isSynthetic() && !type.isHidden();
        try {
            if (isNamed && Modifier.isPublic(type.getConstructor().getModifiers())) {
                return '"' + type.getName() + '"';
            }
        } catch (NoSuchMethodException e) {
            // Told below.
        }
        throw new IllegalArgumentException(
                "the model factory " + type.getName() + " can't be saved, as it can't be made by its name;"
                        + " write it as a public class with a public constructor without arguments");
    }

    @Override
    public ModelFactory jsonDecode(String json) {
        String name = json.substring(1, json.length() - 1);
        try {
            // Nothing of a class is run before it is known to be a factory.
            Class<?> type = Class.forName(name, false, Thread.currentThread().getContextClassLoader());
            return type.asSubclass(ModelFactory.class).getConstructor().newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalArgumentException(
                    "the model factory " + name + " can't be made: " + e
                            + "; add the jar that it was saved with, as by spark-submit --jars",
                    e);
        }
    }
}
