package io.fairlead.proxy.iptables;

import java.util.List;

/**
 * All rules of one Service port.
 *
 * @param filter its rules in shared chains of the filter table
 * @param nat its rules in shared chains of the nat table: those that catch its traffic
 * @param chains its own chains, all in nat, in the order in which they are declared
 * @param own the rules in those chains, in the order in which they are written
 */
record ServicePortRules(List<PlacedRule> filter, List<PlacedRule> nat, List<String> chains, List<PlacedRule> own) {

    ServicePortRules {
        filter = List.copyOf(filter);
        nat = List.copyOf(nat);
        chains = List.copyOf(chains);
        own = List.copyOf(own);
    }
}
