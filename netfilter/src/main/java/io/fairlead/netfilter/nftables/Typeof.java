package io.fairlead.netfilter.nftables;

import java.util.List;

/**
 * What the parts of a set's key, and of its value, are taken from: for sets whose types say too little, such as plain
 * numbers. nft prints {@code typeof ip daddr . numgen random mod 65536} in place of {@code type …} then. The kernel only
 * stores it.
 *
 * @param key one for each part of the key
 * @param value one for each part of the value; empty for a set or a verdict map
 */
public record Typeof(List<Selector> key, List<Selector> value) {

    public Typeof {
        key = List.copyOf(key);
        value = List.copyOf(value);
    }
}
