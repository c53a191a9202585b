package io.adjoint.core;

import io.adjoint.core.math.Distributions;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A random generator whose state can be saved and restored: xoshiro256++ by Blackman and Vigna (2021), with a period of 2²⁵⁶ − 1. Like all
 * generators of the JDK's interface it may be passed wherever a {@link RandomGenerator} is expected. For one thread at a time.
 *
 * <p>A seed gives the same numbers on every JDK. The methods that draw from a distribution use the library's own algorithms. Random tensors
 * use the same algorithms with any generator, and call only its {@code nextLong()}: normal and exponential numbers by inversion (Wichura's
 * algorithm AS 241; the logarithm), whole numbers as {@code ⌊u·n⌋}. Each number takes one {@code nextLong()}, except that {@link
 * #nextLong(long, long)} may reject some. The first normal numbers of seed 1 are −1.3153632773431607, −1.1433452275829936,
 * 0.12585197783305058, 1.1412085927712474.
 */
public final class Generator implements RandomGenerator, Stateful {
    /** The fractional part of the golden ratio: the increment of SplitMix64, which derives a state from a seed. */
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private long s0;
    private long s1;
    private long s2;
    private long s3;

    /** A generator whose numbers the seed determines; seeds that differ in any bit give unrelated numbers. */
    public Generator(long seed) {
        long z = seed;
        s0 = mix(z += GAMMA);
        s1 = mix(z += GAMMA);
        s2 = mix(z += GAMMA);
        s3 = mix(z + GAMMA);
        if (RandomStreams.isUsed) {
            RandomStreams.keep(this);
        }
    }

    /** Hashes two numbers to one by SplitMix64's output function; the order of the two matters. */
    static long mixed(long first, long second) {
        return mix(mix(first + GAMMA) + second);
    }

    /** SplitMix64's output function. */
    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }

    /** A generator whose numbers depend on this generator's state and a key; keys that differ in any bit give unrelated generators. */
    Generator derive(long key) {
        return new Generator(mixed(mixed(mixed(mixed(key, s0), s1), s2), s3));
    }

    @Override
    public long nextLong() {
        return RandomStreams.isUsed ? RandomStreams.of(this).next() : next();
    }

    /** The next number of this generator's own sequence, even while a stream supplies the numbers of {@link #nextLong}. */
    long next() {
        long result = Long.rotateLeft(s0 + s3, 23) + s0;
        long t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = Long.rotateLeft(s3, 45);
        return result;
    }

    @Override
    public double nextDouble() {
        return Distributions.uniform(this);
    }

    @Override
    public double nextDouble(double bound) {
        return nextDouble(0, bound);
    }

    /**
     * {@inheritDoc} The number is {@code origin + u·(bound − origin)}, or the largest number below the bound if this sum is rounded to the
     * bound.
     */
    @Override
    public double nextDouble(double origin, double bound) {
        requireOrder("nextDouble", origin < bound && Double.isFinite(bound - origin), origin, bound);
        return Math.min(origin + nextDouble() * (bound - origin), Math.nextDown(bound));
    }

    @Override
    public float nextFloat() {
        return (nextLong() >>> 40) * 0x1p-24f;
    }

    @Override
    public float nextFloat(float bound) {
        return nextFloat(0, bound);
    }

    /**
     * {@inheritDoc} The number is {@code origin + u·(bound − origin)}, or the largest number below the bound if this sum is rounded to the
     * bound.
     */
    @Override
    public float nextFloat(float origin, float bound) {
        requireOrder("nextFloat", origin < bound && Float.isFinite(bound - origin), origin, bound);
        return Math.min(origin + nextFloat() * (bound - origin), Math.nextDown(bound));
    }

    @Override
    public boolean nextBoolean() {
        return nextLong() < 0;
    }

    @Override
    public int nextInt() {
        return (int) (nextLong() >>> 32);
    }

    @Override
    public int nextInt(int bound) {
        return nextInt(0, bound);
    }

    @Override
    public int nextInt(int origin, int bound) {
        requireOrder("nextInt", origin < bound, origin, bound);
        return Distributions.integer(this, origin, bound);
    }

    @Override
    public long nextLong(long bound) {
        return nextLong(0, bound);
    }

    /**
     * {@inheritDoc} Draws {@code u = nextLong() >>> 1} until u is below the largest multiple of the range's size, and returns {@code origin
     * + u mod size}. If the size overflows a long, returns the first {@code nextLong()} in the range.
     */
    @Override
    public long nextLong(long origin, long bound) {
        requireOrder("nextLong", origin < bound, origin, bound);
        long size = bound - origin;
        long drawn = nextLong();
        if (size < 0) { // the size of the range overflows a long
            while (drawn < origin || drawn >= bound) {
                drawn = nextLong();
            }
            return drawn;
        }
        long rest = (drawn >>> 1) % size;
        while ((drawn >>> 1) - rest + (size - 1) < 0) {
            drawn = nextLong();
            rest = (drawn >>> 1) % size;
        }
        return origin + rest;
    }

    @Override
    public double nextGaussian() {
        return Distributions.normal(this);
    }

    @Override
    public double nextGaussian(double mean, double stddev) {
        if (!(stddev >= 0)) {
            throw new IllegalArgumentException("nextGaussian: expected a standard deviation from 0 on, got " + stddev);
        }
        return mean + stddev * nextGaussian();
    }

    @Override
    public double nextExponential() {
        return Distributions.exponential(this);
    }

    /** {@inheritDoc} Each {@code nextLong()} gives eight bytes, the low-order bytes first. */
    @Override
    public void nextBytes(byte[] bytes) {
        for (int k = 0; k < bytes.length; k += 8) {
            long word = nextLong();
            for (int e = k; e < Math.min(k + 8, bytes.length); e++) {
                bytes[e] = (byte) word;
                word >>>= 8;
            }
        }
    }

    private static void requireOrder(String method, boolean ordered, Number origin, Number bound) {
        if (!ordered) {
            throw new IllegalArgumentException(
                    method + ": expected a range of finite numbers, origin < bound, got " + origin + " and " + bound);
        }
    }

    /**
     * Declares the state as an INT32 array {@code "state"} of shape {@code [8]}: each of the four 64-bit words as its low, then its high
     * half.
     */
    @Override
    public void declareState(StateFields fields) {
        long[] words = {s0, s1, s2, s3};
        int[] halves = new int[8];
        for (int k = 0; k < words.length; k++) {
            halves[2 * k] = (int) words[k];
            halves[2 * k + 1] = (int) (words[k] >>> 32);
        }
        NdArray loaded = fields.array("state", NdArray.of(Shape.of(8), halves), this::restore);
        fields.require(
                Arrays.stream(loaded.toIntArray()).anyMatch(half -> half != 0),
                "the state of a generator is not all zeros");
    }

    private void restore(NdArray state) {
        int[] halves = state.toIntArray();
        s0 = word(halves, 0);
        s1 = word(halves, 1);
        s2 = word(halves, 2);
        s3 = word(halves, 3);
        if (RandomStreams.isUsed) {
            RandomStreams.keep(this);
        }
    }

    private static long word(int[] halves, int k) {
        return Integer.toUnsignedLong(halves[2 * k]) | (long) halves[2 * k + 1] << 32;
    }
}
