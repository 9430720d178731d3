package io.fairlead.netfilter.iptables;

/**
 * Reads single rules, in the form that iptables-save prints and in the form that restore input has. What has no type
 * here is kept word for word.
 */
public final class RuleParser {

    /** A rule and the chain it stands in. */
    public record InChain(String chain, Rule rule) {}

    private RuleParser() {}

    /**
     * {@code [P:B] -A CHAIN RULE}; counters are ignored.
     *
     * @throws RuleSyntaxException when it is not
     */
    public static InChain parse(String line) {
        return new CommandLine(line, 0).append();
    }

    /**
     * The words of a rule without operation and chain: {@code -p tcp -j ACCEPT}.
     *
     * @throws RuleSyntaxException when it is not
     */
    public static Rule parseRule(String words) {
        try {
            return new RuleReader(Words.split(words), 0).read();
        } catch (IllegalArgumentException e) {
            throw new RuleSyntaxException(0, words, String.valueOf(e.getMessage()));
        }
    }
}
