package io.fairlead.netfilter.nftables;

import java.util.List;

/**
 * What the parts of a set's key, and of its value, are taken from: for sets whose types say too little, such as plain
 * numbers. nft prints {@code typeof ip daddr . numgen random mod 65536} in place of {@code type …} then. The kernel only
 * stores it.
 *
 * @param key one term for each part of the key
 * @param value one term for each part of the value; empty for a set or a verdict map
 */
public record Typeof(List<Term> key, List<Term> value) {

    public Typeof {
        key = List.copyOf(key);
        value = List.copyOf(value);
    }

    /** One part, as nft writes it. */
    public sealed interface Term {}

    /** A header field or a metadatum: nft prints {@link Field#text}. */
    public enum Field implements Term {
        IP_SADDR("ip saddr"),
        IP_DADDR("ip daddr"),
        IP6_SADDR("ip6 saddr"),
        IP6_DADDR("ip6 daddr"),
        TH_SPORT("th sport"),
        TH_DPORT("th dport"),
        META_L4PROTO("meta l4proto"),
        META_MARK("meta mark");

        private final String text;

        Field(String text) {
            this.text = text;
        }

        /** As nft writes it. */
        public String text() {
            return text;
        }
    }

    /** {@code numgen random mod 65536} */
    public record Random(int modulus) implements Term {}
}
