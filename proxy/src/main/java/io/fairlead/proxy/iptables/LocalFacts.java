package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.ip.IpAddress;
import java.util.List;
import java.util.Optional;

/** What the rules need to know of this machine and what may change while we run. */
public interface LocalFacts {

    /** Makes the kernel's nfacct counter if it is missing; false when the kernel has none. */
    boolean ensureCounter(String name);

    /** The addresses that node ports answer on now; empty when on all local ones. */
    Optional<List<IpAddress>> nodePortAddresses();
}
