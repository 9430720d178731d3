// Where does a packet go, and why?
const explainView = (() => {
  const form = byId("question");
  let asked;

  form.addEventListener("submit", event => {
    event.preventDefault();
    const question = new URLSearchParams({from: form.from.value.trim() || "node", to: form.to.value.trim()});
    const target = "#/explain?" + question;
    if (location.hash === target) ask(question);
    else location.hash = target;
  });

  byId("sources").append(...["node", "outside"].map(value => el("option", {value})));
  form.to.addEventListener("input", () => {
    fill(byId("targets"), (form.to.value.length < 2 ? [] : services.suggestions(form.to.value))
      .map(item => el("option", {value: item.namespace + "/" + item.name + ":" + (item.portName || item.port)}, item.address)));
  });

  function open(query) {
    const question = new URLSearchParams(query);
    if (question.has("to")) form.to.value = question.get("to");
    if (question.has("from")) form.from.value = question.get("from");
    if (question.has("to") && question.has("from")) ask(question);
    else {
      fill(byId("answer"), question.has("to") ? [] : help());
      (question.has("to") ? form.from : form.to).focus();
    }
  }

  function help() {
    return el("div.help", {},
      el("p", {}, "Says which Service a packet meets, which endpoints may get it and why the others do not, whether its source is "
        + "rewritten, and draws its way through the kernel's hooks and chains."),
      el("dl.facts", {},
        el("dt", {}, "From"), el("dd", {}, "node (this one), outside, or an address"),
        el("dt", {}, "To"), el("dd", {}, "namespace/service, namespace/service:port, or address:port/protocol")));
  }

  async function ask(question) {
    const mine = asked = question.toString();
    fill(byId("answer"), el("p.quiet", {}, "Asking …"));
    let shown;
    try {
      shown = answer(await get("/explain?" + mine));
    } catch (error) {
      shown = [failure(error)];
    }
    if (asked === mine) fill(byId("answer"), shown);
  }

  function answer(found) {
    return [
      el("div.words", {}, (found.words ?? []).map(sentence => el("p", {}, sentence))),
      outcomes(found.outcomes ?? []),
      candidates(found.candidates ?? []),
      el("h3", {}, "Path"),
      path.draw(found, found.path ?? {}),
      (found.assumptions ?? []).length > 0 && el("h3", {}, "Assumed"),
      (found.assumptions ?? []).length > 0 && el("ul.plain", {}, found.assumptions.map(each => el("li", {}, each))),
    ];
  }

  function outcomes(all) {
    return el("ul.outcomes", {"aria-label": "Outcomes"}, all.slice(0, 60).map(each => {
      const bar = el("i.bar." + (path.ENDINGS[each.verdict] ?? "fair"));
      bar.style.transform = "scaleX(" + Math.min(1, Math.max(0, each.probability || 0)).toFixed(4) + ")";
      return el("li", {}, el("span.share", {}, percent(each.probability)), el("span.text", {}, each.text ?? each.verdict ?? ""), bar);
    }), all.length > 60 && el("li", {}, "… and " + count(all.length - 60) + " more"));
  }

  // Those that get nothing, and why; the others are among the outcomes.
  function candidates(all) {
    const out = all.filter(each => each.use === "none");
    return out.length > 0 && [el("h3", {}, "Not used"), el("ul.plain.rejected", {}, out.slice(0, 60).map(each =>
      el("li", {}, el("code", {}, withPort(each.address, each.port)), " ", each.reason ?? "")))];
  }

  return {open};
})();
