package io.fairlead.proxy.http;

/**
 * Bounds on what one client can make us hold. The JDK's server knows them as system properties only, read when its first
 * server is made; what the command line has set stays.
 */
final class ServerLimits {

    /** A request that takes longer to arrive, or to be taken off our hands, is cut off: scrapes are over in far less. */
    private static final int SECONDS = 10;

    /** Well above 1,000 scrapes at a time, and a few tens of megabytes at worst. */
    private static final int CONNECTIONS = 2_000;

    private static final int HEADER_BYTES = 32 * 1024;

    private ServerLimits() {}

    static void apply() {
        // jdk.httpserver, module-info: the documented properties.
        set("sun.net.httpserver.maxReqTime", SECONDS);
        set("sun.net.httpserver.maxRspTime", SECONDS);
        set("sun.net.httpserver.idleInterval", SECONDS);
        set("sun.net.httpserver.maxIdleConnections", 20);
        set("sun.net.httpserver.maxReqHeaders", 100);
        set("sun.net.httpserver.maxReqHeaderSize", HEADER_BYTES);
        set("jdk.httpserver.maxConnections", CONNECTIONS);
        // Answers are small; Nagle's algorithm would hold their last segment back.
        set("sun.net.httpserver.nodelay", true);
    }

    private static void set(String property, Object value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value.toString());
        }
    }
}
