package io.fairlead.proxy.cluster;

/**
 * A port that all endpoints of a slice have.
 *
 * @param name empty when it belongs to the Service's unnamed port
 * @param port 1–65535
 */
public record EndpointPort(String name, Protocol protocol, int port) {}
