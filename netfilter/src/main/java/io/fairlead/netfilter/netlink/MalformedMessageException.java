package io.fairlead.netfilter.netlink;

import java.io.IOException;

/** A message from the kernel lacks something, or holds what cannot be there. */
public final class MalformedMessageException extends IOException {

    public MalformedMessageException(String what) {
        super(what);
    }
}
