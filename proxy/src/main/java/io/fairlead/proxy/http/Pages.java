package io.fairlead.proxy.http;

/** Answers requests, on any number of threads at once. */
@FunctionalInterface
public interface Pages {

    Answer answer(Request request);
}
