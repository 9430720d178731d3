package io.fairlead.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SubnetsTest {

    @Test
    void hostsCountFromTheNetworkInBothFamilies() {
        var subnets = Subnets.of("10.244.3.0/24", "fd00:10:244:3::/64");
        assertThat(subnets.host(38)).isEqualTo(Addresses.of("10.244.3.38", "fd00:10:244:3::26"));
    }

    @Test
    void highNetworksCountToo() {
        assertThat(Subnets.of("240.0.0.0/4", "ff00::/8").host(300)).isEqualTo(Addresses.of("240.0.1.44", "ff00::12c"));
    }

    @Test
    void aHostOutsideTheNetworkIsRefused() {
        assertThatThrownBy(() -> Subnets.of("10.0.0.0/30", "fd00::/64").host(4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("10.0.0.0/30 has no host number 4");
    }

    @Test
    void aNetworkWithoutRoomIsRefused() {
        assertThatThrownBy(() -> Subnets.of("10.0.0.0/31", "fd00::/64"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.0/31");
    }
}
