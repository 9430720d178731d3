package io.fairlead.proxy.source.api;

/** How to reach the API cannot be found out; the message names the file, the field and the remedy, and no secret. */
public final class ApiConfigException extends Exception {

    private static final long serialVersionUID = 1;

    ApiConfigException(String message) {
        super(message);
    }
}
