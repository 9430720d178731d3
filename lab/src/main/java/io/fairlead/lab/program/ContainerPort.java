package io.fairlead.lab.program;

import io.fairlead.proxy.cluster.Protocol;

/**
 * A port that a container says it listens on.
 *
 * @param name empty if it has none
 * @param number 1–65535
 */
public record ContainerPort(String name, int number, Protocol protocol) {}
