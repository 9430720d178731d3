package io.fairlead.proxy.config;

import java.time.Duration;

/**
 * How often buffered log lines are flushed.
 *
 * @param asNanoseconds whether the document gave a whole number of nanoseconds; it is written back the same way
 */
public record FlushFrequency(Duration value, boolean asNanoseconds) {

    static final FlushFrequency DEFAULT = new FlushFrequency(Duration.ofSeconds(5), false);
}
