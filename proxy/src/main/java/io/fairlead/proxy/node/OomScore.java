package io.fairlead.proxy.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How ready the kernel is to end this process when memory runs out. */
public final class OomScore {

    private static final Logger log = LoggerFactory.getLogger(OomScore.class);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private OomScore() {}

    /**
     * Sets it, in two attempts; without the privilege it stays as it is.
     *
     * @param proc where procfs is mounted
     * @param adjustment −1000, never, to 1000, first
     * @return whether it could be set
     */
    public static boolean apply(Path proc, int adjustment) throws InterruptedException {
        var file = proc.resolve("self/oom_score_adj");
        if (written(file, adjustment)) {
            return true;
        }
        Thread.sleep(PAUSE);
        return written(file, adjustment);
    }

    private static boolean written(Path file, int adjustment) {
        try {
            Files.writeString(file, Integer.toString(adjustment));
            return true;
        } catch (IOException e) {
            log.atDebug().addKeyValue("err", e).log("Failed to apply OOMScore");
            return false;
        }
    }
}
