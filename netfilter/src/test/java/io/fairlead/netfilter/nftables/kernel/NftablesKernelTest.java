package io.fairlead.netfilter.nftables.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.netlink.NetlinkException;
import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Field;
import io.fairlead.netfilter.nftables.Hook;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.RuleBuilder;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.TestNamespace;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.Verdict;
import io.fairlead.netfilter.nftables.wire.Batch;
import io.fairlead.netfilter.nftables.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real kernel, in a namespace of its own. */
@Tag("kernel")
class NftablesKernelTest {

    private static final Table TABLE = Table.of(Family.IP, "flt");
    private static final NftSet SERVICES =
            NftSet.verdictMap("services", DataType.IPV4_ADDR, DataType.INET_PROTO, DataType.INET_SERVICE);
    private static final Data DNS = Data.endpoint(IpAddress.parse("10.96.0.10"), 6, 53);

    private TestNamespace namespace;
    private Nftables nftables;

    @BeforeEach
    void open() throws Exception {
        namespace = TestNamespace.create();
        nftables = namespace.inside(Nftables::open);
        nftables.commit(transaction()
                .add(TABLE)
                .add(SERVICES)
                .add(Chain.regular("a"))
                .add(Chain.regular("b"))
                .add(SERVICES, List.of(Element.of(DNS, Verdict.goTo("a")))));
    }

    @AfterEach
    void close() throws Exception {
        nftables.close();
        namespace.close();
    }

    private static Transaction transaction() {
        return new Transaction(TABLE.id());
    }

    private static RuleBuilder rule() {
        return RuleBuilder.of(IpFamily.IPV4);
    }

    private void refused(Transaction transaction, int errno, String message) {
        assertThatExceptionOfType(TransactionException.class)
                .isThrownBy(() -> nftables.commit(transaction))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(errno))
                .withMessage(message);
    }

    @Test
    void anElementThatIsThereWithAnotherValueIsNamed() {
        refused(
                transaction()
                        .add(
                                SERVICES,
                                List.of(
                                        Element.of(Data.endpoint(IpAddress.parse("10.96.0.9"), 17, 53), Verdict.DROP),
                                        Element.of(DNS, Verdict.goTo("b")),
                                        Element.of(
                                                Data.endpoint(IpAddress.parse("10.96.0.11"), 17, 53), Verdict.DROP))),
                NetlinkException.EEXIST,
                "element 10.96.0.10 . tcp . 53 of map services in table ip flt: exists already (EEXIST)");
    }

    @Test
    void createRefusesWhatIsThere() {
        refused(
                transaction().create(SERVICES, List.of(Element.of(DNS, Verdict.goTo("a")))),
                NetlinkException.EEXIST,
                "element 10.96.0.10 . tcp . 53 of map services in table ip flt: exists already (EEXIST)");
        refused(
                transaction().create(Chain.regular("a")),
                NetlinkException.EEXIST,
                "chain a in table ip flt: exists already (EEXIST)");
        refused(transaction().create(TABLE), NetlinkException.EEXIST, "table ip flt: exists already (EEXIST)");
    }

    @Test
    void whatIsMissingIsNamed() {
        refused(
                transaction().add("nowhere", rule().drop().build()),
                NetlinkException.ENOENT,
                "a rule of chain nowhere in table ip flt: does not exist (ENOENT)");
        refused(
                transaction()
                        .add(
                                "a",
                                rule().vmap(SetRef.named("nothing"), Field.IP_DADDR)
                                        .comment("to nothing")),
                NetlinkException.ENOENT,
                "rule \"to nothing\" of chain a in table ip flt: does not exist (ENOENT)");
        refused(
                transaction().delete(SERVICES, List.of(Element.of(Data.endpoint(IpAddress.parse("1.2.3.4"), 6, 1)))),
                NetlinkException.ENOENT,
                "element 1.2.3.4 . tcp . 1 of map services in table ip flt: does not exist (ENOENT)");
        refused(
                transaction().deleteSet("nothing").deleteChain("nowhere"),
                NetlinkException.ENOENT,
                "set nothing in table ip flt: does not exist (ENOENT), and 1 more");
    }

    @Test
    void whatIsInUseIsNamed() {
        refused(
                transaction().deleteChain("a"),
                NetlinkException.EBUSY,
                "chain a in table ip flt: busy or already there (EBUSY)");
    }

    @Test
    void aRefusedTransactionChangesNothing() throws Exception {
        var before = nftables.read(TABLE.id());
        int generation = nftables.generation();
        assertThatExceptionOfType(TransactionException.class)
                .isThrownBy(() -> nftables.commit(transaction()
                        .add(Chain.regular("c"))
                        .add("c", rule().drop().build())
                        .deleteChain("nowhere")))
                .satisfies(e -> assertThat(e.mayBeApplied()).isFalse());
        assertThat(nftables.read(TABLE.id())).isEqualTo(before);
        assertThat(nftables.generation()).isEqualTo(generation);
    }

    @Test
    void aCheckChangesNothingAndFindsWhatIsWrong() throws Exception {
        var before = nftables.read(TABLE.id());
        nftables.check(
                transaction().add(Chain.regular("c")).add("c", rule().jump("a").build()));
        assertThat(nftables.read(TABLE.id())).isEqualTo(before);
        assertThatExceptionOfType(TransactionException.class)
                .isThrownBy(() -> nftables.check(transaction().deleteChain("nowhere")))
                .withMessageStartingWith("chain nowhere in table ip flt");
    }

    @Test
    void aBatchForAnotherGenerationIsRefusedAsAWhole() throws Exception {
        try (var batch = new Batch(TABLE.id(), OptionalInt.of(nftables.generation() + 100))) {
            transaction().deleteChain("b").commands().forEach(batch::add);
            batch.end();
            assertThatExceptionOfType(TransactionException.class)
                    .isThrownBy(() -> nftables.commit(batch))
                    .withMessage("transaction on table ip flt: the rules have changed meanwhile (ERESTART)");
        }
        try (var batch = new Batch(TABLE.id(), OptionalInt.of(nftables.generation()))) {
            transaction().deleteChain("b").commands().forEach(batch::add);
            batch.end();
            nftables.commit(batch);
        }
        assertThat(nftables.read(TABLE.id()).orElseThrow().chains()).containsOnlyKeys("a");
    }

    @Test
    void aTableThatIsNotThereIsEmpty() throws Exception {
        assertThat(nftables.read(Table.of(Family.IP6, "flt").id())).isEmpty();
    }

    @Test
    void destroyTakesAwayWhatIsThereAndDoesNotMindTheRest() throws Exception {
        nftables.commit(transaction()
                .add(SERVICES, List.of())
                .destroyChain("b")
                .destroyChain("nowhere")
                .destroySet("nothing")
                .destroy(SERVICES, List.of(Element.of(DNS), Element.of(DNS))));
        var image = nftables.read(TABLE.id()).orElseThrow();
        assertThat(image.chains()).containsOnlyKeys("a");
        assertThat(image.elementsOf("services")).isEmpty();
        nftables.commit(transaction().destroyTable());
        nftables.commit(transaction().destroyTable());
        assertThat(nftables.read(TABLE.id())).isEmpty();
    }

    @Test
    void rulesAreInsertedReplacedAndDeletedByTheirHandles() throws Exception {
        nftables.commit(transaction()
                .add("a", rule().counter().comment("1"))
                .add("a", rule().counter().comment("2"))
                .insert("a", rule().counter().comment("0")));
        assertThat(comments()).containsExactly("0", "1", "2");
        long second = nftables.rules(TABLE.id()).get(1).handle();
        long third = nftables.rules(TABLE.id()).get(2).handle();
        nftables.commit(transaction()
                .insertBefore("a", third, rule().counter().comment("between"))
                .replace("a", second, rule().counter().comment("other")));
        assertThat(comments()).containsExactly("0", "other", "between", "2");
        nftables.commit(transaction().deleteRule("a", third));
        assertThat(comments()).containsExactly("0", "other", "between");
        nftables.commit(transaction().flushTable());
        assertThat(comments()).isEmpty();
    }

    private List<String> comments() throws Exception {
        return nftables.rules(TABLE.id()).stream()
                .map(rule -> rule.rule().comment())
                .toList();
    }

    @Test
    void aBatchOfMegabytesIsOneTransaction() throws Exception {
        int before = nftables.generation();
        var elements = IntStream.range(0, 100_000)
                .mapToObj(i -> Element.of(Data.endpoint(IpAddress.v4(0x0b00_0000 + i), 6, 80), Verdict.goTo("a")))
                .toList();
        nftables.commit(transaction().add(SERVICES, elements));
        assertThat(nftables.generation()).isEqualTo(before + 1);
        int[] count = {0};
        nftables.elements(TABLE.id(), "services", _ -> count[0]++);
        assertThat(count[0]).isEqualTo(100_001);
    }

    @Test
    void thousandsOfErrorsAreOneFailureThatNamesTheFirst() {
        var transaction = transaction();
        for (int i = 0; i < 20_000; i++) {
            transaction.deleteChain("nowhere" + i);
        }
        assertThatExceptionOfType(TransactionException.class)
                .isThrownBy(() -> nftables.commit(transaction))
                .withMessageStartingWith("chain nowhere0 in table ip flt: does not exist (ENOENT), and ")
                .satisfies(e -> assertThat(e.mayBeApplied()).isFalse());
    }

    @Test
    void changesAreHeardWithTheirGenerationAndTheirMaker() throws Exception {
        try (var events = namespace.inside(() -> NftablesEvents.open(1 << 20))) {
            nftables.commit(transaction()
                    .add(Chain.base("in", Hook.filter(Hook.Point.INPUT, 0)))
                    .add("in", rule().drop().comment("heard"))
                    .delete(SERVICES, List.of(Element.of(DNS))));
            var own = untilGeneration(events);
            assertThat(own).allMatch(event -> event.port() == port());
            assertThat(own.get(0).message())
                    .isEqualTo(
                            new Message.OfChain(false, TABLE.id(), Chain.base("in", Hook.filter(Hook.Point.INPUT, 0))));
            assertThat(((Message.OfRule) own.get(1).message()).rule().comment()).isEqualTo("heard");
            var gone = (Message.OfElements) own.get(2).message();
            assertThat(gone.deleted()).isTrue();
            assertThat(gone.elements().getFirst().key()).isEqualTo(DNS);
            var generation = (Message.OfGeneration) own.get(3).message();
            assertThat(generation.id()).isEqualTo(nftables.generation());
            assertThat(generation.process()).isNotZero();
            assertThat(generation.program()).isNotEmpty();

            namespace.nft("delete", "table", "ip", "flt");
            var others = untilGeneration(events);
            assertThat(others).noneMatch(event -> event.port() == port());
            assertThat(others).anyMatch(event -> event.message() instanceof Message.OfTable table && table.deleted());
            assertThat(((Message.OfGeneration) others.getLast().message()).program())
                    .isEqualTo("nft");
        }
    }

    private int port() {
        try {
            return nftables.port();
        } catch (NetlinkException e) {
            throw new AssertionError(e);
        }
    }

    private static List<NftablesEvent.Changed> untilGeneration(NftablesEvents events) throws Exception {
        var changes = new ArrayList<NftablesEvent.Changed>();
        while (changes.isEmpty() || !(changes.getLast().message() instanceof Message.OfGeneration)) {
            var next = events.next(java.time.Duration.ofSeconds(20));
            assertThat(next).as("events within 20 s").isNotEmpty();
            assertThat(next).hasOnlyElementsOfType(NftablesEvent.Changed.class);
            next.forEach(event -> changes.add((NftablesEvent.Changed) event));
        }
        return changes;
    }

    @Test
    void anOverrunIsAnEvent() throws Exception {
        try (var events = namespace.inside(() -> NftablesEvents.open(4096))) {
            for (int i = 0; i < 100; i++) {
                nftables.commit(transaction().add(Chain.regular("chain" + i)));
            }
            var heard = new ArrayList<NftablesEvent>();
            while (!heard.contains(new NftablesEvent.Lost())) {
                var next = events.next(java.time.Duration.ofSeconds(20));
                assertThat(next).as("events within 20 s").isNotEmpty();
                heard.addAll(next);
            }
        }
    }

    @Test
    void aReaderSeesOneGenerationWhileOthersWrite() throws Exception {
        // Both sets always hold the same element.
        var one = NftSet.set("one", DataType.INET_SERVICE);
        var two = NftSet.set("two", DataType.INET_SERVICE);
        nftables.commit(transaction().add(one).add(two));
        try (var writer = namespace.inside(Nftables::open)) {
            var thread = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 200; i++) {
                    var element = List.of(Element.of(Data.ofShort(i)));
                    try {
                        writer.commit(transaction()
                                .flushSet("one")
                                .add(one, element)
                                .flushSet("two")
                                .add(two, element));
                        Thread.sleep(2);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
            while (thread.isAlive()) {
                try {
                    var image = nftables.read(TABLE.id()).orElseThrow();
                    assertThat(image.elementsOf("one")).isEqualTo(image.elementsOf("two"));
                } catch (NetlinkException e) {
                    assertThat(e.errno()).isEqualTo(NetlinkException.EINTR);
                }
            }
            thread.join();
        }
    }
}
