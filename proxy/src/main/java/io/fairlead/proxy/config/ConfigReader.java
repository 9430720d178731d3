package io.fairlead.proxy.config;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a KubeProxyConfiguration document and applies upstream's defaults. What kubeadm writes out as zero values counts
 * as unset. Unknown and repeated fields are reported and ignored; a wrong type is an error.
 */
public final class ConfigReader {

    private static final Logger log = LoggerFactory.getLogger(ConfigReader.class);

    private static final String KIND = "KubeProxyConfiguration";
    private static final String API_VERSION = "kubeproxy.config.k8s.io/v1alpha1";

    private ConfigReader() {}

    /**
     * @param strictError what strict decoding would have refused
     */
    record Decoded(ProxyConfig config, Optional<String> strictError) {}

    /** @throws ConfigException when the file cannot be read or decoded */
    public static ProxyConfig read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException("open " + file + ": no such file or directory", e);
        } catch (IOException e) {
            throw new ConfigException("read " + file + ": " + e.getMessage(), e);
        }
        return parse(utf8(bytes));
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ConfigException("failed to decode: yaml: the text is not UTF-8", e);
        }
    }

    /** Decodes a document; logs what strict decoding would have refused. */
    public static ProxyConfig parse(String text) {
        var decoded = decode(text);
        decoded.strictError()
                .ifPresent(error ->
                        log.atInfo().addKeyValue("err", error).log("Using lenient decoding as strict decoding failed"));
        return decoded.config();
    }

    static Decoded decode(String text) {
        try {
            var parsed = ConfigParser.parse(text);
            var fields = parsed.root()
                    .filter(ConfigNode.Mapping.class::isInstance)
                    .map(root -> ((ConfigNode.Mapping) root).fields())
                    .orElse(Map.of());
            var document = new Section(KIND, "", fields);
            checkKind(document, text);
            var config = config(document);
            return new Decoded(config, strictError(parsed.duplicates(), document.unknownFields()));
        } catch (ConfigException e) {
            throw new ConfigException("failed to decode: " + e.getMessage(), e);
        }
    }

    private static void checkKind(Section document, String text) {
        String kind = document.text("kind");
        String apiVersion = document.text("apiVersion");
        if (kind.isEmpty() || apiVersion.isEmpty()) {
            throw new ConfigException(
                    "Object '" + (kind.isEmpty() ? "Kind" : "apiVersion") + "' is missing in '" + excerpt(text) + "'");
        }
        if (!kind.equals(KIND) || !apiVersion.equals(API_VERSION)) {
            throw new ConfigException("no kind " + GoText.quote(kind) + " is registered for version "
                    + GoText.quote(apiVersion) + "; expected " + KIND + " of " + API_VERSION);
        }
    }

    /** Enough to recognise the file by; it may be the wrong one and hold secrets further down. */
    private static String excerpt(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    private static Optional<String> strictError(List<String> duplicates, List<String> unknown) {
        var errors = new ArrayList<String>();
        if (!duplicates.isEmpty()) {
            errors.add("yaml: unmarshal errors:\n  " + String.join("\n  ", duplicates));
        }
        unknown.forEach(field -> errors.add("unknown field " + GoText.quote(field)));
        return errors.isEmpty() ? Optional.empty() : Optional.of("strict decoding error: " + String.join(", ", errors));
    }

    private static ProxyConfig config(Section document) {
        String bindAddress = orElse(document.text("bindAddress"), "0.0.0.0");
        boolean ipv4 = IpAddress.tryParse(bindAddress)
                .filter(ip -> ip.family() == IpFamily.IPV4)
                .isPresent();
        String mode = document.text("mode");
        var shared = SharedSettings.read(document, mode);
        document.text("portRange"); // accepted and without effect, as upstream
        return new ProxyConfig(
                document.flags("featureGates"),
                Sections.clientConnection(document),
                Sections.logging(document),
                document.text("hostnameOverride"),
                bindAddress,
                address(document, "healthzBindAddress", ipv4 ? "0.0.0.0" : "::", ProxyConfig.DEFAULT_HEALTHZ_PORT),
                address(document, "metricsBindAddress", ipv4 ? "127.0.0.1" : "::1", ProxyConfig.DEFAULT_METRICS_PORT),
                document.flag("bindAddressHardFail"),
                document.flag("enableProfiling"),
                document.text("showHiddenMetricsForVersion"),
                mode,
                shared.syncPeriod(),
                shared.minSyncPeriod(),
                orElse(document.duration("configSyncPeriod"), ProxyConfig.DEFAULT_CONFIG_SYNC_PERIOD),
                shared.masqueradeAll(),
                shared.iptables(),
                shared.nftables(),
                shared.ipvs(),
                Sections.windows(document),
                Sections.detectLocal(document),
                document.texts("nodePortAddresses"),
                document.optionalInt("oomScoreAdj").orElse(ProxyConfig.DEFAULT_OOM_SCORE_ADJ),
                Sections.conntrack(document));
    }

    private static String address(Section document, String key, String defaultHost, int defaultPort) {
        return HostPort.appendPortIfNeeded(orElse(document.text(key), defaultHost), defaultPort);
    }

    static String orElse(String text, String whenUnset) {
        return text.isEmpty() ? whenUnset : text;
    }

    static Duration orElse(Duration duration, Duration whenUnset) {
        return duration.isZero() ? whenUnset : duration;
    }
}
