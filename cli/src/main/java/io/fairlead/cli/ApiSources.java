package io.fairlead.cli;

import io.fairlead.proxy.source.api.ApiAccess;
import io.fairlead.proxy.source.api.ApiClient;
import io.fairlead.proxy.source.api.ApiConfigException;
import io.fairlead.proxy.source.api.RequestListener;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the cluster's API: by kubeconfig, by URL, or with a Pod's own credentials. */
final class ApiSources {

    private static final Logger log = LoggerFactory.getLogger(ApiSources.class);

    private ApiSources() {}

    /** @throws StartException when there are no usable credentials; a server that does not answer is waited for */
    static ApiClient client(ProxyInvocation invocation, RequestListener requests) throws StartException {
        var kubeconfig = Optional.of(invocation.config().clientConnection().kubeconfig())
                .filter(path -> !path.isEmpty())
                .map(Path::of);
        var master = master(invocation);
        if (kubeconfig.isEmpty() && master.isEmpty()) {
            log.warn("Neither kubeconfig file nor master URL was specified, falling back to in-cluster config");
        }
        try {
            var access = ApiAccess.of(kubeconfig, master, System.getenv());
            return new ApiClient(access, "fairlead/" + VersionCommand.own(), requests);
        } catch (ApiConfigException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Optional<URI> master(ProxyInvocation invocation) throws StartException {
        if (invocation.master().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new URI(invocation.master().get()));
        } catch (URISyntaxException e) {
            // Without the URL: a password may be in it, and the exception quotes it.
            throw new StartException("--master is not a URL such as https://10.0.0.1:6443: " + e.getReason());
        }
    }
}
