package io.fairlead.netfilter.nftables;

/**
 * A table.
 *
 * @param dormant its base chains are not hooked
 * @param comment empty for none
 */
public record Table(TableId id, boolean dormant, String comment) {

    public static Table of(Family family, String name) {
        return new Table(new TableId(family, name), false, "");
    }

    public Table withComment(String text) {
        return new Table(id, dormant, text);
    }
}
