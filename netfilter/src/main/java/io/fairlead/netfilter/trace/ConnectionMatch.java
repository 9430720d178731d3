package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.trace.Options.Option;
import java.util.List;
import java.util.Optional;

/** The options of {@code -m conntrack} and {@code -m state}. */
final class ConnectionMatch {

    private ConnectionMatch() {}

    static Answer answer(Option option, Walk walk) {
        var values = List.of(option.value().split(",", -1));
        return switch (option.name()) {
            case "ctstate", "state" -> IptablesMatches.states(values, walk).negatedIf(option.negated());
            case "ctstatus" -> Answer.of(values.stream().anyMatch(status -> has(status, walk)) != option.negated());
            case "ctdir" -> Answer.of((option.value().equals("ORIGINAL") == isFirst(walk)) != option.negated());
            case "ctproto" -> Answer.of(option.value().equals(walk.packet.protocol()) != option.negated());
            case "ctorigsrc" -> address(option, walk.original.source().address());
            case "ctorigdst" -> address(option, walk.original.destination().address());
            case "ctorigsrcport" -> port(option, walk.original.source().port());
            case "ctorigdstport" -> port(option, walk.original.destination().port());
            default -> new Answer.Depends("--" + option.name() + " " + option.value() + " holds", option.negated());
        };
    }

    private static boolean isFirst(Walk walk) {
        return walk.packet.state() == ConnectionState.NEW;
    }

    private static boolean has(String status, Walk walk) {
        return switch (status) {
            case "NONE" -> isFirst(walk) && walk.translatedTo.isEmpty();
            case "DNAT" -> walk.translatedTo.isPresent();
            case "SNAT" -> !(walk.newSource instanceof Outcome.NewSource.Kept);
            case "SEEN_REPLY", "ASSURED", "CONFIRMED" -> !isFirst(walk);
            default -> false;
        };
    }

    private static Answer address(Option option, IpAddress address) {
        Optional<IpPrefix> prefix = IpPrefix.tryParse(option.value())
                .or(() -> IpAddress.tryParse(option.value()).map(IpPrefix::host));
        return Answer.of(prefix.map(network -> network.contains(address)).orElse(false) != option.negated());
    }

    private static Answer port(Option option, int port) {
        return Answer.of(Numbers.listsPort(option.value(), port) != option.negated());
    }
}
