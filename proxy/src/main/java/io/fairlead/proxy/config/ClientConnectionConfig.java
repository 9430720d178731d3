package io.fairlead.proxy.config;

/**
 * Section {@code clientConnection}: how to talk to the API server.
 *
 * @param kubeconfig path; empty means in-cluster credentials
 * @param acceptContentTypes Accept header; empty means {@code <contentType>, *}{@code /*}
 * @param qps requests per second on average; negative means unlimited
 * @param burst requests at once
 */
public record ClientConnectionConfig(
        String kubeconfig, String acceptContentTypes, String contentType, float qps, int burst) {

    public static final ClientConnectionConfig DEFAULT =
            new ClientConnectionConfig("", "", "application/vnd.kubernetes.protobuf", 5, 10);
}
