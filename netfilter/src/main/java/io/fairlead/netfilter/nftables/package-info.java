/**
 * nftables as values: tables, chains, rules made of the kernel's own expressions (one record for each), sets, maps and
 * their elements, and transactions on them. Nothing here touches the kernel: {@code kernel.Nftables} does, {@code
 * print.NftPrinter} prints, and {@code wire} holds the messages. A worked example, which drops connections to ports that are
 * in a set:
 *
 * {@snippet :
 * var table = Table.of(Family.IP, "example").withComment("made in Java");
 * var ports = NftSet.set("ports", DataType.INET_SERVICE).withComment("closed to new connections");
 * var rule = RuleBuilder.of(IpFamily.IPV4)
 *         .whenCtState(Ct.STATE_NEW)
 *         .when(Field.TH_DPORT, SetRef.named("ports"))
 *         .drop()
 *         .comment("not from here");
 * try (var nftables = Nftables.open()) {
 *     nftables.commit(new Transaction(table.id())
 *             .add(table)
 *             .add(ports)
 *             .add(Chain.base("input", Hook.filter(Hook.Point.INPUT, 0)))
 *             .add("input", rule)
 *             .add(ports, List.of(Element.of(Data.ofShort(23)))));
 *     var image = nftables.read(table.id()).orElseThrow();
 *     System.out.println(NftPrinter.print(image));
 * }
 * }
 *
 * <p>An object that the kernel refuses is named by the exception: {@code element 23 of set ports in table ip example: exists
 * already (EEXIST)}.
 *
 * <p>Source: include/uapi/linux/netfilter/nf_tables.h.
 */
@NullMarked
package io.fairlead.netfilter.nftables;

import org.jspecify.annotations.NullMarked;
