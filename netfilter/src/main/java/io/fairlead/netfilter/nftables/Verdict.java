package io.fairlead.netfilter.nftables;

/** What becomes of a packet, or where its evaluation goes on. */
public sealed interface Verdict extends Value {

    /** Ends this base chain: the packet goes on. */
    Verdict ACCEPT = Plain.ACCEPT;

    /** Ends everything: the packet is gone. */
    Verdict DROP = Plain.DROP;

    /** The next rule. */
    Verdict CONTINUE = Plain.CONTINUE;

    /** Back to the rule after the last jump; in a base chain, its policy. */
    Verdict RETURN = Plain.RETURN;

    static Verdict jump(String chain) {
        return new Jump(chain);
    }

    static Verdict goTo(String chain) {
        return new Goto(chain);
    }

    /** Its code in the kernel: NF_DROP, NF_ACCEPT (linux/netfilter.h) or enum nft_verdicts. */
    int code();

    /** As nft prints it. */
    @Override
    String toString();

    /** The verdicts without an operand. */
    enum Plain implements Verdict {
        DROP(0),
        ACCEPT(1),
        CONTINUE(-1),
        /** As if an expression had not matched: the rest of the rule is left out. nft has no word for it. */
        BREAK(-2),
        RETURN(-5);

        private final int code;

        Plain(int code) {
            this.code = code;
        }

        @Override
        public int code() {
            return code;
        }

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Evaluates another chain and comes back after it. */
    record Jump(String chain) implements Verdict {

        @Override
        public int code() {
            return -3;
        }

        @Override
        public String toString() {
            return "jump " + chain;
        }
    }

    /** Evaluates another chain in place of this one: comes back to where this one was jumped to from. */
    record Goto(String chain) implements Verdict {

        @Override
        public int code() {
            return -4;
        }

        @Override
        public String toString() {
            return "goto " + chain;
        }
    }
}
