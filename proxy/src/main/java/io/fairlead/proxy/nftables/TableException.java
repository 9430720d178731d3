package io.fairlead.proxy.nftables;

/** The kernel refused, or could not be asked. The message says what about which object. */
final class TableException extends Exception {

    private static final long serialVersionUID = 1;

    /** What helps. */
    enum Kind {
        /** The table is not as we thought: looking at it again helps. */
        CHANGED,
        /** Anything else: time may help. */
        REFUSED
    }

    private final Kind kind;

    TableException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
