package io.fairlead.lab.program;

import java.io.IOException;

/** Runs nothing and says what it stands for: a part of a cluster that is part of the lab's own process. */
public final class StandIn implements Image {

    @Override
    public Program start(Container container) throws IOException {
        container
                .log()
                .println("Nothing runs here. This pod stands for a part of the lab, process "
                        + ProcessHandle.current().pid() + ": " + String.join(" ", container.arguments()) + ".");
        return BuiltIn.assemble(parts -> {});
    }
}
