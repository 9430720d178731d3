package io.fairlead.netfilter.ip;

import org.jspecify.annotations.Nullable;

/** Reads address text; kept apart because Java's own parsers disagree about leading zeros and may ask DNS. */
final class IpAddressParser {

    private IpAddressParser() {}

    static @Nullable IpAddress parse(String text) {
        return text.indexOf(':') >= 0 ? ipv6(text) : ipv4(text, 0);
    }

    private static @Nullable IpAddress ipv4(String text, int from) {
        int value = 0;
        int octets = 0;
        int octet = -1;
        for (int i = from; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (octet < 0 || ++octets > 4) {
                    return null;
                }
                value = value << 8 | octet;
                octet = -1;
            } else if (c >= '0' && c <= '9') {
                octet = Math.max(octet, 0) * 10 + c - '0';
                if (octet > 255) {
                    return null;
                }
            } else {
                return null;
            }
        }
        return octets == 4 ? IpAddress.v4(value) : null;
    }

    private static @Nullable IpAddress ipv6(String text) {
        var groups = new int[8];
        int count = 0;
        int gap = -1;
        int i = 0;
        if (text.startsWith("::")) {
            gap = 0;
            i = 2;
        }
        while (i < text.length()) {
            if (count == 8) {
                return null;
            }
            int end = i;
            while (end < text.length() && text.charAt(end) != ':') {
                end++;
            }
            if (text.substring(i, end).indexOf('.') >= 0) {
                var embedded = end == text.length() && count <= 6 ? ipv4(text, i) : null;
                if (embedded == null) {
                    return null;
                }
                groups[count++] = (int) (embedded.low() >>> 16);
                groups[count++] = (int) (embedded.low() & 0xffff);
                break;
            }
            int group = hexGroup(text, i, end);
            if (group < 0) {
                return null;
            }
            groups[count++] = group;
            if (end == text.length()) {
                break;
            }
            i = end + 1;
            if (i == text.length()) {
                return null;
            }
            if (text.charAt(i) == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = count;
                i++;
            }
        }
        if (gap < 0 ? count != 8 : count > 7) {
            return null;
        }
        return assemble(groups, count, gap);
    }

    private static IpAddress assemble(int[] groups, int count, int gap) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            int source = gap < 0 || i < gap ? i : i - (8 - count);
            int group = gap >= 0 && i >= gap && source < gap ? 0 : groups[source];
            if (i < 4) {
                high = high << 16 | group;
            } else {
                low = low << 16 | group;
            }
        }
        return IpAddress.v6(high, low);
    }

    private static int hexGroup(String text, int from, int to) {
        if (to == from || to - from > 4) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
