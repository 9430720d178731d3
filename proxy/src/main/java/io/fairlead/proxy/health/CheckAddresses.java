package io.fairlead.proxy.health;

import io.fairlead.netfilter.ip.IpAddress;
import java.util.Set;

/**
 * On which addresses of one family health checks are answered: those of node ports (spec: process, section 4.1).
 *
 * @param all on every address, whatever is in {@code some}
 */
public record CheckAddresses(boolean all, Set<IpAddress> some) {

    public static final CheckAddresses ALL = new CheckAddresses(true, Set.of());

    public CheckAddresses {
        some = Set.copyOf(some);
    }

    boolean contains(IpAddress address) {
        return all || some.contains(address);
    }
}
