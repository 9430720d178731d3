package io.fairlead.proxy.source.api;

import java.time.Duration;

/** Told of every request to the API server, on the thread that made it. */
public interface RequestListener {

    /** Tells nobody. */
    RequestListener NOBODY = (_, _, _, _) -> {};

    /**
     * The answer has begun, or will not come.
     *
     * @param host with port if the URL has one
     * @param code the HTTP status, {@code <error>} without an answer
     * @param duration until the headers of the answer
     */
    void answered(String method, String host, String code, Duration duration);
}
