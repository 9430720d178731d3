package io.fairlead.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementsTest {

    @ParameterizedTest
    @ValueSource(strings = {"5.13.0", "5.13", "5.14.0-503.el9.x86_64\n", "6.1.0-18-amd64", "10.0-rc1"})
    void thisKernelIsRecentEnough(String release) {
        assertThat(Requirements.ofRelease(release)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.12.19", "5.4.0-200-generic\n", "4.18.0-553.el8.x86_64", "", "unknown"})
    void thisOneIsNotAndTheRemediesAreNamed(String release) {
        assertThat(Requirements.ofRelease(release))
                .get()
                .asString()
                .contains("nftables mode requires kernel 5.13 or later")
                .contains("this one is " + release.strip())
                .contains("--proxy-mode=iptables", "KUBE_PROXY_NFTABLES_SKIP_KERNEL_VERSION_CHECK")
                .doesNotContain("\n");
    }
}
