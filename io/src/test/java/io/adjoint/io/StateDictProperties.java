package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Tests models that are trees of the layers of {@link Counterpart}. */
class StateDictProperties {
    private static final NdArray WRONG = NdArray.zeros(DType.BOOL, Shape.of(1));

    /** A part of a model, from which blocks with different parameters can be made. */
    private interface Part {
        Block made(Init init);
    }

    /** A part that makes a block with the given parts as its children, by their names. */
    private record Tree(Map<String, Part> parts) implements Part {
        @Override
        public Block made(Init init) {
            return new Group(parts, init);
        }
    }

    private static final class Group extends Block {
        private Group(Map<String, Part> parts, Init init) {
            parts.forEach((name, part) -> child(name, part.made(init)));
        }
    }

    @Provide
    Arbitrary<Part> models() {
        Arbitrary<Part> leaves = Arbitraries.of(Counterpart.ALL)
                .map(row -> init -> row.made(init).block());
        Arbitrary<Part> groups = named(leaves);
        return named(Arbitraries.oneOf(leaves, groups));
    }

    private static Arbitrary<Part> named(Arbitrary<Part> parts) {
        Arbitrary<String> names =
                Arbitraries.of("0", "1", "encoder", "hiddenLayer", "layer_2", "Mixed_5b", "AuxLogits", "b", "ä");
        return Arbitraries.maps(names, parts).ofMinSize(1).ofMaxSize(4).map(map -> new Tree(new LinkedHashMap<>(map)));
    }

    private static Block made(Part part, long seed) {
        return part.made(new Init(new Generator(seed)).dtype(DType.FLOAT32));
    }

    @Property
    void whatIsWrittenIsLoadedBitByBit(@ForAll("models") Part part) {
        Block from = made(part, 1);
        Block to = made(part, 2);
        Map<String, NdArray> state = new StateDict(from).state();
        LoadReport report = new StateDict(to).load(state);
        assertThat(report.isExact()).isTrue();
        assertThat(report.converted()).isEmpty();
        assertThat(to.state()).isEqualTo(from.state());
        assertThat(new StateDict(to).state()).containsExactlyEntriesOf(state);
    }

    @Property
    void eachArrayOfTheModelHasAName(@ForAll("models") Part part) {
        Block model = made(part, 1);
        assertThat(new StateDict(model).names().values())
                .containsExactlyInAnyOrderElementsOf(model.state().keySet());
    }

    @Property
    void renamingUndoesWhatNamesBeginWith(@ForAll("models") Part part, @ForAll("prefixes") String prefix) {
        Block from = made(part, 1);
        Block to = made(part, 2);
        Map<String, NdArray> state = new LinkedHashMap<>();
        new StateDict(from).state().forEach((name, array) -> state.put(prefix + name, array));
        new StateDict(to).rename("^" + Pattern.quote(prefix), "").load(state);
        assertThat(to.state()).isEqualTo(from.state());
    }

    @Provide
    Arbitrary<String> prefixes() {
        return Arbitraries.of("module.", "model.net.", "_orig_mod.", "a+b.");
    }

    /** The damage to a state: for each array whether it is kept (0), left out (1) or made wrong (2), and the names of added arrays. */
    private record Damage(List<Integer> kinds, Set<String> added) {}

    @Provide
    Arbitrary<Damage> damages() {
        Arbitrary<List<Integer>> kinds =
                Arbitraries.of(0, 0, 0, 1, 2).list().ofMinSize(1).ofMaxSize(20);
        Arbitrary<Set<String>> added =
                Arbitraries.of("x", "0.y", "encoder.z.weight").set().ofMaxSize(2);
        return Combinators.combine(kinds, added).as(Damage::new);
    }

    @Property
    void aReportHasExactlyWhatIsWrongAndARefusalChangesNothing(
            @ForAll("models") Part part, @ForAll("damages") Damage damage) {
        Block from = made(part, 1);
        Block to = made(part, 2);
        Map<String, NdArray> before = to.state();
        Map<String, NdArray> state = new StateDict(from).state();
        List<String> names = new ArrayList<>(new StateDict(to).names().keySet());
        Set<String> missing = new LinkedHashSet<>();
        Set<String> mismatched = new LinkedHashSet<>();
        for (int k = 0; k < names.size(); k++) {
            String name = names.get(k);
            // A shared parameter that is missing under one name is found under its other name.
            boolean shared = name.endsWith("wte.weight") || name.endsWith("lm_head.weight");
            int kind = shared ? 0 : damage.kinds().get(k % damage.kinds().size());
            if (kind == 1) {
                state.remove(name);
                missing.add(name);
            } else if (kind == 2) {
                state.put(name, WRONG);
                mismatched.add(name);
            }
        }
        damage.added().forEach(name -> state.put(name, WRONG));
        LoadReport report = new StateDict(to).compare(state);
        assertThat(report.missing().keySet()).isEqualTo(missing);
        assertThat(report.mismatched().keySet()).isEqualTo(mismatched);
        assertThat(report.unexpected().keySet()).isEqualTo(damage.added());
        if (report.isExact()) {
            return;
        }
        assertThatThrownBy(() -> new StateDict(to).load(state))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(report.toString());
        assertThat(to.state()).isEqualTo(before);
        if (!mismatched.isEmpty()) {
            assertThatThrownBy(() -> new StateDict(to).strict(false).load(state))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(to.state()).isEqualTo(before);
        } else if (!report.loaded().isEmpty()) {
            assertThat(new StateDict(to).strict(false).load(state)).isEqualTo(report);
            missing.forEach(name -> assertThat(new StateDict(to).state().get(name))
                    .isEqualTo(before.get(new StateDict(to).names().get(name))));
            report.loaded()
                    .forEach(name ->
                            assertThat(new StateDict(to).state().get(name)).isEqualTo(state.get(name)));
        }
    }
}
