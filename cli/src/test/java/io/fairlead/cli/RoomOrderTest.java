package io.fairlead.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The order of the rooms (docs/architecture.md): who may use whom. A room that does not exist yet has nothing to break;
 * a room that is not in this list fails {@link #everyPackageHasItsPlaceInTheOrder}.
 */
class RoomOrderTest {
    private static final String ROOT = "io.fairlead.";

    /** The modules that are on this class path, lowest first; each may use those before it. */
    private static final List<String> MODULES = List.of("netfilter", "proxy", "lab", "cli");

    /** Packages of {@code netfilter} and what each may use of its module. */
    private static final Map<String, List<String>> NETFILTER = Map.of(
            "ip", List.of(),
            "netlink", List.of("ip"),
            "iptables", List.of("ip", "netlink"),
            "nfacct", List.of("ip", "netlink"),
            "nftables", List.of("ip", "netlink"),
            "conntrack", List.of("ip", "netlink"),
            "trace", List.of("ip", "netlink", "iptables", "nfacct", "nftables", "conntrack"));

    /** Packages of {@code proxy} and what each may use of its module. */
    private static final Map<String, List<String>> PROXY = Map.ofEntries(
            Map.entry("config", List.of()),
            Map.entry("http", List.of()),
            Map.entry("cluster", List.of()),
            Map.entry("source", List.of("config", "cluster")),
            Map.entry("routing", List.of("cluster")),
            Map.entry("dataplane", List.of("cluster", "routing")),
            Map.entry("iptables", List.of("config", "cluster", "routing", "dataplane")),
            Map.entry("nftables", List.of("config", "cluster", "routing", "dataplane")),
            Map.entry("conntrack", List.of("config", "cluster", "routing")),
            Map.entry("sync", List.of("config", "cluster", "source", "routing", "dataplane", "conntrack")),
            Map.entry("health", upToSync("http")),
            Map.entry("metrics", upToSync("http")),
            Map.entry("events", upToSync()),
            Map.entry("node", upToSync()),
            Map.entry("inspect", upToSync("http", "health", "metrics", "events", "node")));

    /** Packages of {@code lab} and what each may use of its module. */
    private static final Map<String, List<String>> LAB = Map.of(
            "net", List.of(),
            "schema", List.of(),
            "apiserver", List.of("schema"),
            "controlplane", List.of("schema", "apiserver"),
            "dns", List.of("apiserver"),
            "program", List.of("net", "apiserver", "dns"),
            "kubelet", List.of("net", "apiserver", "program"),
            "cluster", List.of("net", "schema", "apiserver", "controlplane", "dns", "program", "kubelet"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.fairlead");

    private static List<String> upToSync(String... more) {
        return Stream.concat(
                        Stream.of("config", "cluster", "source", "routing", "dataplane", "conntrack", "sync"),
                        Arrays.stream(more))
                .toList();
    }

    @Test
    void theClassesUnderTestAreReallyThere() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName))
                .contains("io.fairlead.netfilter.ip", "io.fairlead.proxy.cluster");
    }

    @ParameterizedTest
    @MethodSource("modules")
    void modulesUseOnlyTheModulesBelow(String module) {
        var above = MODULES.subList(MODULES.indexOf(module) + 1, MODULES.size());
        var forbidden = new ArrayList<>(above);
        forbidden.add("bench");
        check(noClasses()
                .that()
                .resideInAPackage(ROOT + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(all(ROOT, forbidden)));
    }

    static List<String> modules() {
        return MODULES;
    }

    @Test
    void netfilterUsesOnlyTheJdk() {
        check(classes()
                .that()
                .resideInAPackage(ROOT + "netfilter..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + "netfilter..", "java..", "javax..", "org.jspecify.."));
    }

    @ParameterizedTest
    @MethodSource("netfilterPackages")
    void netfilterPackagesUseOnlyThePackagesBelow(String room) {
        check(onlyUses(ROOT + "netfilter.", room, NETFILTER));
    }

    static Stream<String> netfilterPackages() {
        return NETFILTER.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("proxyPackages")
    void proxyPackagesUseOnlyThePackagesBelow(String room) {
        check(onlyUses(ROOT + "proxy.", room, PROXY));
    }

    static Stream<String> proxyPackages() {
        return PROXY.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("labPackages")
    void labPackagesUseOnlyThePackagesBelow(String room) {
        check(onlyUses(ROOT + "lab.", room, LAB));
    }

    static Stream<String> labPackages() {
        return LAB.keySet().stream().sorted();
    }

    /** Configuration, the API, endpoint selection and the loop do not know how rules are written; addresses they may. */
    @Test
    void onlyTheImplementationsOfADataplaneKnowRules() {
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        all(ROOT + "proxy.", List.of("config", "source", "cluster", "routing", "dataplane", "sync")))
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + "netfilter..").and(not(resideInAPackage(ROOT + "netfilter.ip..")))));
    }

    /** The client library's object model stays behind the source: nothing after it pays for it. */
    @Test
    void onlyTheSourceAndTheProcessAroundItUseTheKubernetesClient() {
        check(noClasses()
                .that()
                .resideInAPackage(ROOT + "proxy..")
                .and(not(resideInAnyPackage(
                        all(ROOT + "proxy.", List.of("source", "events", "node", "health", "metrics")))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8.."));
    }

    @Test
    void noPackagesDependOnEachOther() {
        check(slices().matching(ROOT + "(**)").should().beFreeOfCycles());
    }

    @Test
    void everyPackageHasItsPlaceInTheOrder() {
        check(classes().should().resideInAnyPackage(knownPackages()));
    }

    @Test
    void noPackageIsARoomForEverything() {
        check(noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..helpers.."));
    }

    private static String[] knownPackages() {
        return Stream.of(
                        NETFILTER.keySet().stream().map(room -> ROOT + "netfilter." + room + ".."),
                        PROXY.keySet().stream().map(room -> ROOT + "proxy." + room + ".."),
                        LAB.keySet().stream().map(room -> ROOT + "lab." + room + ".."),
                        Stream.of(ROOT + "proxy", ROOT + "cli.."))
                .flatMap(packages -> packages)
                .toArray(String[]::new);
    }

    /** {@code room} depends on no other room of its module than {@code order} allows. */
    private static ArchRule onlyUses(String module, String room, Map<String, List<String>> order) {
        var forbidden = order.keySet().stream()
                .filter(other -> !other.equals(room)
                        && !order.getOrDefault(room, List.of()).contains(other))
                .toList();
        return noClasses()
                .that()
                .resideInAPackage(module + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(all(module, forbidden));
    }

    private static String[] all(String prefix, List<String> rooms) {
        return rooms.stream().map(room -> prefix + room + "..").toArray(String[]::new);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }
}
