package io.fairlead.lab.program;

import java.io.IOException;

/** A program that can be started in a container. */
@FunctionalInterface
public interface Image {

    /** @throws IOException when it does not start, for instance because its port is taken in the pod */
    Program start(Container container) throws IOException;
}
