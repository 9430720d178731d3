package io.fairlead.cli.lab;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What kubectl showed in the article, to be compared column for column.
 *
 * @param shown as printed there
 * @param differing headers of columns that are not compared, because they are another machine's or another day's
 */
record ArticleTables(String shown, Set<String> differing) {

    /** What controllers append to the names of the pods they make. */
    private static final Pattern SUFFIX =
            Pattern.compile("^(coredns)-[a-z0-9]+-[a-z0-9]{5}$|^(kube-flannel-ds|kube-proxy)-[a-z0-9]{5}$");

    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");

    /** Lines that newer kubectls add. */
    private static final String ADDED = "Internal Traffic Policy: ";

    /** Kubernetes, Linux and container runtime are this machine's. */
    static final ArticleTables NODES =
            new ArticleTables("""
            NAME   STATUS   ROLES                  AGE     VERSION   INTERNAL-IP     EXTERNAL-IP   OS-IMAGE             KERNEL-VERSION      CONTAINER-RUNTIME
            k8s1   Ready    control-plane,master   6d14h   v1.22.8   10.210.40.172   <none>        Ubuntu 20.04.4 LTS   5.13.0-37-generic   docker://20.10.14
            k8s2   Ready    <none>                 6d13h   v1.22.8   10.210.40.173   <none>        Ubuntu 20.04.4 LTS   5.13.0-37-generic   docker://20.10.14
            k8s3   Ready    <none>                 6d11h   v1.22.8   10.210.40.175   <none>        Ubuntu 20.04.4 LTS   5.13.0-37-generic   docker://20.10.14
            """, Set.of("AGE", "VERSION", "OS-IMAGE", "KERNEL-VERSION", "CONTAINER-RUNTIME"));

    /** Restarts, too, are a matter of age. */
    static final ArticleTables SYSTEM_PODS = new ArticleTables("""
            NAME                           READY   STATUS    RESTARTS        AGE
            coredns-78fcd69978-cvpx2       1/1     Running   0               6d10h
            coredns-78fcd69978-hf5sj       1/1     Running   0               6d10h
            etcd-k8s1                      1/1     Running   0               5d4h
            kube-apiserver-k8s1            1/1     Running   2 (5d19h ago)   6d14h
            kube-controller-manager-k8s1   1/1     Running   2 (5d19h ago)   6d14h
            kube-flannel-ds-lhcwb          1/1     Running   0               6d14h
            kube-flannel-ds-ph9gg          1/1     Running   0               6d13h
            kube-flannel-ds-xm28z          1/1     Running   0               6d11h
            kube-proxy-brrvs               1/1     Running   0               6d14h
            kube-proxy-cdl2t               1/1     Running   0               6d13h
            kube-proxy-v8r74               1/1     Running   0               6d11h
            kube-scheduler-k8s1            1/1     Running   3 (5d19h ago)   6d14h
            """, Set.of("RESTARTS", "AGE"));

    static final ArticleTables POD = new ArticleTables("""
            NAME    READY   STATUS    RESTARTS   AGE   IP            NODE   NOMINATED NODE   READINESS GATES
            nginx   1/1     Running   0          68s   10.244.3.38   k8s3   <none>           <none>
            """, Set.of("AGE"));

    static final ArticleTables SERVICES = new ArticleTables("""
            NAME           TYPE        CLUSTER-IP     EXTERNAL-IP   PORT(S)    AGE
            kubernetes     ClusterIP   10.96.0.1      <none>        443/TCP    6d14h
            my-nginx-svc   ClusterIP   10.98.69.149   <none>        3000/TCP   4s
            """, Set.of("AGE"));

    static final ArticleTables ENDPOINTS = new ArticleTables("""
            NAME           ENDPOINTS            AGE
            kubernetes     192.168.100.1:6443   6d14h
            my-nginx-svc   10.244.3.38:80       2m9s
            """, Set.of("AGE"));

    static final ArticleTables DNS_ENDPOINTS = new ArticleTables("""
            NAME       ENDPOINTS                                                AGE
            kube-dns   10.244.0.5:53,10.244.2.21:53,10.244.0.5:53 + 3 more...   6d15h
            """, Set.of("AGE"));

    static final ArticleTables DNS_SERVICE = new ArticleTables("""
            NAME       TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)                  AGE
            kube-dns   ClusterIP   10.96.0.10   <none>        53/UDP,53/TCP,9153/TCP   6d15h
            """, Set.of("AGE"));

    /** The lines about CoreDNS; which of its two pods has the first name is a matter of chance. */
    static final ArticleTables DNS_PODS = new ArticleTables("""
            NAME                           READY   STATUS    RESTARTS        AGE     IP              NODE   NOMINATED NODE   READINESS GATES
            coredns-78fcd69978-cvpx2       1/1     Running   0               6d11h   10.244.0.5      k8s1   <none>           <none>
            coredns-78fcd69978-hf5sj       1/1     Running   0               6d11h   10.244.2.21     k8s2   <none>           <none>
            """, Set.of("AGE"));

    static final List<String> DESCRIBED_ENDPOINTS = lines("""
            Name: kube-dns
            Namespace: kube-system
            Labels: k8s-app=kube-dns
            kubernetes.io/cluster-service=true
            kubernetes.io/name=CoreDNS
            Annotations: endpoints.kubernetes.io/last-change-trigger-time: TIME
            Subsets:
            Addresses: 10.244.0.5,10.244.2.21
            NotReadyAddresses: <none>
            Ports:
            Name Port Protocol
            ---- ---- --------
            dns-tcp 53 TCP
            dns 53 UDP
            metrics 9153 TCP
            Events: <none>
            """);

    static final List<String> DESCRIBED_SERVICE = lines("""
            Name: kube-dns
            Namespace: kube-system
            Labels: k8s-app=kube-dns
            kubernetes.io/cluster-service=true
            kubernetes.io/name=CoreDNS
            Annotations: prometheus.io/port: 9153
            prometheus.io/scrape: true
            Selector: k8s-app=kube-dns
            Type: ClusterIP
            IP Family Policy: SingleStack
            IP Families: IPv4
            IP: 10.96.0.10
            IPs: 10.96.0.10
            Port: dns 53/UDP
            TargetPort: 53/UDP
            Endpoints: 10.244.0.5:53,10.244.2.21:53
            Port: dns-tcp 53/TCP
            TargetPort: 53/TCP
            Endpoints: 10.244.0.5:53,10.244.2.21:53
            Port: metrics 9153/TCP
            TargetPort: 9153/TCP
            Endpoints: 10.244.0.5:9153,10.244.2.21:9153
            Session Affinity: None
            Events: <none>
            """);

    /** What is not as it was in the article; empty if all is. */
    List<String> differences(String text) {
        return columns(shown).differences(columns(text), differing);
    }

    private static Columns columns(String text) {
        var columns = Columns.of(text);
        return new Columns(
                columns.headers(),
                columns.cells().stream()
                        .map(row -> row.stream().map(ArticleTables::unsuffixed).toList())
                        .toList());
    }

    private static String unsuffixed(String cell) {
        var matcher = SUFFIX.matcher(cell);
        return matcher.matches() ? (matcher.group(1) == null ? matcher.group(2) : matcher.group(1)) + "-…" : cell;
    }

    /** A description's lines without indentation, times, and what newer kubectls add. */
    static List<String> lines(String description) {
        return description
                .lines()
                .map(line -> TIME.matcher(line.strip().replaceAll("\\s+", " ")).replaceAll("TIME"))
                .filter(line -> !line.isEmpty() && !line.startsWith(ADDED))
                .toList();
    }
}
