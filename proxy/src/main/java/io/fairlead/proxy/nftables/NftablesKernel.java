package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.netlink.NetlinkException;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.kernel.Nftables;
import io.fairlead.netfilter.nftables.kernel.TransactionException;
import io.fairlead.proxy.cluster.Protocol;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The nftables of this machine, for a service proxy: one table for each family, kube-proxy's or ours. */
public final class NftablesKernel {

    /** UDP that a table translates: an address with a port, or the port alone for node ports. */
    public record Translated(Optional<IpAddress> address, int port) {}

    private final TableWatch watch = new TableWatch();

    /** Nothing is asked yet. */
    public NftablesKernel() {}

    /**
     * A dataplane with a socket of its own.
     *
     * @param machineAddresses asked in full syncs
     * @throws IOException when this kernel has no nftables
     */
    public NftablesDataplane dataplane(NftSettings settings, Supplier<Collection<IpAddress>> machineAddresses)
            throws IOException {
        var nftables = Nftables.open();
        watch.own(nftables.port());
        var table = new NetlinkTable(nftables, FixedTable.id(settings.family()), watch);
        return new NftablesDataplane(table, settings, machineAddresses, System::nanoTime);
    }

    /**
     * Takes the family's table away with all that is in it.
     *
     * @return false when there was none
     * @throws IOException when it is there and stays, or could not be looked for
     */
    public static boolean removeTable(IpFamily family) throws IOException {
        try (var nftables = Nftables.open()) {
            nftables.commit(new Transaction(FixedTable.id(family)).deleteTable());
            return true;
        } catch (TransactionException e) {
            if (e.errno() == NetlinkException.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    /** Whether the family's table is there. */
    public static boolean hasTable(IpFamily family) throws IOException {
        try (var nftables = Nftables.open()) {
            return nftables.consistently(dump -> dump.table(FixedTable.id(family)))
                    .isPresent();
        }
    }

    /** What a family's table translates UDP for; nothing without one. */
    public static Set<Translated> translatedUdp(IpFamily family) throws IOException {
        var found = new HashSet<Translated>();
        try (var nftables = Nftables.open()) {
            var id = FixedTable.id(family);
            int addressLength = family.bits() / 8;
            for (var map : Set.of(Names.SERVICE_IPS, Names.SERVICE_NODE_PORTS)) {
                boolean nodePort = map.equals(Names.SERVICE_NODE_PORTS);
                nftables.elements(
                        id,
                        map,
                        element -> frontend(element.key(), nodePort ? 0 : addressLength)
                                .ifPresent(found::add));
            }
        } catch (NetlinkException e) {
            if (e.errno() != NetlinkException.ENOENT) {
                throw e;
            }
        }
        return found;
    }

    private static Optional<Translated> frontend(Data key, int addressLength) {
        boolean known = key.length() == addressLength + 8;
        if (!known || key.at(addressLength) != Place.number(Protocol.UDP)) {
            return Optional.empty();
        }
        int port = (int) key.slice(addressLength + 4, 2).bigEndian();
        return Optional.of(new Translated(
                addressLength == 0
                        ? Optional.empty()
                        : Optional.of(
                                IpAddress.ofBytes(key.slice(0, addressLength).toBytes())),
                port));
    }
}
