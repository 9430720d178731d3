package io.fairlead.netfilter.netlink;

import java.util.List;

/**
 * What the kernel says to a batch.
 *
 * @param errors in the order in which they came
 * @param acknowledged sequence numbers of the messages that were acknowledged, which says nothing about others
 * @param lost whether answers were lost: errors or acknowledgements may be missing
 */
public record BatchAnswer(List<NetlinkError> errors, List<Integer> acknowledged, boolean lost) {}
