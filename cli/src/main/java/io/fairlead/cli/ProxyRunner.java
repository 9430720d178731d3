package io.fairlead.cli;

/** Runs the daemon, or one sync. */
final class ProxyRunner {

    private ProxyRunner() {}

    /** @return the exit status */
    @SuppressWarnings("DoNotCallSuggester") // until the assembly is here
    static int run(ProxyInvocation invocation) {
        throw new UnsupportedOperationException("the proxy is not assembled yet (node " + invocation.nodeName() + ")");
    }
}
