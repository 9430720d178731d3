package io.fairlead.cli;

import java.time.Duration;

/**
 * Keeps the heap near the size of what lives in it. The serial collector lets its old generation grow up to the limit of the
 * heap, a quarter of the machine, before it collects it: under constant change a daemon that needs 10 MB would hold
 * gigabytes. So that is collected when garbage has become as much as half of what lives, and first after the first sync,
 * when reading and writing a whole cluster has left its garbage. A collection stops the process for some 20 to 100 ms.
 */
final class HeapKeeper {

    private static final Duration INTERVAL = Duration.ofSeconds(20);

    /** Below, there is nothing to gain, in bytes; the young generation alone is this large. */
    private static final long SLACK = 6 << 20;

    private HeapKeeper() {}

    /** From now on, until the process ends. */
    static void start(Thread.Builder thread) {
        thread.name("heap keeper").start(() -> keep(INTERVAL));
    }

    private static void keep(Duration interval) {
        try {
            while (true) {
                System.gc();
                long live = used();
                do {
                    Thread.sleep(interval);
                } while (!isWorthIt(live, used()));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * @param live bytes in use after the last collection
     * @param used bytes in use now
     */
    static boolean isWorthIt(long live, long used) {
        return used > live + live / 2 + SLACK;
    }

    private static long used() {
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
