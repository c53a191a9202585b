package io.adjoint.nn.layer;

import io.adjoint.nn.Layer;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The layers that pool each axis to a given size. */
abstract class AdaptivePooling extends Layer {
    private final int[] sizes;

    AdaptivePooling(String name, int axes, int... sizes) {
        if ((sizes.length != 1 && sizes.length != axes) || Arrays.stream(sizes).anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException(name + ": expected the sizes to pool to, at least 1, one for all " + axes
                    + " axes or one for each, got " + Arrays.toString(sizes));
        }
        this.sizes = sizes.clone();
    }

    final int[] sizes() {
        return sizes.clone();
    }

    @Override
    protected final String describe() {
        return Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining("×"));
    }
}
