package io.fairlead.cli;

import java.io.PrintWriter;

/** Prints rules without touching the kernel. */
final class Renderer {

    private Renderer() {}

    /** @return the exit status */
    @SuppressWarnings("DoNotCallSuggester") // until the assembly is here
    static int run(RenderInvocation invocation, PrintWriter out) {
        throw new UnsupportedOperationException("render is not assembled yet (files " + invocation.files() + ")");
    }
}
