package io.fairlead.netfilter.iptables;

/**
 * Restore input as something that can be written more than once: to a process, to a model of the kernel, to a person.
 * A script writes the same lines every time.
 */
@FunctionalInterface
public interface RestoreScript {

    void writeTo(RestoreSink sink);
}
