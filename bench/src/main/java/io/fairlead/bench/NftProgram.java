package io.fairlead.bench;

import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServiceRouting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The nft program, which writes {@link KubeProxyLayout} into an empty network namespace. */
final class NftProgram implements AutoCloseable {

    private final Duration limit;
    private final NetworkNamespace namespace = NetworkNamespace.create("nft");
    private final Path folder;

    /** @param limit of each call */
    NftProgram(Duration limit) throws IOException {
        this.limit = limit;
        folder = Files.createTempDirectory("fairlead-bench");
    }

    /**
     * How long it took, in milliseconds.
     *
     * @param ended false when it was given up
     */
    record Run(double millis, long user, long kernel, boolean ended) {

        Run and(Run next) {
            return new Run(millis + next.millis, user + next.user, kernel + next.kernel, ended && next.ended);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%s%,.0f ms, processor time %,d ms user, %,d ms kernel",
                    ended ? "" : "more than ",
                    millis,
                    user,
                    kernel);
        }
    }

    Run load(RoutingTable table) throws IOException, InterruptedException {
        return write(KubeProxyLayout.load(table));
    }

    /** What kube-proxy does for Services with other endpoints: it looks what there is, then writes their chains anew. */
    Run change(List<ServiceRouting> ports) throws IOException, InterruptedException {
        var list = run(new ProcessBuilder("nft", "--json", "--terse", "list", "table", "ip", "kube-proxy"));
        return list.ended() ? list.and(write(KubeProxyLayout.rewrite(ports))) : list;
    }

    /** @throws IOException when not so many Services are there */
    void verify(int services) throws IOException {
        long found = namespace
                        .exec("nft", "list", "map", "ip", "kube-proxy", "service-ips")
                        .split("goto service-", -1)
                        .length
                - 1L;
        if (found != services) {
            throw new IOException("nft has written " + found + " of " + services + " Services");
        }
    }

    private Run write(String commands) throws IOException, InterruptedException {
        var file = Files.writeString(folder.resolve("commands"), commands);
        return run(new ProcessBuilder("nft", "-f", "-").redirectInput(file.toFile()));
    }

    private Run run(ProcessBuilder builder) throws IOException, InterruptedException {
        long self = ProcessHandle.current().pid();
        var before = ProcessUsage.times(self);
        long start = System.nanoTime();
        var process =
                namespace.start(builder.redirectOutput(folder.resolve("output").toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT));
        boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        double millis = (System.nanoTime() - start) / 1e6;
        if (!ended) {
            process.destroyForcibly().waitFor();
        } else if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", builder.command()) + " ended with " + process.exitValue());
        }
        var spent = ProcessUsage.times(self).minus(before);
        return new Run(millis, spent.childrenUser(), spent.childrenKernel(), ended);
    }

    @Override
    public void close() throws IOException {
        try (namespace) {
            Setup.remove(folder);
        }
    }
}
