package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Set;

/**
 * Blocks by name, registered under these names, for a block that chooses among them; PyTorch's {@code ModuleDict}. It computes nothing
 * itself.
 *
 * <pre>{@code
 * heads = child("heads", new BlockMap<Layer>().put("age", new Dense(64, 1, rng)).put("sex", new Dense(64, 2, rng)));
 * }</pre>
 *
 * <p>{@link #put} and {@link #remove} change the object itself.
 *
 * @param <B> the blocks' type; in a map that generic code makes, for a type variable, a {@linkplain Block#replace substitute} is
 *     checked against the variable's bound alone, so {@code get} may fail with a {@link ClassCastException} after a replacement
 */
public final class BlockMap<B extends Block> extends Block {
    private final Class<B> type;

    /**
     * A map without blocks.
     *
     * @param none nothing: the compiler makes an empty array, which has the blocks' type
     */
    @SafeVarargs
    @SuppressWarnings("unchecked") // the compiler makes an array of B, or of its bound
    public BlockMap(B... none) {
        this.type = (Class<B>) none.getClass().getComponentType();
    }

    /** The number of blocks. */
    public int size() {
        return children().size();
    }

    /** The names in the order in which they were put. */
    public Set<String> names() {
        return children().keySet();
    }

    /**
     * The block of a name; of a {@linkplain Block#replace replaced} layer the substitute, unless that isn't of the map's type: then the
     * layer itself, whose {@code forward} runs the substitute.
     *
     * @throws IllegalArgumentException if there is none
     */
    @CheckReturnValue
    public B get(String name) {
        Block block = children().get(name);
        if (block == null) {
            throw new IllegalArgumentException("BlockMap: there is no block '" + name + "', but " + names());
        }
        return typed(block, type);
    }

    /**
     * Registers a block under a name; one that had this name is removed from the map.
     *
     * @throws IllegalArgumentException if the name is empty or has a dot, or the block is null or contains this one
     */
    @CanIgnoreReturnValue
    public BlockMap<B> put(String name, B block) {
        if (children().containsKey(name) && block != null) {
            replaceChild(name, block);
        } else {
            child(name, block);
        }
        return this;
    }

    /**
     * Takes a block out.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    @CanIgnoreReturnValue
    public BlockMap<B> remove(String name) {
        B unused = get(name); // refuses a name that there isn't
        removeChild(name);
        return this;
    }
}
