package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Field;
import io.fairlead.netfilter.nftables.RuleBuilder;
import io.fairlead.netfilter.nftables.Selector;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.routing.RoutedEndpoint;
import java.util.Arrays;
import java.util.List;

/** The keys and values that rules and elements of one family have in common. */
final class Keys {

    private static final int INDEX_BYTES = Integer.BYTES;

    /** Protocols whose packets have ports: nft wants to know before it takes two bytes for one. */
    private static final SetRef WITH_PORTS = new SetRef.Anonymous(
            List.of(DataType.INET_PROTO),
            List.of(),
            false,
            Arrays.stream(Protocol.values())
                    .map(protocol -> Element.of(Data.ofByte(Place.number(protocol))))
                    .toList());

    private Keys() {}

    /** {@code ip daddr . meta l4proto . th dport} */
    static Selector[] address(IpFamily family) {
        return new Selector[] {Field.daddr(family), Field.META_L4PROTO, Field.TH_DPORT};
    }

    /** {@code meta l4proto . th dport} */
    static Selector[] nodePort() {
        return new Selector[] {Field.META_L4PROTO, Field.TH_DPORT};
    }

    /** A key with an index behind it, which is chosen at random. */
    static Selector[] withRandom(Selector[] key, int count) {
        var longer = Arrays.copyOf(key, key.length + 1);
        longer[key.length] = Selector.random(count);
        return longer;
    }

    /** {@code meta l4proto { tcp, udp, sctp }} */
    static RuleBuilder whenPorts(RuleBuilder rule) {
        return rule.when(Field.META_L4PROTO, WITH_PORTS);
    }

    /** The key of an endpoint. */
    static Data indexed(Data place, int index) {
        return Data.concat(place, Data.ofHostInt(index));
    }

    /** The key without the index. */
    static Data placeOf(Data indexed) {
        return indexed.slice(0, indexed.length() - INDEX_BYTES);
    }

    /** The index of a key; negative for one beyond 2³¹−1, which is never ours. */
    static int indexOf(Data indexed) {
        return (int) indexed.slice(indexed.length() - INDEX_BYTES, INDEX_BYTES).hostEndian();
    }

    /** What an endpoint's element says: its address and port. */
    static Data endpoint(RoutedEndpoint endpoint) {
        return Data.concat(Data.of(endpoint.address()), Data.ofShort(endpoint.port()));
    }
}
