package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * A list of blocks, registered as {@code 0}, {@code 1}, …, for a block that runs them in its own way; PyTorch's {@code ModuleList}. It
 * computes nothing itself: {@link Sequential} runs layers one after the other.
 *
 * <pre>{@code
 * heads = child("heads", new BlockList<Dense>());
 * for (int k = 0; k < tasks; k++) {
 *     heads.append(new Dense(64, 10, rng));
 * }
 * }</pre>
 *
 * <p>{@link #append}, {@link #insert}, {@link #set} and {@link #remove} change the object itself; blocks behind an inserted or removed one
 * get other numbers.
 *
 * @param <B> the blocks' type; in a list that generic code makes, for a type variable, a {@linkplain Block#replace substitute} is
 *     checked against the variable's bound alone, so {@code get} may fail with a {@link ClassCastException} after a replacement
 */
public final class BlockList<B extends Block> extends Block implements Iterable<B> {
    private final Class<B> type;
    private final List<B> blocks;

    /**
     * A list of blocks; one may occur several times.
     *
     * @throws IllegalArgumentException if one is null
     */
    @SafeVarargs
    @SuppressWarnings("unchecked") // the compiler makes an array of B, or of its bound
    public BlockList(B... blocks) {
        this.type = (Class<B>) blocks.getClass().getComponentType();
        this.blocks = new ArrayList<>();
        for (B block : blocks) {
            this.blocks.add(block);
        }
        number(this.blocks);
    }

    /** The number of blocks. */
    public int size() {
        return blocks.size();
    }

    /**
     * A block; of a {@linkplain Block#replace replaced} layer the substitute, unless that isn't of the list's type: then the layer itself,
     * whose {@code forward} runs the substitute.
     *
     * @param k its number, from 0 on
     * @throws IndexOutOfBoundsException if there is none of this number
     */
    @CheckReturnValue
    public B get(int k) {
        return blocks.get(index(k, blocks.size()));
    }

    @Override
    public Iterator<B> iterator() {
        return Collections.unmodifiableList(blocks).iterator();
    }

    /**
     * Adds a block behind the last one.
     *
     * @throws IllegalArgumentException if it is null or contains this one
     */
    @CanIgnoreReturnValue
    public BlockList<B> append(B block) {
        return insert(blocks.size(), block);
    }

    /**
     * Adds a block before the k-th one.
     *
     * @throws IndexOutOfBoundsException if k is negative or above the number of blocks
     * @throws IllegalArgumentException if the block is null or contains this one
     */
    @CanIgnoreReturnValue
    public BlockList<B> insert(int k, B block) {
        List<Block> all = registered();
        all.add(index(k, blocks.size() + 1), block);
        number(all);
        blocks.add(k, block);
        return this;
    }

    /**
     * Puts another block in the position of the k-th one.
     *
     * @throws IndexOutOfBoundsException if there is none of this number
     * @throws IllegalArgumentException if the block is null or contains this one
     */
    @CanIgnoreReturnValue
    public BlockList<B> set(int k, B block) {
        List<Block> all = registered();
        all.set(index(k, blocks.size()), block);
        number(all);
        blocks.set(k, block);
        return this;
    }

    /**
     * Takes the k-th block out.
     *
     * @throws IndexOutOfBoundsException if there is none of this number
     */
    @CanIgnoreReturnValue
    public BlockList<B> remove(int k) {
        List<Block> all = registered();
        all.remove(index(k, blocks.size()));
        number(all);
        blocks.remove(k);
        return this;
    }

    @Override
    void replaceChild(String name, Block block) {
        super.replaceChild(name, block);
        if (type.isInstance(block)) {
            blocks.set(Integer.parseInt(name), type.cast(block));
        }
    }

    private static int index(int k, int size) {
        return Settings.requireIndex(BlockList.class, "block", k, size);
    }

    /** The registered children, including the substitutes of replaced layers. */
    private List<Block> registered() {
        return new ArrayList<>(children().values());
    }
}
