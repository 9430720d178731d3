// One Service: where it can be reached, and a map from each port to its endpoints.
const serviceView = (() => {
  const SHOWN = 250;
  const ROW = 30;
  let shown;
  let before;
  let everything = false;

  async function open(namespace, name) {
    const key = namespace + "/" + name;
    if (shown !== key) {
      shown = key;
      before = undefined;
      everything = false;
      fill(byId("detail"), heading(namespace, name), el("p.quiet", {}, "Reading …"));
      byId("detail").scrollTop = 0;
    }
    try {
      const found = await ask.service(namespace, name);
      if (shown === key) draw(namespace, name, found);
    } catch (error) {
      if (shown === key) fill(byId("detail"), heading(namespace, name), failure(error));
    }
  }

  function heading(namespace, name) {
    return el("div.heading", {},
      el("a.back", {href: "#/services", "aria-label": "Back to the list"}, "←"),
      el("h2", {}, el("span.quiet", {}, namespace + "/"), name));
  }

  function draw(namespace, name, found) {
    if (isSelecting()) return;
    if (found.length === 0) {
      fill(byId("detail"), heading(namespace, name), el("p", {}, "No Service of this name has rules on this node."));
      return;
    }
    const rates = ratesSince(before, found);
    before = {at: performance.now(), found};
    const box = byId("detail");
    const scroll = box.scrollTop;
    const focused = controls().indexOf(document.activeElement);
    fill(box, heading(namespace, name), found.map(port => portBlock(namespace, name, port, rates)));
    box.scrollTop = scroll;
    if (focused >= 0) controls()[focused]?.focus({preventScroll: true});
  }

  const controls = () => [...byId("detail").querySelectorAll("a, button")];

  // Somebody is about to copy something: it must not vanish from under the pointer.
  function isSelecting() {
    const selection = getSelection();
    return before !== undefined && !selection.isCollapsed && byId("detail").contains(selection.anchorNode);
  }

  // Connections and bytes per second of each endpoint since the last look.
  function ratesSince(last, found) {
    const rates = new Map();
    if (last === undefined) return rates;
    const seconds = (performance.now() - last.at) / 1000;
    const totals = new Map();
    each(last.found, (key, traffic) => totals.set(key, traffic));
    each(found, (key, traffic) => {
      const old = totals.get(key);
      if (old && seconds > 0) rates.set(key, {
        connections: Math.max(0, traffic.connections - old.connections) / seconds,
        bytes: Math.max(0, traffic.bytes - old.bytes) / seconds,
      });
    });
    return rates;
  }

  function each(found, visit) {
    for (const port of found) {
      for (const endpoint of port.endpoints) {
        if (endpoint.traffic) visit(rateKey(port, endpoint), endpoint.traffic);
      }
    }
  }

  const rateKey = (port, endpoint) => [port.key, endpoint.address].join("\n");

  function portBlock(namespace, name, port, rates) {
    const endpoints = [...port.endpoints].sort((a, b) => unused(a) - unused(b));
    const to = namespace + "/" + name + ":" + (port.portName || port.port);
    return el("section.port", {"aria-label": "Port " + (port.portName || port.port)},
      el("div.porthead", {},
        el("h3", {}, (port.portName ? port.portName + " " : "") + port.port + "/" + port.protocol),
        el("a.action", {href: "#/explain?to=" + encodeURIComponent(to)}, "Explain a packet")),
      facts(port),
      endpoints.length === 0 ? el("p.bad", {}, "No endpoints.") : map(port, endpoints, rates));
  }

  const unused = endpoint => endpoint.used ? 0 : 1;

  function facts(port) {
    const places = [
      ["Cluster IP", port.clusterIPs.map(ip => withPort(ip, port.port))],
      ["External IP", port.externalIPs.map(ip => withPort(ip, port.port))],
      ["Load balancer", port.loadBalancerIPs.map(ip => withPort(ip, port.port))],
      ["Allowed from", port.sourceRanges],
      ["Node port", port.nodePort ? [port.nodePort] : []],
      ["Health check port", port.healthCheckNodePort ? [port.healthCheckNodePort] : []],
      ["Policy", [port.internalTrafficPolicy === "Local" && "internal Local", port.externalTrafficPolicy === "Local" && "external Local"]
        .filter(Boolean)],
      ["Affinity", port.affinitySeconds ? ["client IP for " + age(port.affinitySeconds * 1000)] : []],
    ];
    return el("dl.facts", {}, places.filter(([, values]) => values.length > 0)
      .map(([term, values]) => [el("dt", {}, term), values.map(value => el("dd", {}, value))]));
  }

  function map(port, endpoints, rates) {
    const some = everything ? endpoints : endpoints.slice(0, SHOWN);
    return el("div.map", {}, lines(some),
      el("ol.endpoints", {}, some.map(endpoint => line(port, endpoint, rates))),
      some.length < endpoints.length && el("button.link", {type: "button", click: () => {
        everything = true;
        open(...shown.split("/"));
      }}, "Show " + count(endpoints.length - some.length) + " more"));
  }

  // From the Service's trunk a line to each endpoint that gets traffic, as wide as its share of it.
  function lines(endpoints) {
    const most = endpoints.reduce((max, endpoint) => Math.max(max, endpoint.share ?? 0), 0);
    const drawing = svg("svg", {width: 34, height: 0, "aria-hidden": true});
    const last = endpoints.findLastIndex(endpoint => !unused(endpoint));
    if (last < 0) return drawing;
    drawing.setAttribute("height", (last + 1) * ROW);
    drawing.append(svg("path", {d: "M9 0V" + (last * ROW + ROW / 2 + 1), "stroke-width": 2}));
    endpoints.forEach((endpoint, at) => {
      if (unused(endpoint)) return;
      const width = most > 0 ? 1 + 3 * (endpoint.share ?? 0) / most : 2;
      drawing.append(svg("path", {d: "M9 " + (at * ROW + ROW / 2) + "H34", "stroke-width": width.toFixed(1)}));
    });
    return drawing;
  }

  function line(port, endpoint, rates) {
    const rate = rates.get(rateKey(port, endpoint));
    return el(unused(endpoint) ? "li.unused" : "li", {title: [endpoint.address, endpoint.reason].filter(Boolean).join(", ")},
      el("span.share", {}, endpoint.share === undefined ? "" : percent(endpoint.share)),
      el("span.address", {}, endpoint.address),
      el("span.node", {}, endpoint.node ?? "", endpoint.local && el("span.quiet", {}, " (here)")),
      el("span.reason", {}, endpoint.used && endpoint.share === undefined ? "external traffic only" : endpoint.reason),
      flow(endpoint, rate));
  }

  // What flows now, or what has flowed since counting began.
  function flow(endpoint, rate) {
    if (rate !== undefined && (rate.connections > 0 || rate.bytes > 0)) {
      return el("span.flow", {}, rate.connections.toFixed(rate.connections < 10 ? 1 : 0) + " conn/s",
        el("span.volume", {}, bytes(rate.bytes) + "/s"));
    }
    if (!endpoint.traffic) return el("span.flow");
    return el("span.flow", {}, short(endpoint.traffic.connections) + " conn", el("span.volume", {}, bytes(endpoint.traffic.bytes)));
  }

  return {
    open,
    close: () => shown = undefined,
  };
})();
