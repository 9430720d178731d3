// What the server says (docs/inspect.md), in the form in which the views want it.
const ask = (() => {
  const millis = text => text ? Date.parse(text) : undefined;

  async function state() {
    const said = await get("/v1/state");
    const families = said.families ?? [];
    return {
      ...said,
      now: millis(said.now),
      revision: said.changes ?? families.map(family => family.lastSync).join(),
      families: families.map(family => ({...family, lastSync: millis(family.lastSync), pendingSince: millis(family.pendingSince)})),
    };
  }

  // One page of the list: a row for each Service port, its families together.
  async function services(limit, after) {
    const said = await get("/v1/services?endpoints=counts&limit=" + limit + (after === "" ? "" : "&after=" + encodeURIComponent(after)));
    return {rows: joined(said.servicePorts ?? []), next: said.next, total: said.total};
  }

  async function service(namespace, name) {
    const said = await get("/v1/services?name=" + encodeURIComponent(namespace + "/" + name));
    return joined(said.servicePorts ?? []);
  }

  function joined(ports) {
    const rows = new Map();
    for (const port of ports) {
      const protocol = String(port.protocol).toUpperCase();
      const key = [port.namespace, port.name, port.portName, protocol, port.port].join("\n");
      const row = rows.get(key) ?? {...port, key, protocol, clusterIPs: [], externalIPs: [], loadBalancerIPs: [], sourceRanges: [], endpoints: [],
        all: 0, ready: 0, used: 0, traffic: undefined};
      rows.set(key, row);
      if (port.clusterIP) row.clusterIPs.push(port.clusterIP);
      for (const list of ["externalIPs", "loadBalancerIPs", "sourceRanges"]) row[list].push(...port[list] ?? []);
      const endpoints = (port.endpoints ?? []).map(endpoint => judged(port, endpoint));
      row.endpoints.push(...shared(port, endpoints));
      const counts = port.endpointCounts;
      row.all += counts?.all ?? endpoints.length;
      row.ready += counts?.ready ?? endpoints.filter(each => each.ready).length;
      row.used += counts?.used ?? endpoints.filter(each => each.used).length;
      row.traffic = summed(row.traffic, port.traffic);
    }
    return [...rows.values()];
  }

  const summed = (one, other) => one && other
    ? {connections: one.connections + other.connections, packets: one.packets + other.packets, bytes: one.bytes + other.bytes}
    : one ?? other;

  // Whether an endpoint gets traffic from this node, and if not, why.
  function judged(port, endpoint) {
    const used = endpoint.usedByCluster || endpoint.usedByLocal;
    return {...endpoint, used, reason: endpoint.why ?? (used ? "" : whyNot(port, endpoint))};
  }

  function whyNot(port, endpoint) {
    if (!endpoint.ready) return endpoint.terminating ? endpoint.serving ? "terminating, still serving" : "terminating" : "not ready";
    if (port.topology && port.topology !== "none" && !endpoint.local) return "others are nearer (" + port.topology.replaceAll("_", " ") + ")";
    return endpoint.local ? "" : "not on this node";
  }

  // Shares of the traffic to the cluster IP.
  function shared(port, endpoints) {
    const takesPart = port.internalTrafficPolicy === "Local" ? each => each.usedByLocal : each => each.usedByCluster;
    const parts = endpoints.filter(takesPart).length;
    return endpoints.map(each => takesPart(each) ? {...each, share: 1 / parts} : each);
  }

  async function explain(query) {
    const said = await get("/v1/explain?" + query);
    const to = said.to ?? {};
    return {
      from: said.from?.address ?? "",
      to: withPort(to.address ?? "", to.port) + "/" + String(to.protocol).toUpperCase(),
      words: said.words ?? [],
      candidates: said.candidates ?? [],
      others: said.others ?? [],
      verdict: said.verdict,
      outcomes: (said.rules?.outcomes ?? []).map(outcome => ({...outcome, share: fraction(outcome.share)})),
      assumptions: said.rules?.assumptions ?? [],
      path: said.rules ? branch(said.rules.way ?? {}) : undefined,
    };
  }

  // "1/3" or "1" or a number.
  function fraction(text) {
    const [above, below] = String(text).split("/").map(Number);
    return below === undefined ? above : above / below;
  }

  // A fork whose other way is nothing but a fork again, as one rule after the other makes it, is a fork with more ways.
  function branch(said) {
    const choices = [];
    const waiting = (said.choices ?? []).map(choice => [choice, 1]).reverse();
    while (waiting.length > 0) {
      const [choice, weight] = waiting.pop();
      const share = weight * fraction(choice.share);
      const hollow = !choice.condition && (choice.steps ?? []).length === 0 && !choice.end && (choice.choices ?? []).length > 0;
      if (hollow) waiting.push(...choice.choices.map(each => [each, share]).reverse());
      else choices.push({...branch(choice), share, condition: choice.condition});
    }
    return {steps: said.steps ?? [], choices, truncated: said.truncated, end: said.end};
  }

  async function history(limit) {
    const said = await get("/v1/history?limit=" + limit);
    return (said.changes ?? []).map(change => ({...change, at: millis(change.at)}));
  }

  async function audit() {
    const said = await get("/v1/audit");
    return {total: said.total ?? 0, findings: said.findings ?? [], leftovers: said.leftovers ?? [], exposed: said.exposed ?? []};
  }

  return {state, services, service, explain, history, audit};
})();
