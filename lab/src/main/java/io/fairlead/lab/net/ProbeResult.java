package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;

/** What came of a probe. */
public sealed interface ProbeResult {

    /**
     * A server answered.
     *
     * @param server the name that it was started with
     * @param seenSource the client's address as the server saw it: the client's own, or who masqueraded it
     * @param seenPort the client's port as the server saw it
     */
    record Answer(String server, IpAddress seenSource, int seenPort) implements ProbeResult {}

    /** Turned away at once: a TCP reset, or ICMP port (or protocol) unreachable. */
    record Refused(String how) implements ProbeResult {}

    /** Somebody said that there is no way: ICMP host or net unreachable, prohibited, or no route at the client itself. */
    record Unreachable(String how) implements ProbeResult {}

    /** Silence until the time was over: dropped somewhere. */
    record TimedOut() implements ProbeResult {}
}
