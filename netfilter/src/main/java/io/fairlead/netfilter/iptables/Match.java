package io.fairlead.netfilter.iptables;

import io.fairlead.netfilter.ip.IpPrefix;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One condition of a rule. All conditions of a rule must hold.
 *
 * <p>The order in a rule's list is the order in which a restore line writes them; a saved listing always puts addresses,
 * interfaces and the protocol first.
 */
public sealed interface Match {

    /** {@code -s} and {@code -d}. */
    enum End {
        SOURCE,
        DESTINATION
    }

    /**
     * {@code [!] -s|-d ADDRESS[/LENGTH]}.
     *
     * @param bare written as a plain address in restore input; the prefix is then the whole address
     */
    record Address(End end, IpPrefix prefix, boolean bare, boolean negated) implements Match {
        public Address {
            if (bare && !prefix.isHost()) {
                throw new IllegalArgumentException(prefix + " is not a single address");
            }
        }
    }

    /** {@code [!] -i|-o NAME}; a name that ends in {@code +} matches every name that begins so. */
    record Interface(End end, String name, boolean negated) implements Match {}

    /** {@code [!] -p PROTOCOL}: a lower-case name, or a number as text. */
    record Protocol(String protocol, boolean negated) implements Match {}

    /**
     * {@code -m tcp|udp|sctp [[!] --sport A[:B]] [[!] --dport A[:B]]}. In restore input the module is loaded right before
     * {@code -p}, as kube-proxy does, if the rule has a {@link Protocol} of the same name; a listing then shows both ports
     * at that place.
     */
    record Ports(String module, java.util.Optional<PortRange> source, java.util.Optional<PortRange> destination)
            implements Match {}

    /** Ports {@code first} to {@code last}, both inclusive, 0–65535. */
    record PortRange(int first, int last, boolean negated) {
        public PortRange {
            if (first < 0 || last > 65535 || first > last) {
                throw new IllegalArgumentException(first + ":" + last + " is not a port range");
            }
        }

        public static PortRange of(int port) {
            return new PortRange(port, port, false);
        }

        /** {@code 80} or {@code 1024:65535}, without the negation. */
        String text() {
            return first == last ? Integer.toString(first) : first + ":" + last;
        }
    }

    /** {@code -m comment --comment TEXT}: at most 255 bytes, no effect. */
    record Comment(String text) implements Match {}

    /** {@code -m conntrack [!] --ctstate A,B}: states in the order given. */
    record Conntrack(List<String> states, boolean negated) implements Match {
        public Conntrack {
            states = List.copyOf(states);
        }
    }

    /** {@code -m mark [!] --mark VALUE[/MASK]}, unsigned 32 bits. */
    record Mark(int value, int mask, boolean negated) implements Match {}

    /** {@code -m addrtype [!] --src-type|--dst-type TYPE}: upper-case types such as LOCAL. */
    record AddressType(End end, Set<String> types, boolean negated) implements Match {
        public AddressType {
            types = Set.copyOf(types);
        }
    }

    /** {@code -m statistic --mode random --probability P}, 0 ≤ P ≤ 1; the kernel keeps it in units of 2⁻³¹. */
    record Probability(double probability) implements Match {}

    /** What {@code -m recent} does with its list. */
    enum RecentMode {
        SET,
        RCHECK,
        UPDATE,
        REMOVE
    }

    /**
     * {@code -m recent --name NAME --set|--rcheck|… [--seconds S [--reap]]} on the whole source address.
     *
     * @param seconds how long an entry counts; only with RCHECK and UPDATE
     */
    record Recent(RecentMode mode, String name, OptionalInt seconds, boolean reap) implements Match {}

    /** {@code -m nfacct --nfacct-name NAME}: counts what reaches it, always holds. */
    record Accounting(String counter) implements Match {}

    /**
     * A module, or a use of a known one, that has no type here: kept word for word.
     *
     * @param module empty for options that belong to no module, such as {@code -f}
     * @param words the unquoted words after {@code -m MODULE}, negations included
     */
    record Verbatim(String module, List<String> words) implements Match {
        public Verbatim {
            words = List.copyOf(words);
        }
    }
}
