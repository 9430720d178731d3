package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.http.Answer;
import io.fairlead.proxy.http.Pages;
import io.fairlead.proxy.http.Request;

/**
 * Lets through what reads, from those who have addressed this server itself.
 *
 * <p>A page of a foreign site can make a browser ask its own name, turned to 127.0.0.1 meanwhile, and read the answer (DNS
 * rebinding). Such a request carries that name as its Host; addresses and {@code localhost} cannot be turned.
 */
public final class ReadOnlyPages implements Pages {

    private static final Answer NOT_READING =
            Answer.text(405, "only GET and HEAD: nothing can be changed here\n").with("Allow", "GET, HEAD");
    private static final Answer WRONG_HOST = Answer.text(
            421, "ask for this server by an IP address or as localhost, for example http://127.0.0.1:10247/\n");

    private final Pages pages;

    public ReadOnlyPages(Pages pages) {
        this.pages = pages;
    }

    @Override
    public Answer answer(Request request) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return NOT_READING;
        }
        return isOurs(request.header("host")) ? pages.answer(request) : WRONG_HOST;
    }

    /** Without a Host it is no browser that asks. */
    private static boolean isOurs(String host) {
        var name = withoutPort(host);
        if (name.startsWith("[") && name.endsWith("]")) {
            return isAddress(name.substring(1, name.length() - 1));
        }
        return name.isEmpty() || name.equalsIgnoreCase("localhost") || isAddress(name);
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static boolean isAddress(String text) {
        try {
            IpAddress.parse(text);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
