package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpAddress;
import java.util.Locale;

/** Who sends a packet. */
public sealed interface Sender {

    /** Somebody with this address, wherever that is. */
    record Address(IpAddress address) implements Sender {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** Anybody of a kind. */
    enum Place implements Sender {
        /** A pod of this node. */
        POD,
        /** A process of this node, or a pod in its network. */
        NODE,
        /** A machine that is neither. */
        OUTSIDE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws IllegalArgumentException when the text is neither an address nor {@code pod}, {@code node} or {@code outside} */
    static Sender parse(String text) {
        for (var place : Place.values()) {
            if (place.toString().equals(text)) {
                return place;
            }
        }
        return IpAddress.tryParse(text)
                .<Sender>map(Address::new)
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + Printable.of(text) + "\" is not a sender: give an IP address, pod, node or outside"));
    }
}
