package io.fairlead.netfilter.netlink;

import java.io.IOException;

/** The kernel refused a call or a request. */
public final class NetlinkException extends IOException {

    /** include/uapi/asm-generic/errno-base.h */
    public static final int EPERM = 1;

    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EINVAL = 22;

    /** include/uapi/asm-generic/errno.h */
    public static final int EOPNOTSUPP = 95;

    public static final int ENOBUFS = 105;

    private final int errno;

    public NetlinkException(String what, int errno) {
        super(what + ": " + text(errno));
        this.errno = errno;
    }

    /** A positive errno(3). */
    public int errno() {
        return errno;
    }

    private static String text(int errno) {
        return switch (errno) {
            case EPERM -> "not permitted, CAP_NET_ADMIN is needed (EPERM)";
            case ENOENT -> "does not exist (ENOENT)";
            case EAGAIN -> "the kernel did not answer in time (EAGAIN)";
            case EBUSY -> "busy or already there (EBUSY)";
            case EEXIST -> "exists already (EEXIST)";
            case EINTR -> "interrupted (EINTR)";
            case EINVAL -> "the kernel does not know this request, or lacks the module for it (EINVAL)";
            case EOPNOTSUPP -> "not supported by this kernel (EOPNOTSUPP)";
            case ENOBUFS -> "the kernel dropped messages that were not read in time (ENOBUFS)";
            default -> "errno " + errno;
        };
    }
}
