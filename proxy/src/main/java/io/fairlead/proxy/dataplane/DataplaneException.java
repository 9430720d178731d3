package io.fairlead.proxy.dataplane;

/** The kernel, or the program that talks to it, refused. The message says what was tried, what came back and what to do. */
public final class DataplaneException extends Exception {

    private static final long serialVersionUID = 1;

    public DataplaneException(String message, Throwable cause) {
        super(message, cause);
    }
}
