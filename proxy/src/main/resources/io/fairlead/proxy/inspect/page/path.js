// Draws the evaluator's tree: a line that runs down through hooks and chains, forks where the kernel chooses, and ends
// in what becomes of the packet. It is as wide as the way is likely.
const path = (() => {
  const MOST_STEPS = 3000;
  const DEEPEST = 40;

  function draw(question, root) {
    const budget = {left: MOST_STEPS};
    return el("div.path", {role: "group", "aria-label": "The packet's path"},
      el("p.start", {}, question.from + " → " + question.to),
      branch(root, 1, budget, 0, {}));
  }

  function branch(from, likely, budget, depth, place, odds) {
    const box = el("div.branch", {}, odds && el("p.odds", {}, odds));
    box.style.setProperty("--rail", (1.5 + 3.5 * likely).toFixed(2) + "px");
    const here = {...place};
    for (const step of from.steps ?? []) {
      if (budget.left-- <= 0) break;
      box.append(...stepLines(step, here));
    }
    const choices = from.choices ?? [];
    if (choices.length > 0 && depth < DEEPEST && budget.left > 0) {
      box.append(el("ul.fork", {}, choices.map(choice => fork(choice, likely, budget, depth, here))));
    } else if (choices.length > 0 || budget.left <= 0 || from.truncated) {
      box.append(el("p.quiet", {}, "… more than can be drawn"));
    }
    if (from.end) box.append(outcome(from.end, likely));
    return box;
  }

  function fork(choice, likely, budget, depth, place) {
    const share = isNumber(choice.share) ? choice.share : 0;
    return el(choice.condition ? "li.conditional" : "li", {},
      branch(choice, likely * share, budget, depth + 1, place, choice.condition ? "if " + choice.condition : percent(share)));
  }

  // A heading where another hook or table begins, the chain where another begins, and the rule.
  function stepLines(step, here) {
    const lines = [];
    const hook = [step.hook, step.table].filter(Boolean).join(" · ");
    if (hook !== here.hook) {
      lines.push(el("p.hook", {}, el("b", {}, step.hook ?? ""), step.table && " " + step.table));
      here.hook = hook;
      here.chain = undefined;
    }
    const [conditions, effect] = halves(step);
    lines.push(el("div.step", {title: step.rule},
      el("span.chain", {}, step.chain === here.chain ? "" : step.chain ?? ""),
      el("span.rule", {}, conditions || el("span.quiet", {}, "any packet")),
      el("span.effect", {}, effect)));
    here.chain = step.chain;
    return lines;
  }

  // What a rule asks and what it does. A comment may look like a target, but the target comes last.
  function halves(step) {
    const start = "-A " + step.chain + " ";
    const rule = " " + ((step.rule ?? "").startsWith(start) ? step.rule.slice(start.length) : step.rule ?? "");
    const at = Math.max(rule.lastIndexOf(" -j "), rule.lastIndexOf(" -g "));
    if (at < 0) return [rule.trim(), step.effect ?? ""];
    const target = rule.slice(at + 4).trim();
    return [rule.slice(0, at).trim(), /^[A-Z]+( |$)/.test(target) ? target.replace(" --to-destination ", " to ") : "→ " + target];
  }

  // Fate of the evaluator: SENT and DELIVERED arrive, the others do not.
  const tone = fate => ({SENT: "good", DELIVERED: "good", DROPPED: "bad", REJECTED: "bad"})[fate] ?? "fair";

  function outcome(end, likely) {
    return el("p.outcome." + tone(end.fate), {},
      el("b", {}, end.text ?? ""),
      el("span.quiet", {}, " " + percent(likely) + " of packets"));
  }

  return {draw, tone};
})();
