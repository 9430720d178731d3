package io.fairlead.proxy.inspect;

import java.util.Map;

/** An answer, for machines and for people. */
public interface Report {

    /** Maps, lists, texts, numbers and booleans; see docs/inspect.md for the shapes. */
    Map<String, ?> json();

    /** For a terminal, in lines that end with a line end each. Contains no control characters from elsewhere. */
    String text();

    /** There is nothing to do: no change to make, no finding. */
    default boolean isClean() {
        return true;
    }
}
