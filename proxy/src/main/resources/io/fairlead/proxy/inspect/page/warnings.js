// Whether the kernel is what was written to it, and what is open to the world. Looking costs the daemon a reading of the
// kernel's rules, so it is done when somebody opens this view or asks again.
const warningsView = (() => {
  const MOST = 500;
  const box = byId("warnings");

  async function refresh() {
    fill(box, heading(), el("p.quiet", {}, "Comparing the kernel with what was written to it …"));
    try {
      const found = await ask.audit();
      draw(found);
    } catch (error) {
      fill(box, heading(), failure(error));
    }
  }

  function heading() {
    return el("div.heading", {}, el("h2", {}, "Warnings"), el("button.link", {type: "button", click: refresh}, "Check again"));
  }

  function draw(found) {
    const warnings = found.total + found.leftovers.length;
    byId("warning-count").hidden = warnings === 0;
    setText(byId("warning-count"), warnings);
    fill(box, heading(),
      el("p", {}, "At " + clock(Date.now()) + (found.total === 0 ? " the kernel was what had been written to it."
        : " the kernel differed from what had been written to it in " + count(found.total) + (found.total === 1 ? " place." : " places."))),
      el("ul.warnings", {}, found.findings.slice(0, MOST).map(finding), found.leftovers.map(leftover)),
      found.total > Math.min(MOST, found.findings.length)
        && el("p.quiet", {}, "… and " + count(found.total - Math.min(MOST, found.findings.length)) + " more"),
      exposed(found.exposed));
  }

  function finding(each) {
    return el("li", {},
      el("p.what", {}, el("span.kind", {}, each.kind), el("span.quiet", {}, each.family), el("code", {}, each.place), each.service),
      each.found && el("p", {}, el("span.side", {}, "found"), el("code", {}, each.found)),
      each.expected && each.expected !== each.found && el("p", {}, el("span.side", {}, "expected"), el("code", {}, each.expected)));
  }

  function leftover(each) {
    return el("li", {}, el("p.what", {}, el("span.kind", {}, "leftover"), each.what), el("p", {}, each.remedy));
  }

  // Whatever the server says of each, under its own names.
  function exposed(all) {
    if (all.length === 0) return el("p.quiet", {}, "Nothing is open to outside the cluster.");
    const names = [...new Set(all.flatMap(Object.keys))];
    return [el("h2", {}, "Open to outside the cluster"), el("div.wide", {}, el("table", {},
      el("thead", {}, el("tr", {}, names.map(name => el("th", {scope: "col"}, name)))),
      el("tbody", {}, all.slice(0, MOST).map(each => el("tr", {}, names.map(name => el("td", {}, said(each[name]))))))))];
  }

  const said = value => Array.isArray(value) ? value.join(", ") : value ?? "";

  return {refresh};
})();
