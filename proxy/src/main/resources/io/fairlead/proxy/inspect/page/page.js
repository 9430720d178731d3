// Which view is shown, what keys do, and what is asked again and again.
(() => {
  const STATE_EVERY = 3000;
  const LIST_EVERY = 15000;
  const VIEWS = ["services", "explain", "history", "warnings"];
  let view = "services";
  let detail = false;
  let skew = 0;
  let answeredAt = 0;

  function route() {
    const hash = location.hash.replace(/^#\/?/, "");
    const mark = hash.indexOf("?");
    const parts = (mark < 0 ? hash : hash.slice(0, mark)).split("/").map(unescaped);
    detail = parts[0] === "service" && parts.length === 3;
    view = detail ? "services" : VIEWS.includes(parts[0]) ? parts[0] : "services";
    VIEWS.forEach(name => byId(name).hidden = name !== view);
    document.querySelectorAll("nav a").forEach(link => {
      if (link.dataset.view === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    byId("services").classList.toggle("open", detail);
    document.title = (detail ? spelled(parts[1] + "/" + parts[2]) + " – " : "") + "Fairlead";
    enter(parts, mark < 0 ? "" : hash.slice(mark + 1));
  }

  function enter(parts, query) {
    if (detail) {
      overview.hide();
      services.mark(parts[1], parts[2]);
      serviceView.open(parts[1], parts[2]);
    } else {
      serviceView.close();
      if (view === "services") overview.show();
    }
    if (view === "explain") explainView.open(query);
    if (view === "history") historyView.refresh();
    if (view === "warnings") warningsView.refresh();
  }

  function unescaped(part) {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  }

  async function readState() {
    try {
      const state = await ask.state();
      skew = Date.now() - (state.now ?? Date.now());
      answeredAt = Date.now();
      drawState(state);
      const due = services.revision === undefined || services.revision !== state.revision && Date.now() - services.loadedAt > LIST_EVERY;
      if (due) services.load(state.revision);
    } catch (error) {
      byId("pulse").className = "bad";
      setText(byId("pulse"), answeredAt === 0 ? error.message : "No answer since " + clock(answeredAt) + "; this is what was known then");
    }
  }

  function drawState(state) {
    setText(byId("where"), [state.node, state.zone && "zone " + state.zone,
      state.backend ? state.mode + " (" + state.backend + ")" : state.mode, state.version].filter(Boolean).join(" · "));
    const families = state.families ?? [];
    const failed = families.filter(each => each.failures > 0);
    const synced = families.map(each => each.lastSync).filter(isNumber);
    byId("pulse").className = failed.length > 0 ? "bad" : "";
    setText(byId("pulse"), failed.length > 0 ? failed[0].family + " not written: " + failed[0].lastFailure
      : synced.length === 0 ? "Not synced yet" : "Synced " + age(Date.now() - skew - Math.min(...synced)) + " ago");
  }

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const typing = event.target instanceof HTMLInputElement;
    if (event.key === "/" && !typing) {
      event.preventDefault();
      if (view !== "services") location.hash = "#/services";
      requestAnimationFrame(() => byId("search").select());
      byId("search").focus();
    } else if (event.key === "Escape" && event.target === byId("search")) {
      byId("list").focus();
    } else if (event.key === "Escape" && detail) {
      location.hash = "#/services";
      byId("list").focus();
    }
  });

  window.addEventListener("hashchange", route);
  every(STATE_EVERY, () => true, readState)();
  every(2000, () => detail || view === "history", () => detail ? reopen() : historyView.refresh());

  function reopen() {
    const [, namespace, name] = location.hash.replace(/^#\/?/, "").split("/").map(unescaped);
    return serviceView.open(namespace, name);
  }

  route();
})();
