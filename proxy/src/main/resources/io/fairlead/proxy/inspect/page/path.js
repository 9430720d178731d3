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
    } else if (choices.length > 0 || budget.left <= 0) {
      box.append(el("p.quiet", {}, "… more than can be drawn"));
    }
    if (from.outcome) box.append(outcome(from.outcome, likely));
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
    if (hook !== here.hook && step.kind !== "routed") {
      lines.push(el("p.hook", {}, el("b", {}, step.hook ?? ""), step.table && " " + step.table));
      here.hook = hook;
      here.chain = undefined;
    }
    if (step.kind === "routed") {
      lines.push(el("p.hook.routed", {}, el("b", {}, "routing"), " " + (step.text ?? step.effect ?? "")));
      here.hook = undefined;
    } else if (step.kind !== "enter") {
      lines.push(el(step.foreign ? "div.step.foreign" : "div.step", {},
        el("span.chain", {}, step.chain === here.chain ? "" : step.chain ?? ""),
        el("span.rule", {title: step.rule}, step.rule ? conditions(step) : step.text ?? "",
          step.foreign && el("span.flag", {}, "not Fairlead's")),
        el("span.effect", {}, step.effect ?? "")));
      here.chain = step.chain;
    }
    return lines;
  }

  // The chain stands before it and what it does behind it; the whole rule is its title.
  function conditions(step) {
    const start = "-A " + step.chain + " ";
    const rule = step.rule.startsWith(start) ? " " + step.rule.slice(start.length) : " " + step.rule;
    const end = step.effect ? Math.max(rule.lastIndexOf(" -j "), rule.lastIndexOf(" -g ")) : -1;
    return (end < 0 ? rule : rule.slice(0, end)).trim() || el("span.quiet", {}, "any packet");
  }

  const ENDINGS = {DNAT: "good", ACCEPT: "good", REJECT: "bad", DROP: "bad"};

  function outcome(end, likely) {
    return el("p.outcome." + (ENDINGS[end.verdict] ?? "fair"), {},
      el("b", {}, end.text ?? [end.verdict, end.to].filter(Boolean).join(" ")),
      el("span.quiet", {}, " " + percent(likely) + " of packets"));
  }

  return {draw, ENDINGS};
})();
