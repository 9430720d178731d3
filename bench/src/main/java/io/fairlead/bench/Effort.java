package io.fairlead.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * What some work of one thread took.
 *
 * @param wall nanoseconds
 * @param user processor time in the program, in nanoseconds; counted in steps of 10 ms
 * @param kernel processor time in the kernel, likewise
 * @param allocated bytes of the Java heap
 */
record Effort(long wall, long user, long kernel, long allocated) {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Does it, on this thread. */
    static Effort of(Callable<?> work) throws Exception {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long user = THREADS.getCurrentThreadUserTime();
        long cpu = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        work.call();
        long wall = System.nanoTime() - start;
        long cpuSpent = THREADS.getCurrentThreadCpuTime() - cpu;
        long userSpent = Math.min(cpuSpent, THREADS.getCurrentThreadUserTime() - user);
        return new Effort(wall, userSpent, cpuSpent - userSpent, THREADS.getCurrentThreadAllocatedBytes() - allocated);
    }

    /** In program and kernel, in nanoseconds; exact. */
    long processor() {
        return user + kernel;
    }

    double wallMillis() {
        return wall / 1e6;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,9.1f ms, processor time %,.0f ms user, %,.0f ms kernel; %,.1f MB allocated",
                wallMillis(),
                user / 1e6,
                kernel / 1e6,
                allocated / 1048576.0);
    }
}
