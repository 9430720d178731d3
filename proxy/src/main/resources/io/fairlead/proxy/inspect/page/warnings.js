// What is not as it should be: drift of the kernel, findings of the last audit, failures.
const warningsView = (() => {
  const RANK = {error: 0, warning: 1, info: 2};

  async function refresh() {
    try {
      draw(await get("/warnings"));
    } catch (error) {
      fill(byId("warnings"), el("h2", {}, "Warnings"), failure(error));
    }
  }

  function draw(found) {
    const items = [...found.items].sort((a, b) => (RANK[a.severity] ?? 3) - (RANK[b.severity] ?? 3) || (b.at ?? 0) - (a.at ?? 0));
    fill(byId("warnings"),
      el("h2", {}, "Warnings"),
      el("p.quiet", {}, found.checkedAt === undefined ? "The kernel has not been compared with what was written yet."
        : "The kernel was last compared with what was written at " + clock(found.checkedAt) + "."),
      items.length === 0 ? el("p", {}, "Nothing to report.") : el("ul.warnings", {}, items.slice(0, 1000).map(line)),
      items.length > 1000 && el("p.quiet", {}, "… and " + count(items.length - 1000) + " more"));
  }

  function line(item) {
    const severity = Object.hasOwn(RANK, item.severity) ? item.severity : "info";
    return el("li." + severity, {},
      el("p.what", {}, el("span.severity", {}, severity), el("span.kind", {}, item.kind ?? ""),
        el("span.quiet", {}, [item.family, item.at === undefined ? undefined : clock(item.at)].filter(Boolean).join(", "))),
      el("p", {}, item.message ?? ""),
      item.object && el("p", {}, el("code", {}, item.object)),
      item.remedy && el("p.remedy", {}, item.remedy));
  }

  return {refresh};
})();
