package io.fairlead.proxy.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysctlsTest {

    private static final String NAME = "net/ipv4/conf/all/route_localnet";

    @TempDir
    Path proc;

    private Sysctls sysctls;

    @BeforeEach
    void setUp() throws IOException {
        sysctls = new Sysctls(proc);
        Files.createDirectories(proc.resolve("sys/net/ipv4/conf/all"));
        Files.createDirectories(proc.resolve("sys/net/ipv6/conf/all"));
        Files.createDirectories(proc.resolve("net"));
    }

    @Test
    void writesOnlyWhatDiffers() throws IOException {
        Files.writeString(proc.resolve("sys").resolve(NAME), "0\n");
        assertThat(sysctls.ensure(NAME, 1)).isTrue();
        assertThat(sysctls.read(NAME)).hasValue(1);
        assertThat(sysctls.ensure(NAME, 1)).isFalse();
    }

    @Test
    void aSettingThatCannotBeWrittenIsNamedWithItsValueAndARemedy() {
        assertThatThrownBy(() -> sysctls.ensure("net/absent/setting", 7))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("net/absent/setting to 7")
                .hasMessageContaining("privileged");
    }

    @Test
    void ipv6NeedsTheProtocolAndNoSwitch() throws IOException {
        assertThat(sysctls.hasIpv6()).isFalse();
        Files.writeString(proc.resolve("net/if_inet6"), "");
        assertThat(sysctls.hasIpv6()).isTrue();
        Files.writeString(proc.resolve("sys/net/ipv6/conf/all/disable_ipv6"), "1\n");
        assertThat(sysctls.hasIpv6()).isFalse();
    }
}
