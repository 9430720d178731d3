package io.fairlead.proxy.config;

/** Section {@code winkernel} and {@code windowsRunAsService}: read and written back, without effect on Linux. */
public record WindowsConfig(
        boolean runAsService,
        String networkName,
        String sourceVip,
        boolean enableDsr,
        String rootHnsEndpointName,
        boolean forwardHealthCheckVip) {

    public static final WindowsConfig DEFAULT = new WindowsConfig(false, "", "", false, "", false);
}
