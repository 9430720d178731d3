package io.fairlead.netfilter.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "172.30.0.041, 172.30.0.41",
        "1.2.3.004, 1.2.3.4",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "FD00:10:180::1, fd00:10:180::1",
        "fd00:0:0:0:0:0:0:1, fd00::1",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
        "::ffff:10.0.0.1, 10.0.0.1",
        "::ffff:a00:1, 10.0.0.1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1::, 1::",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    })
    void printsCanonically(String given, String printed) {
        assertThat(IpAddress.parse(given)).hasToString(printed);
        assertThat(IpAddress.parse(printed)).isEqualTo(IpAddress.parse(given));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0",
                "10.0.0.256",
                "10.0.0.1.2",
                "10..0.1",
                "a.b.c.d",
                "localhost",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "fd00::1%eth0",
                "::1.2.3",
                "1:",
                "10.0.0.1 ",
                "-1.0.0.0",
                "1:2:3:4:5:6:7:1.2.3.4",
                "99999999999.0.0.1"
            })
    void refusesWhatIsNotAnAddress(String text) {
        assertThat(IpAddress.tryParse(text)).isEmpty();
        assertThatThrownBy(() -> IpAddress.parse(text)).hasMessageContaining("\"" + text + "\"");
    }

    @Property
    void everyAddressSurvivesTextAndBytes(@ForAll long high, @ForAll long low) throws UnknownHostException {
        var address = IpAddress.v6(high, low);
        assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
        assertThat(IpAddress.ofBytes(address.toBytes())).isEqualTo(address);
        assertThat(IpAddress.of(InetAddress.getByName(address.toString()))).isEqualTo(address);
    }

    @Property
    void aPrefixContainsExactlyTheAddressesThatShareItsBits(
            @ForAll long high, @ForAll long low, @ForAll @IntRange(min = 1, max = 128) int length) {
        var address = new IpAddress(IpFamily.IPV6, high, low);
        var prefix = new IpPrefix(address, length);
        int lastBit = 128 - length;
        var flipped = lastBit < 64
                ? new IpAddress(IpFamily.IPV6, high, low ^ 1L << lastBit)
                : new IpAddress(IpFamily.IPV6, high ^ 1L << lastBit - 64, low);
        assertThat(prefix.contains(address)).isTrue();
        assertThat(prefix.contains(flipped)).isFalse();
    }

    @Test
    void prefixesClearHostBitsAndReadLeadingZeros() {
        assertThat(IpPrefix.parse("203.0.113.077/025")).hasToString("203.0.113.0/25");
        assertThat(IpPrefix.parse("0.0.0.0/0").contains(IpAddress.parse("9.9.9.9")))
                .isTrue();
        assertThat(IpPrefix.parse("::/0").contains(IpAddress.parse("fd00::1"))).isTrue();
        assertThat(IpPrefix.parse("::/0").contains(IpAddress.parse("9.9.9.9"))).isFalse();
        assertThat(IpPrefix.tryParse("10.0.0.0/33")).isEmpty();
        assertThat(IpPrefix.tryParse("10.0.0.0")).isEmpty();
        assertThat(IpPrefix.tryParse("10.0.0.0/")).isEmpty();
        assertThat(IpPrefix.tryParse("10.0.0.0/-1")).isEmpty();
    }
}
