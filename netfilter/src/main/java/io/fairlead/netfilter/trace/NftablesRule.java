package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.print.NftPrinter;
import java.util.Optional;

/**
 * A rule of nftables.
 *
 * @param index from 0, in its chain
 */
public record NftablesRule(TableId place, String chain, int index, Rule rule) implements RuleRef {

    @Override
    public String table() {
        return place.toString();
    }

    @Override
    public Optional<String> comment() {
        return rule.comment().isEmpty() ? Optional.empty() : Optional.of(rule.comment());
    }

    /** As nft prints it. */
    @Override
    public String text() {
        return NftPrinter.rule(place.family(), rule);
    }
}
