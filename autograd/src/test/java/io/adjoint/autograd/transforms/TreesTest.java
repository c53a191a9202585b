package io.adjoint.autograd.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adjoint.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TreesTest {
    private final Tensor one = Tensor.of(1, 1);
    private final Tensor two = Tensor.of(2, 2, 2);
    private final Tensor labels = Tensor.of(new int[] {7});

    private record Dense(Tensor weight, @Nullable Tensor bias) {}

    @SuppressWarnings("ArrayRecordComponent") // that arrays work is what is tested
    private record Model(
            String name,
            List<Dense> layers,
            Map<String, Tensor> more,
            Tensor[] table,
            Tensor labels,
            Optional<Tensor> scale,
            int[] sizes) {}

    private Model model() {
        Map<String, Tensor> more = new LinkedHashMap<>();
        more.put("z", one);
        more.put("a", two);
        return new Model(
                "m",
                List.of(new Dense(one, null), new Dense(two, one)),
                more,
                new Tensor[] {two},
                labels,
                Optional.of(one),
                new int[] {1});
    }

    @Test
    void leavesAreTheFloatingTensorsInOrderByTheirPaths() {
        assertThat(Trees.leaves(model()))
                .containsExactly(
                        Map.entry(".layers[0].weight", one),
                        Map.entry(".layers[1].weight", two),
                        Map.entry(".layers[1].bias", one),
                        Map.entry(".more[\"z\"]", one),
                        Map.entry(".more[\"a\"]", two),
                        Map.entry(".table[0]", two),
                        Map.entry(".scale", one));
        assertThat(Trees.leaves(one)).containsExactly(Map.entry("", one));
        assertThat(Trees.leaves(labels)).isEmpty();
    }

    @Test
    void mapKeepsTheStructureAndWhatIsNoLeaf() {
        Model model = model();
        Model doubled = Trees.map(model, x -> x.mul(2));

        assertThat(Trees.leaves(doubled).keySet())
                .containsExactlyElementsOf(Trees.leaves(model).keySet());
        assertThat(doubled.layers().get(1).weight().data()).isEqualTo(two.mul(2).data());
        assertThat(doubled.layers().get(0).bias()).isNull();
        assertThat(doubled.name()).isEqualTo("m");
        assertThat(doubled.labels()).isSameAs(labels);
        assertThat(doubled.sizes()).isSameAs(model.sizes());
        assertThat(doubled.table()).isNotSameAs(model.table());
        assertThat(model.table()).containsExactly(two);
    }

    @Test
    void aPartWithoutLeavesIsTheSameObject() {
        List<Object> plain = List.of("a", Map.of("b", 1), new TreeMap<>(Map.of(1, List.of())));

        assertThat(Trees.map(plain, x -> x.mul(2))).isSameAs(plain);
    }

    @Test
    void aSortedMapStaysSorted() {
        TreeMap<String, Tensor> map = new TreeMap<>(Map.of("b", one, "a", two));
        record Sorted(TreeMap<String, Tensor> map) {}

        assertThat(Trees.map((Map<String, Tensor>) map, x -> x).keySet()).containsExactly("a", "b");
        assertThat(Trees.zip(new Sorted(map), new Sorted(map), (a, b) -> a).map())
                .isSameAs(map);
    }

    @Test
    void nullsStayInLists() {
        assertThat(Trees.map(Arrays.asList(one, null), x -> x.mul(3)).get(1)).isNull();
    }

    @Test
    void zipGoesByPaths() {
        Map<String, Tensor> a = new LinkedHashMap<>();
        a.put("x", one);
        a.put("y", two);
        Map<String, Tensor> b = new LinkedHashMap<>();
        b.put("y", two);
        b.put("x", one);

        Map<String, Tensor> sum = Trees.zip(a, b, Tensor::add);

        assertThat(sum.keySet()).containsExactly("x", "y");
        assertThat(sum)
                .extractingByKey("y")
                .extracting(Tensor::data)
                .isEqualTo(Tensor.of(4, 4, 4).data());
    }

    @Test
    void zipNamesWhatIsMissing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trees.zip(new Dense(one, two), new Dense(one, null), Tensor::add))
                .withMessage(
                        "Trees.zip: the first tree at .bias is FLOAT64 [3], but the second has no such tensor there");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trees.zip(List.of(one), List.of(one, two), Tensor::add))
                .withMessage(
                        "Trees.zip: the second at [1] is FLOAT64 [3], but the first tree has no such tensor there");
    }

    @Test
    void aSetIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trees.leaves(List.of(Set.of(one))))
                .withMessageContaining("at [0] has no order to rely on; put tensors into a List or a Map");
    }

    @Test
    void keysThatAreEqualAsTextAreRefused() {
        Map<Object, Tensor> map = new LinkedHashMap<>();
        map.put(1, one);
        map.put("1", two);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trees.leaves(map))
                .withMessage("Trees: two tensors are at [\"1\"]; keys of a map must differ as text");
    }

    @Test
    void aRecordMayDeclareInterfacesOfCollectionsOnly() {
        record Narrow(ArrayList<Tensor> list) {}

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trees.map(List.of(new Narrow(new ArrayList<>(List.of(one)))), x -> x.mul(2)))
                .withMessage("Trees: at [0], record Narrow declares a component as a class of collection;"
                        + " declare it as List, Map or SortedMap");
    }

    @Test
    void aConstructorThatRefusesIsNamedWithItsReason() {
        record Positive(Tensor x) {
            Positive {
                if (x.amin().item() <= 0) {
                    throw new IllegalStateException("not positive");
                }
            }
        }

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trees.map(new Positive(one), Tensor::neg))
                .withMessage("Trees: record Positive refuses other tensors instead of its own:"
                        + " java.lang.IllegalStateException: not positive")
                .withCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void anAccessorThatFailsIsNamed() {
        @SuppressWarnings({"EffectivelyPrivate", "UnusedMethod"}) // reflection calls it
        record Broken(Tensor x) {
            @Override
            public Tensor x() {
                if (x.shape().rank() > 0) {
                    throw new IllegalStateException("closed");
                }
                return x;
            }
        }

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trees.leaves(new Broken(one)))
                .withMessage("Trees: Broken.x() failed: java.lang.IllegalStateException: closed");
    }

    @Test
    void anythingElseStays() {
        Runnable action = () -> {};

        assertThat(Trees.map(new Object[] {one, action}, x -> x.mul(2))[1]).isSameAs(action);
    }
}
