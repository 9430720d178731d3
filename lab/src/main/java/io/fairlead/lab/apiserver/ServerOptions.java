package io.fairlead.lab.apiserver;

import java.time.Duration;

/**
 * How a server behaves.
 *
 * @param requireNamespaces objects can be created only in namespaces that exist
 * @param streamingLists sendInitialEvents is understood
 * @param goneAsHttpStatus a watch from a forgotten version is answered with HTTP 410; otherwise, as servers do today, with
 *     200 and an ERROR event that says 410
 * @param bookmarkInterval how long a quiet watch waits before its next bookmark
 * @param watchTimeout how long a watch lasts that does not say
 */
record ServerOptions(
        boolean requireNamespaces,
        boolean streamingLists,
        boolean goneAsHttpStatus,
        Duration bookmarkInterval,
        Duration watchTimeout) {}
