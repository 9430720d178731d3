package io.fairlead.proxy.inspect;

/**
 * Rules of a service proxy that no running one looks after: of kube-proxy's or our other mode, or in the other iptables back
 * end. The kernel obeys them all.
 *
 * @param what in words, with the place
 * @param remedy what to do about it
 */
public record Leftover(String what, String remedy) {}
