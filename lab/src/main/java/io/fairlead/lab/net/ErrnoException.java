package io.fairlead.lab.net;

import java.io.IOException;

/** A system call failed. */
final class ErrnoException extends IOException {

    // include/uapi/asm-generic/errno-base.h, errno.h
    static final int EPERM = 1;
    static final int EINTR = 4;
    static final int EACCES = 13;
    static final int ENOPROTOOPT = 92;
    static final int EPROTO = 71;
    static final int ENETUNREACH = 101;
    static final int ECONNREFUSED = 111;
    static final int EHOSTUNREACH = 113;

    private final int errno;

    ErrnoException(String call, int errno) {
        super(call + ": " + describe(errno));
        this.errno = errno;
    }

    int errno() {
        return errno;
    }

    private static String describe(int errno) {
        return switch (errno) {
            case EPERM -> "operation not permitted (are you root?)";
            case EACCES -> "prohibited";
            case EPROTO -> "protocol error";
            case ENOPROTOOPT -> "protocol not available";
            case ENETUNREACH -> "network is unreachable";
            case ECONNREFUSED -> "connection refused";
            case EHOSTUNREACH -> "no route to host";
            default -> "errno " + errno;
        };
    }
}
