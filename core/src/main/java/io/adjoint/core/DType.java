package io.adjoint.core;

import io.adjoint.core.loops.ByteStorage;
import io.adjoint.core.loops.DoubleStorage;
import io.adjoint.core.loops.FloatStorage;
import io.adjoint.core.loops.IntStorage;
import io.adjoint.core.loops.Storage;

/** The element type of an array. Operations never mix two types; {@link NdArray#to(DType)} converts. */
public enum DType {
    /** 64-bit floating point, Java's {@code double}; the default. */
    FLOAT64(new DoubleStorage()),
    /** 32-bit floating point, Java's {@code float}. Sums accumulate in double; functions of each element are within 1 ulp. */
    FLOAT32(new FloatStorage()),
    /**
     * 32-bit integers for labels, indices and counts. They are added, multiplied, divided without remainder, ordered and summed, but
     * have no gradient. A result out of range is an {@link ArithmeticException}: nothing wraps around.
     */
    INT32(new IntStorage()),
    /**
     * Truth values: the results of comparisons, and masks. They are joined by {@code and}, {@code or}, {@code xor} and {@code not},
     * counted by {@code sum}, and have neither order nor gradient. A number converts to {@code x != 0}, so NaN is true; in a
     * conversion to numbers true is 1.
     */
    BOOL(new ByteStorage());

    private final Storage<?> storage;

    DType(Storage<?> storage) {
        this.storage = storage;
    }

    /** Returns whether this type holds fractions, so that its arrays can have gradients: true for FLOAT64 and FLOAT32. */
    public boolean isFloating() {
        return this == FLOAT64 || this == FLOAT32;
    }

    /**
     * The machine epsilon: the distance of 1 from the next larger number, 2⁻⁵² of FLOAT64 and 2⁻²³ of FLOAT32.
     *
     * @throws DTypeException if this is not a floating type
     */
    public double eps() {
        requireFloating("eps");
        return this == FLOAT64 ? Math.ulp(1.0) : Math.ulp(1f);
    }

    /** Returns whether an element of this type can hold a number; a floating type may round the number. */
    public boolean holds(double value) {
        return switch (this) {
            case FLOAT64, FLOAT32 -> true;
            case INT32 -> value == (int) value;
            case BOOL -> value == 0 || value == 1;
        };
    }

    // The casts are unchecked: the loops are generic in their Java array type, and an NdArray pairs its dtype with the
    // right array, but the compiler could only know that from a type parameter of NdArray, which would burden every
    // user.

    @SuppressWarnings("unchecked")
    Storage<Object> storage() {
        return (Storage<Object>) storage;
    }

    /** The loops of a floating type; an error for other types, with the operation's name in the message. */
    @SuppressWarnings("unchecked")
    Loops<Object> loops(String op) {
        requireFloating(op);
        return (Loops<Object>) (Loops<?>) (this == FLOAT64 ? Backend.float64() : Backend.float32());
    }

    // ---- checks; the argument is the name of the operation, for the message ----

    /**
     * Checks that this is a floating type.
     *
     * @throws DTypeException if it is INT32 or BOOL
     */
    public void requireFloating(String op) {
        if (!isFloating()) {
            throw new DTypeException(
                    op + ": expected FLOAT64 or FLOAT32 elements, got " + this + "; convert with to(FLOAT64)");
        }
    }

    /**
     * Checks that elements of this type have a quotient.
     *
     * @throws DTypeException if it is INT32 or BOOL
     */
    public void requireQuotients(String op) {
        if (this == INT32) {
            throw new DTypeException(
                    op + ": the quotient of two INT32 elements is no INT32; convert with to(FLOAT64), or round down"
                            + " with floorDivide");
        }
        requireFloating(op);
    }

    /**
     * Checks that elements of this type are numbers, which have arithmetic and an order.
     *
     * @throws DTypeException if it is BOOL
     */
    public void requireNumbers(String op) {
        if (this == BOOL) {
            throw new DTypeException(
                    op + ": expected numbers, got BOOL; convert with to(FLOAT64), or to(INT32) for integers");
        }
    }

    /**
     * Checks that this is the type of a mask.
     *
     * @throws DTypeException if it is not BOOL
     */
    public void requireMask(String op) {
        if (this != BOOL) {
            throw new DTypeException(op + ": the mask is " + this
                    + ", but must be BOOL; make one by a comparison such as x.gt(0), or convert with to(BOOL)");
        }
    }

    /**
     * Checks that this is the type of an index.
     *
     * @throws DTypeException if it is not INT32
     */
    public void requireIndex(String op) {
        if (this != INT32) {
            throw new DTypeException(op + ": the index is " + this + ", but must be INT32; "
                    + (this == BOOL ? "maskedSelect and Index.mask select by a mask, or " : "")
                    + "convert it with to(INT32)");
        }
    }

    /**
     * Checks that an element of this type can hold a number.
     *
     * @throws DTypeException if it {@linkplain #holds cannot hold} the number
     */
    public void requireHolds(String op, double value) {
        if (!holds(value)) {
            throw new DTypeException(op + ": " + value + " is no " + this + "; give "
                    + (this == BOOL ? "0 or 1" : "an integer of 32 bits") + ", or convert with to(FLOAT64)");
        }
    }
}
