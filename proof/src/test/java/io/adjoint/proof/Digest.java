package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.LongStream;

/** A hash of the bits of tensors and numbers, in the order in which they are added: the first 8 bytes of SHA-256. */
final class Digest {
    private static final int BYTES = 8;

    private final MessageDigest sha;

    Digest() {
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Adds the dtype, the shape and the elements of a tensor; all NaNs count as equal. */
    Digest add(Tensor tensor) {
        sha.update((tensor.dtype() + " " + tensor.shape()).getBytes(StandardCharsets.UTF_8));
        return add(tensor.data().toDoubleArray());
    }

    Digest add(double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length);
        for (double value : values) {
            bytes.putLong(Double.doubleToLongBits(value));
        }
        sha.update(bytes.array());
        return this;
    }

    Digest add(byte[] bytes) {
        sha.update(bytes);
        return this;
    }

    Digest add(LongStream values) {
        values.forEach(value ->
                sha.update(ByteBuffer.allocate(Long.BYTES).putLong(value).array()));
        return this;
    }

    /** Adds a mark for a missing value, such as a gradient of null. */
    Digest addNone() {
        sha.update((byte) 0);
        return this;
    }

    String text() {
        return HexFormat.of().formatHex(sha.digest(), 0, BYTES);
    }
}
