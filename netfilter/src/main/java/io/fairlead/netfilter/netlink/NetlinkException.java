package io.fairlead.netfilter.netlink;

import java.io.IOException;

/** The kernel refused a call or a request. */
public final class NetlinkException extends IOException {

    /** include/uapi/asm-generic/errno-base.h */
    public static final int EPERM = 1;

    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EINVAL = 22;
    public static final int EMFILE = 24;
    public static final int ENOSPC = 28;
    public static final int ERANGE = 34;

    // include/uapi/asm-generic/errno.h

    /** The generation that a batch was made for is over. */
    public static final int ERESTART = 85;

    public static final int EMSGSIZE = 90;
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

    /** What an errno means, with its name. */
    public static String text(int errno) {
        return switch (errno) {
            case EPERM -> "not permitted, CAP_NET_ADMIN is needed (EPERM)";
            case ENOENT -> "does not exist (ENOENT)";
            case EAGAIN -> "the kernel did not answer in time (EAGAIN)";
            case EBUSY -> "busy or already there (EBUSY)";
            case EEXIST -> "exists already (EEXIST)";
            case EINTR -> "interrupted (EINTR)";
            case EINVAL -> "the kernel does not know this request, or lacks the module for it (EINVAL)";
            case ENOMEM -> "the kernel is out of memory (ENOMEM)";
            case EMFILE -> "too many of them (EMFILE)";
            case ENOSPC -> "no room left (ENOSPC)";
            case ERANGE -> "too long or out of range (ERANGE)";
            case ERESTART -> "the rules have changed meanwhile (ERESTART)";
            case EMSGSIZE -> "larger than the send buffer may be (EMSGSIZE)";
            case EOPNOTSUPP -> "not supported by this kernel (EOPNOTSUPP)";
            case ENOBUFS -> "the kernel dropped messages that were not read in time (ENOBUFS)";
            default -> "errno " + errno;
        };
    }
}
