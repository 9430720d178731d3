package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the machine besides its rules.
 *
 * @param addresses its own; loopback addresses are local without being listed
 * @param routes which interface leads to an address
 * @param recent addresses in the lists of {@code -m recent} and, in nftables, in sets that rules fill; a list that is not here
 *     is empty
 * @param sets contents of ipsets
 */
public record Host(Set<IpAddress> addresses, Routes routes, Map<String, Set<IpAddress>> recent, SetContents sets) {

    public Host {
        addresses = Set.copyOf(addresses);
        recent = Map.copyOf(recent);
    }

    /** Which interface a packet leaves through. */
    @FunctionalInterface
    public interface Routes {

        /** Empty when it is not known. Never asked about the machine's own addresses: those are behind {@code lo}. */
        Optional<String> interfaceTo(IpAddress destination);
    }

    /** What is in an ipset. */
    @FunctionalInterface
    public interface SetContents {

        /**
         * @param directions {@code src} or {@code dst} for each part of the set's type, as in the rule
         * @return empty when it is not known
         */
        Optional<Boolean> contains(String set, List<String> directions, Packet packet);
    }

    /** Only the machine's own addresses are known. */
    public static Host of(Set<IpAddress> addresses) {
        return new Host(addresses, _ -> Optional.empty(), Map.of(), (_, _, _) -> Optional.empty());
    }

    public Host withRoutes(Routes known) {
        return new Host(addresses, known, recent, sets);
    }

    public Host withRecent(Map<String, Set<IpAddress>> known) {
        return new Host(addresses, routes, known, sets);
    }

    public Host withSets(SetContents known) {
        return new Host(addresses, routes, recent, known);
    }

    /** Whether a packet to this address is for the machine itself. */
    public boolean isLocal(IpAddress address) {
        return address.isLoopback() || addresses.contains(address);
    }
}
