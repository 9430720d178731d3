package io.fairlead.cli;

import io.fairlead.proxy.config.ClientConnectionConfig;
import picocli.CommandLine.Option;

/** How to reach the API server. */
final class ClusterFlags {

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "File with the API server's address and credentials. Without it and without --master and --manifests: the pod's own service account.")
    String kubeconfig = "";

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "URL of the API server; overrides the kubeconfig's, even with --config.")
    String master = "";

    @Option(
            names = "--kube-api-qps",
            converter = FlagValue.Float32.class,
            paramLabel = "N",
            description = "Requests per second on average (default: 5); negative: no limit.")
    float qps = ClientConnectionConfig.DEFAULT.qps();

    @Option(
            names = "--kube-api-burst",
            converter = FlagValue.Int32.class,
            paramLabel = "N",
            description = "Requests at once (default: 10).")
    int burst = ClientConnectionConfig.DEFAULT.burst();

    @Option(
            names = "--kube-api-content-type",
            paramLabel = "TYPE",
            description = "Content type of requests (default: application/vnd.kubernetes.protobuf).")
    String contentType = ClientConnectionConfig.DEFAULT.contentType();

    ClientConnectionConfig clientConnection() {
        return new ClientConnectionConfig(kubeconfig, "", contentType, qps, burst);
    }
}
