package io.fairlead.netfilter.nftables;

/**
 * Puts a constant into a register.
 *
 * @param dreg {@link Register#VERDICT} for a verdict, which takes effect at once, and for nothing else
 */
public record Immediate(Register dreg, Value value) implements Expression {

    public Immediate {
        if (dreg.isVerdict() != value instanceof Verdict) {
            throw new IllegalArgumentException(value + " does not go into register " + dreg.number());
        }
    }

    public static Immediate of(Verdict verdict) {
        return new Immediate(Register.VERDICT, verdict);
    }

    @Override
    public String kernelName() {
        return "immediate";
    }
}
