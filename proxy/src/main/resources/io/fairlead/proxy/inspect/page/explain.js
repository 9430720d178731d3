// Where does a packet go, and why?
const explainView = (() => {
  const form = byId("question");
  const MOST = 60;
  let asked;

  form.addEventListener("submit", event => {
    event.preventDefault();
    const question = new URLSearchParams({from: form.from.value.trim() || "node", to: form.to.value.trim()});
    const target = "#/explain?" + question;
    if (location.hash === target) inquire(question);
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
    if (question.has("to") && question.has("from")) inquire(question);
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

  async function inquire(question) {
    const mine = asked = question.toString();
    fill(byId("answer"), el("p.quiet", {}, "Asking …"));
    let shown;
    try {
      shown = answer(await ask.explain(mine));
    } catch (error) {
      shown = [failure(error)];
    }
    if (asked === mine) fill(byId("answer"), shown);
  }

  function answer(found) {
    return [
      el("div.words", {}, found.words.map(sentence => el("p", {}, sentence))),
      found.candidates.length > 0 && [el("h3", {}, "Endpoints"), ways(found.candidates.map(each =>
        ({share: each.probability, text: place(each) + (each.masqueraded ? ", masqueraded" : ""), tone: "good"})))],
      found.others.length > 0 && [el("h3", {}, "Not used"), ways(found.others.map(each => ({text: place(each) + ": " + each.why})))],
      found.path && [el("h3", {}, "Path"), path.draw(found, found.path)],
      found.outcomes.length > 1 && [el("h3", {}, "Outcomes of these rules"), ways(found.outcomes.map(each =>
        ({share: each.share, text: each.text, tone: path.tone(each.fate)})))],
      found.assumptions.length > 0 && [el("h3", {}, "Assumed"), el("ul.plain", {}, found.assumptions.map(each => el("li", {}, each)))],
    ];
  }

  const place = endpoint => endpoint.address + (endpoint.node ? " on " + endpoint.node : "");

  // What may happen, each with its probability as a number and as a line.
  function ways(all) {
    return el("ul.outcomes", {}, all.slice(0, MOST).map(each => {
      const bar = el("i.bar." + (each.tone ?? "quiet"));
      bar.style.transform = "scaleX(" + Math.min(1, Math.max(0, each.share || 0)).toFixed(4) + ")";
      return el("li", {}, el("span.share", {}, each.share === undefined ? "–" : percent(each.share)), el("span.text", {}, each.text), bar);
    }), all.length > MOST && el("li", {}, "… and " + count(all.length - MOST) + " more"));
  }

  return {open};
})();
