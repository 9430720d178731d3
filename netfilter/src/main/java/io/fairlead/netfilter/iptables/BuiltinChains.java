package io.fairlead.netfilter.iptables;

import java.util.List;

/** The chains that a table always has, in the order in which iptables-save prints them. */
final class BuiltinChains {

    /** Order of the tables in what iptables-save 1.8.9 prints on the nf_tables back end. */
    static final List<Table> SAVE_ORDER = List.of(Table.MANGLE, Table.SECURITY, Table.RAW, Table.FILTER, Table.NAT);

    private BuiltinChains() {}

    static List<String> of(Table table) {
        return switch (table) {
            case MANGLE -> List.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING");
            case RAW -> List.of("PREROUTING", "OUTPUT");
            case FILTER, SECURITY -> List.of("INPUT", "FORWARD", "OUTPUT");
            case NAT -> List.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING");
        };
    }
}
