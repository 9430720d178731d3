package io.fairlead.netfilter.nftables;

/**
 * A register, by the kernel's number (enum nft_registers): the verdict register, or a place in 64 bytes of data that are
 * addressed in four units of 16 bytes (1–4) or sixteen of 4 bytes (8–23).
 *
 * <p>8, 12, 16 and 20 are the same places as 1, 2, 3 and 4 and become those, as the kernel reports them.
 *
 * @param number 0, 1–4 or 8–23
 */
public record Register(int number) {

    private static final int NFT_REG32_00 = 8;
    private static final int SLOTS = 16;

    /** NFT_REG_VERDICT */
    public static final Register VERDICT = new Register(0);

    /** NFT_REG_1 to NFT_REG_4 */
    public static final Register R1 = new Register(1);

    public static final Register R2 = new Register(2);
    public static final Register R3 = new Register(3);
    public static final Register R4 = new Register(4);

    public Register {
        if (number < 0 || number > 4 && number < NFT_REG32_00 || number >= NFT_REG32_00 + SLOTS) {
            throw new IllegalArgumentException("register " + number + ": there are 0, 1–4 and 8–23");
        }
        if (number >= NFT_REG32_00 && number % 4 == 0) {
            number = number / 4 - 1;
        }
    }

    /**
     * The register that begins at a unit of 4 bytes.
     *
     * @param slot 0–15
     */
    public static Register slot(int slot) {
        if (slot < 0 || slot >= SLOTS) {
            throw new IllegalArgumentException(
                    "register slot " + slot + ": there are 0–15, so keys have at most 64 bytes");
        }
        return new Register(NFT_REG32_00 + slot);
    }

    /**
     * Where it begins, in units of 4 bytes: 0–15.
     *
     * @throws IllegalStateException for the verdict register
     */
    public int slot() {
        if (isVerdict()) {
            throw new IllegalStateException("the verdict register has no slot");
        }
        return number <= 4 ? (number - 1) * 4 : number - NFT_REG32_00;
    }

    public boolean isVerdict() {
        return number == 0;
    }

    /** The register behind this one when this holds so many bytes. */
    public Register after(int bytes) {
        return slot(slot() + (bytes + 3) / 4);
    }
}
