package io.fairlead.proxy.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Kernel settings under /proc/sys, by their path there ({@code net/ipv4/ip_forward}).
 *
 * @param proc where procfs is mounted
 */
public record Sysctls(Path proc) {

    /** Those of this process's own namespaces. */
    public static Sysctls ofThisMachine() {
        return new Sysctls(Path.of("/proc"));
    }

    /** The setting as a number; empty when it cannot be read or is none. */
    public OptionalLong read(String name) {
        try {
            return OptionalLong.of(Long.parseLong(Files.readString(path(name)).strip()));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * Writes the setting unless it has the value already, so that a read-only /proc/sys does no harm when nothing needs to
     * change.
     *
     * @return whether it was written
     * @throws IOException naming the setting and the value
     */
    public boolean ensure(String name, long value) throws IOException {
        if (read(name).equals(OptionalLong.of(value))) {
            return false;
        }
        try {
            Files.writeString(path(name), Long.toString(value));
            return true;
        } catch (IOException e) {
            throw new IOException(
                    "could not set " + name + " to " + value + " (" + e.getMessage()
                            + "); run privileged, or set it on the host beforehand",
                    e);
        }
    }

    /** IPv6 is built into the kernel and not switched off (spec: process, section 3.4). */
    public boolean hasIpv6() {
        return Files.exists(proc.resolve("net/if_inet6")) && !isIpv6Disabled();
    }

    /** IPv6 is switched off by an administrator. */
    public boolean isIpv6Disabled() {
        return read("net/ipv6/conf/all/disable_ipv6").equals(OptionalLong.of(1));
    }

    private Path path(String name) {
        return proc.resolve("sys").resolve(name);
    }
}
