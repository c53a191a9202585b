package io.adjoint.nn;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Identity;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.Residual;
import io.adjoint.nn.layer.Tanh;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests Sequential, BlockList and BlockMap. */
class BlockListsTest {
    private final Generator rng = new Generator(1);

    @Test
    void layersAreGotInsertedSetAppendedAndRemoved() {
        Dense dense = new Dense(2, 2, rng);
        Sequential model = new Sequential(new Tanh());
        model.append(dense).insert(0, new ReLU()).set(1, new Identity());

        assertThat(model.size()).isEqualTo(3);
        assertThat(model.get(2)).isSameAs(dense);
        assertThat(model.namedBlocks().keySet()).containsExactly("", "0", "1", "2");
        assertThat(model.namedParameters().keySet()).containsExactly("2.weight", "2.bias");
        Tensor x = Tensor.of(1, -2);
        assertThat(model.forward(x).data()).isEqualTo(dense.forward(x.relu()).data());
        model.remove(0);
        assertThat(model.namedParameters().keySet()).containsExactly("1.weight", "1.bias");
        assertThat(model.forward(x).data()).isEqualTo(dense.forward(x).data());
    }

    @Test
    @SuppressWarnings("NullAway") // the test passes null, which is refused
    void aWrongChangeLeavesTheLayersAsTheyAre() {
        Sequential model = new Sequential(new Tanh(), new ReLU());
        String before = model.toString();

        thrown(IndexOutOfBoundsException.class, () -> model.get(2));
        thrown(IndexOutOfBoundsException.class, () -> model.insert(3, new ReLU()));
        refused(() -> model.insert(1, null)).withMessage("Sequential: layer 1 of 3 is null");
        refused(() -> model.append(new Sequential(model)));
        assertThat(model.toString()).isEqualTo(before);
    }

    @Test
    void aListRegistersItsBlocksByNumber() {
        Dense a = new Dense(1, 1, rng);
        Dense b = new Dense(1, 1, rng);
        BlockList<Dense> list = new BlockList<>(a);
        list.append(b).insert(0, b);

        assertThat(list).containsExactly(b, a, b);
        assertThat(list.namedParameters().keySet()).hasSize(6).contains("2.weight");
        assertThat(list.parameters()).hasSize(4);
        assertThat(list.remove(0).get(0)).isSameAs(a);
        assertThat(list.set(0, b).size()).isEqualTo(2);
        assertThat(list.parameters()).hasSize(2);
    }

    @Test
    void aMapRegistersItsBlocksByName() {
        Dense a = new Dense(1, 1, rng);
        Dense b = new Dense(1, 1, rng);
        BlockMap<Dense> map = new BlockMap<Dense>().put("x", a).put("y", a).put("x", b);

        assertThat(map.names()).containsExactly("x", "y");
        assertThat(map.get("x")).isSameAs(b);
        assertThat(map.children().get("x")).isSameAs(b);
        assertThat(map.remove("x").size()).isEqualTo(1);
        assertThat(map.namedParameters().keySet()).containsExactly("y.weight", "y.bias");
        refused(() -> map.get("x")).withMessage("BlockMap: there is no block 'x', but [y]");
        refused(() -> map.put("a.b", a));
        assertThat(List.of(map.names().toArray())).isEqualTo(List.of("y"));
    }

    @Test
    void afterAReplacementTheSubstituteIsGot() {
        Sequential sequential = new Sequential(new Dense(1, 1, rng));
        BlockList<Layer> list = new BlockList<>(new Dense(1, 1, rng));
        BlockMap<Layer> map = new BlockMap<Layer>().put("x", new Dense(1, 1, rng));
        for (Block model : List.of(sequential, list, map)) {
            model.replace(Dense.class, layer -> new Residual(layer));
        }

        assertThat(sequential.get(0)).isInstanceOf(Residual.class);
        assertThat(list.get(0))
                .isInstanceOf(Residual.class)
                .isSameAs(list.children().get("0"));
        assertThat(list).containsExactly(list.get(0));
        assertThat(map.get("x"))
                .isInstanceOf(Residual.class)
                .isSameAs(map.children().get("x"));
        assertThat(((BlockList<?>) list.copy()).get(0)).isInstanceOf(Residual.class);
    }

    /** A cast of the substitute to the list's type would fail. */
    @Test
    void aLayerWhoseSubstituteIsOfAnotherTypeThanTheListStaysThereAndRunsTheSubstitute() {
        Dense dense = new Dense(1, 1, rng);
        BlockList<Dense> list = new BlockList<>(dense);
        BlockMap<Dense> map = new BlockMap<Dense>().put("x", dense);
        Tensor x = Tensor.of(2);
        Tensor expected = x.add(dense.forward(x));
        Block model = new BlockList<>(list, map);
        model.replace(Dense.class, layer -> new Residual(layer));

        assertThat(list.get(0)).isSameAs(dense);
        assertThat(list.get(0).forward(x).data()).isEqualTo(expected.data());
        assertThat(map.get("x").forward(x).data()).isEqualTo(expected.data());
        Dense other = new Dense(1, 1, rng);
        model.replace(Residual.class, residual -> other);
        assertThat(list.get(0)).isSameAs(other);
        assertThat(map.get("x")).isSameAs(other);
    }
}
