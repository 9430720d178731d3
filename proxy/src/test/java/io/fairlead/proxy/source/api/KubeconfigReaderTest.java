package io.fairlead.proxy.source.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigReaderTest {

    @TempDir
    Path dir;

    private Settings read(String user) throws Exception {
        return read(user, Optional.empty());
    }

    private Settings read(String user, Optional<URI> master) throws Exception {
        var file = Files.writeString(dir.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: here
                clusters: [{name: other, cluster: {server: "https://x"}},
                           {name: c, cluster: {server: "https://10.0.0.1:6443/", certificate-authority: ca.pem}}]
                contexts: [{name: here, context: {cluster: c, user: u}}]
                users: [{name: u, user: {%s}}]
                """.formatted(user));
        Files.writeString(dir.resolve("ca.pem"), "CA");
        return new ApiAccess.Kubeconfig(file, master).read();
    }

    @Test
    void readsTheCurrentContextsClusterAndUser() throws Exception {
        var settings = read("token: abc");

        assertThat(settings.server()).isEqualTo(URI.create("https://10.0.0.1:6443"));
        assertThat(settings.authority()).contains("CA");
        assertThat(settings.authorization()).contains("Bearer abc");
        assertThat(settings.toString()).doesNotContain("abc");
    }

    @Test
    void masterOverridesTheServer() throws Exception {
        assertThat(read("", Optional.of(URI.create("http://m:1"))).server()).isEqualTo(URI.create("http://m:1"));
    }

    @Test
    void embeddedCertificatesAreDecoded() throws Exception {
        var settings = read("client-certificate-data: Q0VSVA==, client-key-data: S0VZ");

        assertThat(settings.clientCertificate()).contains("CERT");
        assertThat(settings.clientKey()).contains("KEY");
    }

    @Test
    void aPluginGivesTheToken() throws Exception {
        var plugin = Files.writeString(dir.resolve("plugin"), """
                #!/bin/sh
                echo "{\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"$PREFIX-$1\\"}}"
                """);
        assertThat(plugin.toFile().setExecutable(true)).isTrue();
        var settings = read("exec: {command: ./plugin, args: [one], env: [{name: PREFIX, value: p}]}");

        assertThat(ExecPlugin.complete(settings).settings().authorization()).contains("Bearer p-one");
    }

    /** As client-go: the file is read again and again, what stands beside it is for when it cannot be. */
    @Test
    void aTokenFileGoesBeforeATokenBesideIt() throws Exception {
        var settings = read("token: abc, tokenFile: rotated");

        assertThat(settings.tokenFile()).contains(dir.resolve("rotated"));
        assertThat(settings.authorization()).contains("Bearer abc");
    }

    @Test
    void aPluginThatFailsIsNamedWithItsStatus() throws Exception {
        var settings = read("exec: {command: \"false\"}");

        assertThatThrownBy(() -> ExecPlugin.complete(settings))
                .isInstanceOf(ApiConfigException.class)
                .hasMessageContaining("false: failed with status 1");
    }

    @Test
    void errorsNameTheFileAndNoSecret() throws IOException {
        assertThatThrownBy(() -> read("token: [: s3cret"))
                .isInstanceOf(ApiConfigException.class)
                .hasMessageContaining("kubeconfig")
                .message()
                .doesNotContain("s3cret");
        assertThatThrownBy(() -> new ApiAccess.Kubeconfig(dir.resolve("none"), Optional.empty()).read())
                .hasMessageContaining("none");
    }

    @Test
    void inAPodTheServiceAccountCounts() throws Exception {
        Files.writeString(dir.resolve("ca.crt"), "CA");
        var settings = new ApiAccess.InCluster(
                        Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443"), dir)
                .read();

        assertThat(settings.server()).isEqualTo(URI.create("https://[fd00::1]:443"));
        assertThat(settings.tokenFile()).contains(dir.resolve("token"));
        assertThatThrownBy(() -> ApiAccess.of(Optional.empty(), Optional.empty(), Map.of())
                        .read())
                .hasMessageContaining("KUBERNETES_SERVICE_HOST");
    }
}
