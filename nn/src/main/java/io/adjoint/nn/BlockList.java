package io.adjoint.nn;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

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

    /**
     * A list of blocks; one may occur several times.
     *
     * @throws IllegalArgumentException if one is null
     */
    @SafeVarargs
    @SuppressWarnings("unchecked") // the compiler makes an array of B, or of its bound
    public BlockList(B... blocks) {
        this.type = (Class<B>) blocks.getClass().getComponentType();
        List<B> all = new ArrayList<>();
        for (B block : blocks) {
            all.add(block);
        }
        number(all);
    }

    /** The number of blocks. */
    public int size() {
        return children().size();
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
        return typed(Objects.requireNonNull(children().get(Integer.toString(index(k, size())))), type);
    }

    @Override
    public Iterator<B> iterator() {
        return children().values().stream().map(child -> typed(child, type)).iterator();
    }

    /**
     * Adds a block behind the last one.
     *
     * @throws IllegalArgumentException if it is null or contains this one
     */
    @CanIgnoreReturnValue
    public BlockList<B> append(B block) {
        return insert(size(), block);
    }

    /**
     * Adds a block before the k-th one.
     *
     * @throws IndexOutOfBoundsException if k is negative or above the number of blocks
     * @throws IllegalArgumentException if the block is null or contains this one
     */
    @CanIgnoreReturnValue
    public BlockList<B> insert(int k, B block) {
        return changed(all -> all.add(index(k, all.size() + 1), block));
    }

    /**
     * Puts another block in the position of the k-th one.
     *
     * @throws IndexOutOfBoundsException if there is none of this number
     * @throws IllegalArgumentException if the block is null or contains this one
     */
    @CanIgnoreReturnValue
    public BlockList<B> set(int k, B block) {
        return changed(all -> all.set(index(k, all.size()), block));
    }

    /**
     * Takes the k-th block out.
     *
     * @throws IndexOutOfBoundsException if there is none of this number
     */
    @CanIgnoreReturnValue
    public BlockList<B> remove(int k) {
        return changed(all -> all.remove(index(k, all.size())));
    }

    private static int index(int k, int size) {
        return Settings.requireIndex(BlockList.class, "block", k, size);
    }

    private BlockList<B> changed(Consumer<List<Block>> change) {
        List<Block> all = new ArrayList<>(children().values());
        change.accept(all);
        number(all);
        return this;
    }
}
