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

    @Override
    public String kernelName() {
        return "log";
    }
}
