package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.nfacct.Nfacct;
import io.fairlead.proxy.iptables.LocalFacts;
import java.io.IOException;
import java.util.List;

/** This machine as it is now, for those who only look: a counter that a sync would make counts as there. */
record ReadOnlyFacts(LocalFacts machine) implements LocalFacts {

    /** A kernel that answers about counters has them; asking makes none. */
    @Override
    public boolean ensureCounter(String name) {
        try (var _ = Nfacct.open()) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public List<IpAddress> addresses() {
        return machine.addresses();
    }
}
