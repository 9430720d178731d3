package io.fairlead.proxy.source.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the API server is and who we are, by what the command line and the pod say. */
class ApiAccessTest {

    private static final URI MASTER = URI.create("https://10.0.0.1:6443");

    @TempDir
    Path folder;

    @Test
    void theKubeconfigCountsThenTheMasterThenThePod() {
        var file = Path.of("kubeconfig");
        assertThat(ApiAccess.of(Optional.of(file), Optional.of(MASTER), Map.of()))
                .isEqualTo(new ApiAccess.Kubeconfig(file, Optional.of(MASTER)));
        assertThat(ApiAccess.of(Optional.empty(), Optional.of(MASTER), Map.of()))
                .isEqualTo(new ApiAccess.Anonymous(MASTER));
        // kubectl's variable is not ours.
        var environment = Map.of("KUBECONFIG", "/elsewhere");
        assertThat(ApiAccess.of(Optional.empty(), Optional.empty(), environment))
                .isEqualTo(new ApiAccess.InCluster(environment, ApiAccess.InCluster.ACCOUNT));
    }

    @ParameterizedTest
    @CsvSource({"10.96.0.1, https://10.96.0.1:443", "fd00::1, https://[fd00::1]:443"})
    void aPodHasTheServersAddressItsAuthorityAndATokenThatIsReadAgain(String host, String server) throws Exception {
        Files.writeString(folder.resolve("ca.crt"), "CA");
        var settings = new ApiAccess.InCluster(
                        Map.of("KUBERNETES_SERVICE_HOST", host, "KUBERNETES_SERVICE_PORT", "443"), folder)
                .read();
        assertThat(settings.server()).isEqualTo(URI.create(server));
        assertThat(settings.authority()).contains("CA");
        assertThat(settings.tokenFile()).contains(folder.resolve("token"));
    }

    @Test
    void outsideAPodTheErrorSaysSo() {
        assertThatThrownBy(() -> new ApiAccess.InCluster(Map.of("KUBERNETES_SERVICE_HOST", "x"), folder).read())
                .isInstanceOf(ApiConfigException.class)
                .hasMessage(
                        "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and"
                                + " KUBERNETES_SERVICE_PORT must be defined; outside a cluster use --kubeconfig or --manifests");
    }
}
