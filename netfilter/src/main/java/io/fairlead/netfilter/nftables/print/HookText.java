package io.fairlead.netfilter.nftables.print;

import io.fairlead.netfilter.nftables.Hook;
import java.util.Map;

/** {@code type filter hook input priority filter; policy accept;} */
final class HookText {

    /** nft, src/rule.c: the names that priorities have at every hook. */
    private static final Map<String, Integer> NAMES =
            Map.of("raw", -300, "mangle", -150, "filter", 0, "security", 50, "dstnat", -100, "srcnat", 100);

    /** How far from a name nft still writes a priority relative to it. */
    private static final int REACH = 10;

    private HookText() {}

    static String of(Hook hook) {
        return "type " + hook.type() + " hook " + hook.point() + " priority " + priority(hook) + "; policy "
                + hook.policy() + ";";
    }

    private static String priority(Hook hook) {
        for (var name : NAMES.entrySet()) {
            long offset = (long) hook.priority() - name.getValue();
            if (isAllowed(name.getKey(), hook.point()) && Math.abs(offset) <= REACH) {
                var text = name.getKey();
                return offset == 0 ? text : text + (offset > 0 ? " + " : " - ") + Math.abs(offset);
            }
        }
        return Integer.toString(hook.priority());
    }

    private static boolean isAllowed(String name, Hook.Point point) {
        return switch (name) {
            case "dstnat" -> point == Hook.Point.PREROUTING;
            case "srcnat" -> point == Hook.Point.POSTROUTING;
            default -> true;
        };
    }
}
