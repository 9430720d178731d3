package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Register;
import java.util.Arrays;
import java.util.Optional;

/** The 64 bytes that the expressions of a rule work with, and where in them something is that nobody knows. */
final class Registers {

    private final byte[] bytes;

    /** By slot of 4 bytes: what is not known, as the beginning of a sentence about a value; empty when it is known. */
    private final String[] unknown;

    Registers() {
        this(new byte[Data.MAX_LENGTH], new String[Data.MAX_LENGTH / 4]);
        Arrays.fill(unknown, "");
    }

    private Registers(byte[] bytes, String[] unknown) {
        this.bytes = bytes;
        this.unknown = unknown;
    }

    Registers copy() {
        return new Registers(bytes.clone(), unknown.clone());
    }

    /** Bytes behind the data, up to a multiple of four, become zero. */
    void put(Register register, byte[] data) {
        int at = register.slot() * 4;
        int end = Math.min(bytes.length, at + Data.padded(data.length));
        for (int i = at; i < end; i++) {
            bytes[i] = i - at < data.length ? data[i - at] : 0;
            unknown[i / 4] = "";
        }
    }

    void put(Register register, Data data) {
        put(register, data.toBytes());
    }

    /**
     * Something that is not known.
     *
     * @param what the beginning of a sentence that the value ends, such as {@code it comes in through}
     */
    void forget(Register register, int length, String what) {
        put(register, new byte[length]);
        for (int i = register.slot(); i < Math.min(unknown.length, register.slot() + (length + 3) / 4); i++) {
            unknown[i] = what;
        }
    }

    Data get(Register register, int length) {
        int at = register.slot() * 4;
        var all = new byte[length];
        System.arraycopy(bytes, at, all, 0, Math.min(length, bytes.length - at));
        return Data.of(all);
    }

    /** What of these bytes is not known. */
    Optional<String> unknown(Register register, int length) {
        for (int i = register.slot(); i < Math.min(unknown.length, register.slot() + (length + 3) / 4); i++) {
            if (!unknown[i].isEmpty()) {
                return Optional.of(unknown[i]);
            }
        }
        return Optional.empty();
    }
}
