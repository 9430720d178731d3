package io.fairlead.netfilter.nftables.print;

import io.fairlead.netfilter.nftables.Limit;
import io.fairlead.netfilter.nftables.Log;

/** Limits and log statements. */
final class StatementText {

    /** nft prints this burst of packets only when it is another. */
    private static final int DEFAULT_BURST = 5;

    private static final int DEFAULT_LEVEL = 4;
    private static final String[] LEVELS = {"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug", "audit"
    };

    private StatementText() {}

    static String of(Limit limit) throws Unprintable {
        if (limit.type() == Limit.Type.BYTES) {
            throw new Unprintable("bytes");
        }
        var burst = limit.burst() == DEFAULT_BURST ? "" : " burst " + limit.burst() + " packets";
        return "limit rate " + (limit.inverted() ? "over " : "") + limit.rate() + "/" + unit(limit) + burst;
    }

    private static String unit(Limit limit) throws Unprintable {
        return switch ((int) limit.unitSeconds()) {
            case 1 -> "second";
            case 60 -> "minute";
            case 3_600 -> "hour";
            case 86_400 -> "day";
            case 604_800 -> "week";
            default -> throw new Unprintable("a unit of " + limit.unitSeconds() + " s");
        };
    }

    static String of(Log log) throws Unprintable {
        var text = new StringBuilder("log");
        if (!log.prefix().isEmpty()) {
            text.append(" prefix ").append(ValueText.quoted(log.prefix()));
        }
        if (log.group().isPresent()) {
            text.append(" group ").append(log.group().getAsInt());
        }
        if (log.level().isPresent() && log.level().getAsInt() != DEFAULT_LEVEL) {
            int level = log.level().getAsInt();
            if (level < 0 || level >= LEVELS.length) {
                throw new Unprintable("level " + level);
            }
            text.append(" level ").append(LEVELS[level]);
        }
        return text.toString();
    }
}
