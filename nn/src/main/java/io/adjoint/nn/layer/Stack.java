package io.adjoint.nn.layer;

import io.adjoint.nn.Block;
import io.adjoint.nn.Settings;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Blocks of one kind, registered as {@code 0}, {@code 1}, …, which their owner runs one after the other. */
final class Stack<B extends Block> extends Block {
    private final List<B> blocks;

    /** As many blocks as wanted, each made anew. */
    Stack(String owner, int count, Supplier<B> maker) {
        Settings.requireCount(owner, "number of layers", count);
        blocks = Stream.generate(maker).limit(count).toList();
        for (int k = 0; k < count; k++) {
            child(Integer.toString(k), blocks.get(k));
        }
    }

    List<B> blocks() {
        return blocks;
    }
}
