package io.fairlead.proxy.metrics;

import io.fairlead.proxy.config.ConfigWriter;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.http.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /configz}: the configuration in force. It holds paths of credentials, never credentials. */
final class ConfigPage {

    /** The order of kube-proxy's fields. */
    private static final List<String> ORDER = List.of(
            "kind",
            "apiVersion",
            "featureGates",
            "clientConnection",
            "logging",
            "hostnameOverride",
            "bindAddress",
            "healthzBindAddress",
            "metricsBindAddress",
            "bindAddressHardFail",
            "enableProfiling",
            "showHiddenMetricsForVersion",
            "mode",
            "iptables",
            "ipvs",
            "nftables",
            "winkernel",
            "detectLocalMode",
            "detectLocal",
            "clusterCIDR",
            "nodePortAddresses",
            "oomScoreAdj",
            "conntrack",
            "configSyncPeriod",
            "portRange");

    private ConfigPage() {}

    static Answer answer(ProxyConfig config) {
        var document = ConfigWriter.document(config);
        var ordered = new LinkedHashMap<String, Object>();
        for (var key : ORDER) {
            var value = document.get(key);
            if (value != null) {
                ordered.put(key, value);
            }
        }
        document.forEach(ordered::putIfAbsent);
        return Answer.of(200, Answer.JSON, JsonText.write(Map.of("kubeproxy.config.k8s.io", ordered)));
    }
}
