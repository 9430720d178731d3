package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.nfacct.Nfacct;
import io.fairlead.proxy.iptables.LocalFacts;
import io.fairlead.proxy.node.MachineAddresses;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This machine, as it is now. */
final class KernelFacts implements LocalFacts {

    private static final Logger log = LoggerFactory.getLogger(KernelFacts.class);

    /** Opened anew each time: it is asked for once per full sync, and may become possible later. */
    @Override
    public boolean ensureCounter(String name) {
        try (var nfacct = Nfacct.open()) {
            nfacct.ensure(name);
            return true;
        } catch (IOException e) {
            log.atDebug()
                    .addKeyValue("counter", name)
                    .addKeyValue("err", e)
                    .log("No nfacct counter, its rule goes without");
            return false;
        }
    }

    @Override
    public List<IpAddress> addresses() {
        try {
            return MachineAddresses.list();
        } catch (SocketException e) {
            log.atError().addKeyValue("err", e).log("Could not list this machine's addresses, they count as none");
            return List.of();
        }
    }
}
