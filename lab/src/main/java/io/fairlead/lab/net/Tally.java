package io.fairlead.lab.net;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of many probes.
 *
 * @param answers how often each server answered, by name
 * @param failures every result that was no answer
 */
public record Tally(Map<String, Integer> answers, List<ProbeResult> failures) {

    public Tally {
        answers = Map.copyOf(answers);
        failures = List.copyOf(failures);
    }

    static Tally of(Collection<ProbeResult> results) {
        var answers = new TreeMap<String, Integer>();
        var failures = new ArrayList<ProbeResult>();
        for (var result : results) {
            switch (result) {
                case ProbeResult.Answer answer -> answers.merge(answer.server(), 1, Integer::sum);
                case ProbeResult.Refused refused -> failures.add(refused);
                case ProbeResult.Unreachable unreachable -> failures.add(unreachable);
                case ProbeResult.TimedOut timedOut -> failures.add(timedOut);
            }
        }
        return new Tally(answers, failures);
    }
}
