package io.fairlead.proxy.source.api;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The API server answered, but not with what was asked for. */
public final class ApiException extends IOException {

    private static final long serialVersionUID = 1;

    private final int code;
    private final transient Optional<Duration> retryAfter;

    public ApiException(int code, Optional<Duration> retryAfter, String message) {
        super(message);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** The HTTP status, or the code of a watch's ERROR event. */
    public int code() {
        return code;
    }

    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
