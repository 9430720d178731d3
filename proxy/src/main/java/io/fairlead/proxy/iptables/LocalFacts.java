package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.ip.IpAddress;
import java.util.List;

/** What the rules need to know of this machine and what may change while we run. */
public interface LocalFacts {

    /** Makes the kernel's nfacct counter if it is missing; false when the kernel has none. */
    boolean ensureCounter(String name);

    /** All IP addresses this machine has now; asked only when node ports are restricted to some. */
    List<IpAddress> addresses();
}
