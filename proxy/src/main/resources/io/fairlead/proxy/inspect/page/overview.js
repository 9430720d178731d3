// Beside the list while no Service is open: the namespaces, those in trouble first.
const overview = (() => {
  const SHOWN = 200;
  let visible = false;

  function sums() {
    const byName = new Map();
    for (const item of services.items) {
      let sum = byName.get(item.namespace);
      if (sum === undefined) {
        sum = {name: item.namespace, ports: 0, endpoints: 0, connections: 0, good: 0, fair: 0, bad: 0};
        byName.set(item.namespace, sum);
      }
      sum.ports++;
      sum.endpoints += item.all;
      sum.connections += item.connections;
      sum[services.condition(item)]++;
    }
    return [...byName.values()].sort((a, b) => b.bad - a.bad || b.fair - a.fair || (a.name < b.name ? -1 : 1));
  }

  function draw() {
    const all = sums();
    const counted = services.items.some(item => item.traffic);
    fill(byId("detail"),
      el("h2", {}, "Namespaces"),
      el("p.quiet", {}, "Service ports with ", el("span.bad", {}, "no endpoint usable"), " from this node, with some that are ",
        el("span.fair", {}, "not ready"), ", with ", el("span.good", {}, "all ready"), "."),
      el("table.namespaces", {},
        el("thead", {}, el("tr", {}, ["Namespace", "", "Ports", "None usable", "Endpoints", counted && "Connections"]
          .filter(head => head !== false).map((head, at) => el(at > 1 ? "th.number" : "th", {scope: "col"}, head)))),
        el("tbody", {}, all.slice(0, SHOWN).map(sum => line(sum, counted)))),
      all.length > SHOWN && el("p.quiet", {}, "… and " + count(all.length - SHOWN) + " more"));
  }

  function line(sum, counted) {
    const bar = el("span.stack", {role: "img", "aria-label": sum.bad + " with nothing usable, " + sum.fair
      + " with endpoints that are not ready, " + sum.good + " with all ready"});
    for (const condition of ["bad", "fair", "good"]) {
      if (sum[condition] === 0) continue;
      const part = el("i." + condition);
      part.style.flexGrow = sum[condition];
      bar.append(part);
    }
    return el("tr", {},
      el("td", {}, el("button.link", {type: "button", click: () => services.searchFor(sum.name + "/")}, sum.name)),
      el("td", {}, bar),
      el("td.number", {}, count(sum.ports)),
      el(sum.bad > 0 ? "td.number.bad" : "td.number.quiet", {}, count(sum.bad)),
      el("td.number", {}, count(sum.endpoints)),
      counted && el("td.number", {}, short(sum.connections)));
  }

  return {
    show() {
      visible = true;
      draw();
    },
    hide: () => visible = false,
    changed: () => visible && draw(),
  };
})();
