package io.adjoint.nn.parallel;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;

/**
 * The settings of workers that connect by sockets, the same for all of them. A setting returns a changed copy.
 *
 * <p>Workers prove to each other that they know the secret, and other programs are refused. The secret itself is never sent. Arrays are
 * sent as they are, not encrypted.
 */
@CheckReturnValue
public final class ConnectOptions {
    private static final int MIN_LENGTH = 16;
    private static final int RANDOM_BYTES = 32;

    private final int size;
    private final byte[] secret;
    private final Duration timeout;

    /**
     * The options for a job, with a time-out of ten minutes.
     *
     * @param size the number of workers
     * @param secret a text of at least 16 characters that only these workers know, such as {@link #newSecret}
     */
    public ConnectOptions(int size, String secret) {
        this(Settings.requireCount(ConnectOptions.class, "number of workers", size), bytes(secret), Collective.TIMEOUT);
    }

    private ConnectOptions(int size, byte[] secret, Duration timeout) {
        this.size = size;
        this.secret = secret;
        this.timeout = timeout;
    }

    private static byte[] bytes(String secret) {
        // The message has the length of the secret, not the secret itself.
        Settings.require(
                secret.length() >= MIN_LENGTH,
                ConnectOptions.class,
                "secret",
                "have at least " + MIN_LENGTH + " characters; newSecret() makes one",
                secret.length());
        return secret.getBytes(StandardCharsets.UTF_8);
    }

    /** A secret for a job, of 32 random bytes as hexadecimal digits; the program that starts the workers gives it to each. */
    public static String newSecret() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * With the longest time that an operation takes, the connecting of all workers too. It must be long enough for the slowest worker to
     * come, and for the largest array to be sent.
     */
    public ConnectOptions timeout(Duration timeout) {
        return new ConnectOptions(size, secret, requireTimeout(ConnectOptions.class, timeout));
    }

    static Duration requireTimeout(Object owner, Duration timeout) {
        Settings.require(
                timeout.toSeconds() < Integer.MAX_VALUE && timeout.compareTo(Duration.ofMillis(1)) >= 0,
                owner,
                "timeout",
                "be at least a millisecond and less than 68 years",
                timeout);
        return timeout;
    }

    /** The number of workers. */
    public int size() {
        return size;
    }

    /** The longest time that an operation takes. */
    public Duration timeout() {
        return timeout;
    }

    /** The bytes of the secret, which the caller must not change. */
    byte[] secret() {
        return secret;
    }

    /** The settings without the secret. */
    @Override
    public String toString() {
        return "ConnectOptions[size=" + size + ", timeout=" + timeout + "]";
    }
}
