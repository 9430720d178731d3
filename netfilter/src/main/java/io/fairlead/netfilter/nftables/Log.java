package io.fairlead.netfilter.nftables;

import java.util.OptionalInt;

/**
 * Writes a line to the kernel's log, or sends the packet to a listener of nfnetlink_log.
 *
 * @param prefix before the line; empty for none
 * @param level of syslog, 0–7; empty with a group
 * @param group of nfnetlink_log
 */
public record Log(String prefix, OptionalInt level, OptionalInt group) implements Expression {

    /** What the kernel takes when neither a level nor a group is said: LOG_WARNING. */
    private static final int DEFAULT_LEVEL = 4;

    public Log {
        if (group.isEmpty() && level.isEmpty()) {
            level = OptionalInt.of(DEFAULT_LEVEL);
        }
    }

    @Override
    public String kernelName() {
        return "log";
    }
}
