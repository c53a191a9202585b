package io.adjoint.io;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;

/**
 * The types of elements in files, by their names in safetensors. Each is read as the {@link DType} that holds all its values; I64,
 * U64 and U32 only as far as INT32 holds them.
 */
public enum ElementType {
    /** IEEE 754 binary64. */
    F64(8, DType.FLOAT64),
    /** IEEE 754 binary32. */
    F32(4, DType.FLOAT32),
    /** IEEE 754 binary16: 5 bits of exponent, 10 of fraction. */
    F16(2, DType.FLOAT32),
    /** The upper half of a binary32: 8 bits of exponent, 7 of fraction. */
    BF16(2, DType.FLOAT32),
    /** Integers of 64 bits. */
    I64(8, DType.INT32),
    /** Integers of 32 bits. */
    I32(4, DType.INT32),
    /** Integers of 16 bits. */
    I16(2, DType.INT32),
    /** Integers of 8 bits. */
    I8(1, DType.INT32),
    /** Unsigned integers of 64 bits. */
    U64(8, DType.INT32),
    /** Unsigned integers of 32 bits. */
    U32(4, DType.INT32),
    /** Unsigned integers of 16 bits. */
    U16(2, DType.INT32),
    /** Unsigned integers of 8 bits. */
    U8(1, DType.INT32),
    /** Booleans: a byte of 0 or 1. */
    BOOL(1, DType.BOOL);

    private final int bytes;
    private final DType dtype;

    ElementType(int bytes, DType dtype) {
        this.bytes = bytes;
        this.dtype = dtype;
    }

    /** The number of bytes of an element. */
    public int bytes() {
        return bytes;
    }

    /** The type of an array that is read of it. */
    public DType dtype() {
        return dtype;
    }

    /** The type that keeps every bit of an array. */
    public static ElementType of(NdArray array) {
        return switch (array.dtype()) {
            case FLOAT64 -> F64;
            case FLOAT32 -> F32;
            case INT32 -> I32;
            case BOOL -> BOOL;
        };
    }
}
