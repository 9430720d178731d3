package io.fairlead.proxy.config;

/** The configuration cannot be used; the message is one complete sentence for the operator. */
public final class ConfigException extends RuntimeException {

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
