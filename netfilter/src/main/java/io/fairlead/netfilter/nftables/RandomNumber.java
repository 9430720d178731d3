package io.fairlead.netfilter.nftables;

/**
 * A number that has nothing to do with the packet: {@code numgen random mod 3}.
 *
 * @param modulus one above the highest
 */
public record RandomNumber(int modulus) implements Selector {

    private static final DataType TYPE = DataType.integer(Integer.BYTES, true);

    @Override
    public String text() {
        return "numgen random mod " + modulus;
    }

    @Override
    public DataType type() {
        return TYPE;
    }

    @Override
    public Expression load(Register dreg) {
        return new Numgen(Numgen.Type.RANDOM, modulus, 0, dreg);
    }
}
