package io.fairlead.proxy.config;

import java.time.Duration;

/** The sections of the three modes, and the settings all modes share, taken from the section of the mode in use. */
record SharedSettings(
        Duration syncPeriod,
        Duration minSyncPeriod,
        boolean masqueradeAll,
        IptablesConfig iptables,
        NftablesConfig nftables,
        IpvsConfig ipvs) {

    /** Sync periods and masqueradeAll as one section gives them. */
    private record Periods(Duration syncPeriod, Duration minSyncPeriod) {

        static Periods read(Section section, Duration defaultMinimum) {
            return new Periods(
                    ConfigReader.orElse(section.duration("syncPeriod"), ProxyConfig.DEFAULT_SYNC_PERIOD),
                    ConfigReader.orElse(section.duration("minSyncPeriod"), defaultMinimum));
        }
    }

    static SharedSettings read(Section document, String mode) {
        var iptables = document.section("iptables", "KubeProxyIPTablesConfiguration");
        var nftables = document.section("nftables", "KubeProxyNFTablesConfiguration");
        var ipvs = document.section("ipvs", "KubeProxyIPVSConfiguration");
        // All three are read whatever the mode is, so that a wrong type or an unknown field in any of them is noticed.
        var iptablesPeriods = Periods.read(iptables, ProxyConfig.DEFAULT_MIN_SYNC_PERIOD);
        var nftablesPeriods = Periods.read(nftables, ProxyConfig.DEFAULT_MIN_SYNC_PERIOD);
        var ipvsPeriods = Periods.read(ipvs, Duration.ZERO);
        boolean iptablesMasqueradeAll = iptables.flag("masqueradeAll");
        boolean nftablesMasqueradeAll = nftables.flag("masqueradeAll");
        var periods =
                switch (mode) {
                    case "ipvs" -> ipvsPeriods;
                    case "nftables" -> nftablesPeriods;
                    default -> iptablesPeriods;
                };
        return new SharedSettings(
                periods.syncPeriod(),
                periods.minSyncPeriod(),
                mode.equals("nftables") ? nftablesMasqueradeAll : iptablesMasqueradeAll,
                new IptablesConfig(
                        iptables.optionalInt("masqueradeBit").orElse(IptablesConfig.DEFAULT.masqueradeBit()),
                        iptables.optionalFlag("localhostNodePorts").orElse(true)),
                new NftablesConfig(
                        nftables.optionalInt("masqueradeBit").orElse(NftablesConfig.DEFAULT.masqueradeBit())),
                new IpvsConfig(
                        ipvs.text("scheduler"),
                        ipvs.texts("excludeCIDRs"),
                        ipvs.flag("strictARP"),
                        ipvs.duration("tcpTimeout"),
                        ipvs.duration("tcpFinTimeout"),
                        ipvs.duration("udpTimeout")));
    }
}
