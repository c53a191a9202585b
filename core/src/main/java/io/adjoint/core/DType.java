package io.adjoint.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import org.jspecify.annotations.Nullable;

/**
 * The element type of an array. Arithmetic never mixes two of them; {@link NdArray#to(DType)} converts.
 */
public enum DType {
    /** 64-bit floating point, Java's {@code double}; the default. */
    FLOAT64(new DoubleStorage(), new DoubleArithmetic(), new DoubleReduction(), new DoubleProducts()),
    /** 32-bit floating point, Java's {@code float}. Sums accumulate in double, pointwise functions are computed in double. */
    FLOAT32(new FloatStorage(), new FloatArithmetic(), new FloatReduction(), new FloatProducts()),
    /** 32-bit integers for labels, indices and masks: movement, comparison and conversion, but no arithmetic and no gradient. */
    INT32(new IntStorage(), null, null, null);

    private final Storage<?> storage;
    private final @Nullable Arithmetic<?> arithmetic;
    private final @Nullable Reduction<?> reduction;
    private final @Nullable Products products;

    DType(
            Storage<?> storage,
            @Nullable Arithmetic<?> arithmetic,
            @Nullable Reduction<?> reduction,
            @Nullable Products products) {
        this.storage = storage;
        this.arithmetic = arithmetic;
        this.reduction = reduction;
        this.products = products;
    }

    /** Whether arrays of this type have arithmetic and can carry a gradient. */
    public boolean isFloating() {
        return arithmetic != null;
    }

    // The loops are generic in the Java array they run over; an NdArray pairs its dtype with the right array. No
    // generic
    // type of NdArray could tell the compiler without burdening every user with it: hence the unchecked casts.

    @SuppressWarnings("unchecked")
    Storage<Object> storage() {
        return (Storage<Object>) storage;
    }

    @SuppressWarnings("unchecked")
    Arithmetic<Object> arithmetic(String op) {
        return (Arithmetic<Object>) floating(op, arithmetic);
    }

    @SuppressWarnings("unchecked")
    Reduction<Object> reduction(String op) {
        return (Reduction<Object>) floating(op, reduction);
    }

    Products products(String op) {
        return floating(op, products);
    }

    @CanIgnoreReturnValue
    private <T> T floating(String op, @Nullable T loops) {
        if (loops == null) {
            throw new DTypeException(op + ": " + this + " has no arithmetic; convert with to(FLOAT64) or to(FLOAT32)");
        }
        return loops;
    }

    /**
     * Checks that this is a floating type.
     *
     * @param op the operation that asks, for the message
     * @throws DTypeException if it is INT32
     */
    public void requireFloating(String op) {
        floating(op, arithmetic);
    }
}
