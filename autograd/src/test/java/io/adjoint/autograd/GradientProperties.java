package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.OpCatalog.Case;
import io.adjoint.autograd.OpCatalog.Row;
import io.adjoint.autograd.Samples.Setting;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** What holds for every operation in {@link OpCatalog}, and that the catalogue has every operation. */
@Domain(Samples.class)
@Domain(DomainContext.Global.class)
class GradientProperties {
    private static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(",", "(", ")"));
    }

    @Example
    void everyOperationOfTensorIsInTheCatalogueOrDeclaredToHaveNoGradient() {
        Set<String> operations = Arrays.stream(Tensor.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getReturnType() == Tensor.class)
                .map(GradientProperties::signature)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> listed = new TreeSet<>(OpCatalog.WITHOUT_GRADIENT);
        OpCatalog.ROWS.stream()
                .map(Row::signature)
                .filter(signature -> !signature.startsWith("Pointwise."))
                .forEach(listed::add);

        assertThat(listed).isEqualTo(operations);
        assertThat(OpCatalog.ROWS.stream().map(Row::signature).filter(s -> s.startsWith("Pointwise.")))
                .containsExactlyElementsOf(Arrays.stream(Pointwise.values())
                        .map(f -> "Pointwise." + f)
                        .toList());
    }

    @Property
    void gradientsToSecondOrderAgreeWithFiniteDifferences(@ForAll Setting setting) {
        assertAgree(2, setting);
    }

    /** A rule's own rule can lose the record without the second order's noticing, where it is linear. */
    @Property(tries = 20)
    void gradientsToThirdOrderAgreeWithFiniteDifferences(@ForAll Setting setting) {
        assertAgree(3, setting);
    }

    private static void assertAgree(int order, Setting setting) {
        for (Row row : OpCatalog.ROWS) {
            Case tried = row.maker().apply(setting);
            Tensor[] inputs = tried.inputs().stream().map(Tensor::of).toArray(Tensor[]::new);
            GradCheck.Report report = new GradCheck().order(order).report(tried.function(), inputs);
            assertThat(report.ok())
                    .as("%s of %s: %s", row, shapes(tried), report)
                    .isTrue();
        }
    }

    private static List<String> shapes(Case tried) {
        return tried.inputs().stream().map(x -> x.shape().toString()).toList();
    }

    /** The gradients of the inputs for what arrives at the output. */
    private static List<NdArray> gradients(Case tried, List<NdArray> inputs, NdArray arriving, Graph graph) {
        Tensor[] leaves = Samples.leaves(inputs);
        Tensor output = tried.function().apply(leaves);
        if (output.requiresGrad()) {
            output.backward(Tensor.of(arriving.to(output.dtype())), graph);
        }
        return Arrays.stream(leaves).map(Samples::gradient).toList();
    }

    private static NdArray arriving(Case tried, Random random) {
        Tensor[] constants = tried.inputs().stream().map(Tensor::of).toArray(Tensor[]::new);
        return Samples.normal(tried.function().apply(constants).shape(), random);
    }

    @Property(tries = 30)
    void inputsAndWhatArrivesAreLeftAsTheyWere(@ForAll Setting setting) {
        for (Row row : OpCatalog.ROWS) {
            Case tried = row.maker().apply(setting);
            NdArray arriving = arriving(tried, setting.random());
            List<NdArray> before = tried.inputs().stream().map(NdArray::copy).toList();
            NdArray arrivingBefore = arriving.copy();
            gradients(tried, tried.inputs(), arriving, Graph.FREE);
            gradients(tried, tried.inputs(), arriving, Graph.CREATE);

            assertThat(tried.inputs()).as(row.signature()).isEqualTo(before);
            assertThat(arriving).as(row.signature()).isEqualTo(arrivingBefore);
        }
    }

    @Property(tries = 30)
    void whenZeroArrivesEveryGradientIsExactlyZero(@ForAll Setting setting) {
        for (Row row : OpCatalog.ROWS) {
            Case tried = row.maker().apply(setting);
            NdArray zero = NdArray.zeros(
                    DType.FLOAT64, arriving(tried, setting.random()).shape());
            for (NdArray gradient : gradients(tried, tried.inputs(), zero, Graph.FREE)) {
                assertThat(Arrays.stream(gradient.toDoubleArray()).allMatch(v -> v == 0))
                        .as(row.signature())
                        .isTrue();
            }
        }
    }

    @Property(tries = 30)
    void theSameComputationGivesTheSameBits(@ForAll Setting setting) {
        for (Row row : OpCatalog.ROWS) {
            Case tried = row.maker().apply(setting);
            NdArray arriving = arriving(tried, setting.random());

            assertThat(gradients(tried, tried.inputs(), arriving, Graph.FREE))
                    .as(row.signature())
                    .isEqualTo(gradients(tried, tried.inputs(), arriving, Graph.FREE));
        }
    }

    @Property(tries = 30)
    void aRecordedPassGivesTheGradientsOfAPlainOne(@ForAll Setting setting) {
        for (Row row : OpCatalog.ROWS) {
            Case tried = row.maker().apply(setting);
            NdArray arriving = arriving(tried, setting.random());
            List<NdArray> plain = gradients(tried, tried.inputs(), arriving, Graph.FREE);
            List<NdArray> recorded = gradients(tried, tried.inputs(), arriving, Graph.CREATE);
            for (int k = 0; k < plain.size(); k++) {
                assertThat(Samples.close(recorded.get(k), plain.get(k), 1e-13))
                        .as(row.signature())
                        .isTrue();
            }
        }
    }

    @Property(tries = 30)
    void inFloat32ValuesAndGradientsAgreeWithFloat64(@ForAll Setting setting) {
        for (Row row : OpCatalog.ROWS) {
            Case tried = row.maker().apply(setting);
            List<NdArray> exact = tried.inputs().stream().map(Samples::rounded).toList();
            List<NdArray> floats = new ArrayList<>();
            for (int k = 0; k < exact.size(); k++) {
                floats.add(
                        Samples.laid(exact.get(k).to(DType.FLOAT32), k == 0 ? setting.layoutA() : setting.layoutB()));
            }
            NdArray arriving = Samples.rounded(arriving(tried, setting.random()));
            List<NdArray> expected = gradients(tried, exact, arriving, Graph.FREE);
            List<NdArray> actual = gradients(tried, floats, arriving, Graph.FREE);

            Tensor value = tried.function().apply(Samples.leaves(floats));
            assertThat(value.dtype()).as(row.signature()).isEqualTo(DType.FLOAT32);
            assertThat(Samples.close(
                            value.data(),
                            tried.function().apply(Samples.leaves(exact)).data(),
                            1e-5))
                    .as(row.signature())
                    .isTrue();
            for (int k = 0; k < expected.size(); k++) {
                assertThat(actual.get(k).dtype()).as(row.signature()).isEqualTo(DType.FLOAT32);
                assertThat(Samples.close(actual.get(k), expected.get(k), 1e-5))
                        .as(row.signature())
                        .isTrue();
            }
        }
    }
}
