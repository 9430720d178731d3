package io.fairlead.proxy.cluster;

/**
 * One port of a Service.
 *
 * @param name empty for the unnamed port
 * @param port 1–65535
 * @param nodePort 0 when there is none
 */
public record ServicePort(String name, Protocol protocol, int port, int nodePort) {}
