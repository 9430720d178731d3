package io.fairlead.lab.net;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/** What a failed system call says about the packet's way. */
final class SocketFailure {

    private SocketFailure() {}

    /** @throws IllegalStateException when the failure is the client's own */
    static ProbeResult classify(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        return switch (failure) {
            case SocketTimeoutException e -> new ProbeResult.TimedOut();
            case BindException e -> throw new IllegalStateException("the probe's source cannot be had: " + text, e);
            case PortUnreachableException e -> new ProbeResult.Refused("ICMP port unreachable");
            case NoRouteToHostException e -> new ProbeResult.Unreachable(text);
            case ConnectException e when text.contains("timed out") -> new ProbeResult.TimedOut();
            case ConnectException e -> new ProbeResult.Refused(text);
            case IOException e
            when text.contains("reset") || text.contains("Broken pipe") -> new ProbeResult.Refused(text);
            case SocketException e -> new ProbeResult.Unreachable(text);
            case ErrnoException e -> classify(e, text);
            default -> throw new IllegalStateException("probe failed: " + text, failure);
        };
    }

    /** What sending gives when a rule of the sender's own namespace rejects or drops the packet. */
    static boolean isNotPermitted(IOException failure) {
        return failure instanceof ErrnoException e
                ? e.errno() == ErrnoException.EPERM
                : String.valueOf(failure.getMessage()).contains("Operation not permitted");
    }

    private static ProbeResult classify(ErrnoException failure, String text) {
        return switch (failure.errno()) {
            case ErrnoException.ECONNREFUSED -> new ProbeResult.Refused("ICMP port unreachable");
            // ICMP: protocol unreachable, ICMPv6: unknown next header; what a machine without SCTP says.
            case ErrnoException.ENOPROTOOPT, ErrnoException.EPROTO ->
                new ProbeResult.Refused("ICMP protocol unreachable");
            case ErrnoException.EHOSTUNREACH, ErrnoException.ENETUNREACH, ErrnoException.EACCES ->
                new ProbeResult.Unreachable(text);
            default -> throw new IllegalStateException("probe failed: " + text, failure);
        };
    }
}
