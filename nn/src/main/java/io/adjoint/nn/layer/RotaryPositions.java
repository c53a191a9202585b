package io.adjoint.nn.layer;

import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.LibraryOps;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Rotates pairs of elements by an angle that grows with the position (RoPE; Su et al., 2021), so that the product of a query and a key
 * depends on their distance. The i-th pair (a, b) of position p becomes {@code (a·cos φ − b·sin φ, b·cos φ + a·sin φ)} with
 * {@code φ = p / base^(2i/E)}. It is for queries and keys of each head: see {@link HeadOptions#positions}.
 *
 * <p>Shapes: input and output {@code [..., L, E]}, where L is at most the length given and E is even. There is nothing to train, and no
 * state.
 */
public final class RotaryPositions extends Positions {
    private final double base;
    private final Pairing pairing;
    private final NdArray cosines;
    private final NdArray sines;

    /** The elements that make a pair. A model needs the pairing with which its weights were trained. */
    public enum Pairing {
        /** Element i makes a pair with element i + E/2, as in GPT-NeoX and in the Llama models of Hugging Face. */
        HALVES,
        /** Element 2i makes a pair with element 2i + 1, as in the paper and in the Llama models of Meta. */
        NEIGHBOURS
    }

    /** Rotations with the base 10000 of element i with element i + E/2. */
    public RotaryPositions(int length, int embedding) {
        this(length, embedding, 10000, Pairing.HALVES);
    }

    /**
     * Rotations for sequences of at most the given length.
     *
     * @param embedding E, the width of each head
     * @param base the number that determines how far the wavelengths grow, usually 10000
     * @throws IllegalArgumentException if length or embedding is less than 1, the embedding is odd, or the base is not positive and
     *     finite
     */
    public RotaryPositions(int length, int embedding, double base, Pairing pairing) {
        super(length, embedding);
        if (embedding % 2 != 0 || !(base > 0) || Double.isInfinite(base)) {
            throw new IllegalArgumentException("RotaryPositions: expected an even embedding, whose elements make pairs,"
                    + " and a positive base, got " + embedding + " and " + base);
        }
        this.base = base;
        this.pairing = pairing;
        cosines = table(length, embedding / 2, base, StrictMath::cos);
        sines = table(length, embedding / 2, base, StrictMath::sin);
    }

    private static NdArray table(int length, int pairs, double base, DoubleUnaryOperator function) {
        return NdArray.generate(
                DType.FLOAT64,
                Shape.of("RotaryPositions", length, pairs),
                k -> function.applyAsDouble(
                        Math.floorDiv(k, pairs) * StrictMath.pow(base, -(k % pairs) / (double) pairs)));
    }

    @Override
    Tensor at(Tensor x, int from, int to) {
        x.dtype().requireFloating("rotaryPositions");
        NdArray cosine = cosines.slice(0, from, to).to(x.dtype());
        NdArray sine = sines.slice(0, from, to).to(x.dtype());
        return rotated(x, cosine, sine);
    }

    /** The rotation as one recorded operation, whose backward rule rotates the gradient back. */
    private Tensor rotated(Tensor x, NdArray cosine, NdArray sine) {
        return LibraryOps.op(
                "rotaryPositions", rotated(x.data(), cosine, sine), edge(x, g -> rotated(g, cosine, sine.mul(-1))));
    }

    private NdArray rotated(NdArray x, NdArray cosine, NdArray sine) {
        int rank = x.shape().rank();
        int half = x.shape().dim(-1) / 2;
        if (pairing == Pairing.HALVES) {
            NdArray a = x.slice(rank - 1, 0, half);
            NdArray b = x.slice(rank - 1, half, 2 * half);
            return NdArray.concat(rank - 1, turned(a, b, cosine, sine));
        }
        NdArray a = x.slice(rank - 1, 0, 2 * half, 2);
        NdArray b = x.slice(rank - 1, 1, 2 * half, 2);
        return NdArray.concat(
                        rank,
                        turned(a, b, cosine, sine).stream()
                                .map(part -> part.unsqueeze(rank))
                                .toList())
                .reshape(x.shape());
    }

    private static List<NdArray> turned(NdArray a, NdArray b, NdArray cosine, NdArray sine) {
        return List.of(a.mul(cosine).sub(b.mul(sine)), b.mul(cosine).add(a.mul(sine)));
    }

    /** The elements that make a pair. */
    public Pairing pairing() {
        return pairing;
    }

    @Override
    protected String describe() {
        return super.describe()
                + (base == 10000 ? "" : ", base " + base)
                + (pairing == Pairing.HALVES ? "" : ", neighbours");
    }
}
