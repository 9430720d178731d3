// All Service ports: loaded in pages, searched, sorted and counted here.
const services = (() => {
  const PAGE = 500;
  const FILTERS = [
    ["all", "All", () => true],
    ["none", "None usable", item => item.used === 0],
    ["part", "Not ready", item => item.ready < item.all],
  ];
  const COLUMNS = [
    ["name", "Service port", (a, b) => a.order - b.order],
    ["address", "Address", (a, b) => a.address < b.address ? -1 : a.address > b.address ? 1 : a.order - b.order],
    ["endpoints", "Endpoints", (a, b) => b.all - a.all || a.order - b.order],
    ["traffic", "Connections", (a, b) => b.connections - a.connections || a.order - b.order],
    ["bytes", "Bytes", (a, b) => b.bytes - a.bytes || a.order - b.order],
  ];
  let items = [];
  let filter = "all";
  let sort = "name";
  let revision;
  let loadedAt = 0;
  let loading = false;
  let mostConnections = 0;
  const whenLoaded = [];

  const list = new VirtualList(byId("list"), byId("rows"), {
    newRow: () => el("div.row", {}, el("span.name", {}, el("span.quiet"), el("b"), el("span.quiet")), el("span.address"),
      el("span.endpoints"), el("span.traffic", {}, el("i.bar"), el("span")), el("span.bytes")),
    draw,
    opened: item => location.hash = target(item),
    moved: follow,
  });

  const target = item => "#/service/" + encodeURIComponent(item.namespace) + "/" + encodeURIComponent(item.name);

  // In a wide window the open Service follows the arrow keys, a moment later: holding a key down asks for nothing.
  let following = 0;
  function follow(item) {
    clearTimeout(following);
    if (!location.hash.startsWith("#/service/") || byId("detail").offsetParent === null) return;
    following = setTimeout(() => location.replace(target(item)), 150);
  }

  function prepared(row, order) {
    const item = {
      ...row,
      order,
      address: withPort(row.clusterIPs[0] ?? "", row.port) + "/" + row.protocol,
      connections: row.traffic?.connections ?? 0,
      bytes: row.traffic?.bytes ?? 0,
    };
    item.text = [row.namespace + "/" + row.name + (row.portName ? ":" + row.portName : ""), row.protocol, row.port,
      row.nodePort || "", item.address, ...row.clusterIPs, ...row.externalIPs, ...row.loadBalancerIPs].join("\n").toLowerCase();
    return item;
  }

  function draw(row, item) {
    const [name, address, endpoints, connections, volume] = row.children;
    setText(name.children[0], item.namespace + "/");
    setText(name.children[1], item.name);
    setText(name.children[2], item.portName ? ":" + item.portName : "");
    setText(address, item.address);
    setText(endpoints, item.used === item.all ? item.used : item.used + " of " + item.all);
    endpoints.className = "endpoints " + condition(item);
    setText(connections.lastChild, item.traffic ? short(item.connections) : "");
    setText(volume, item.traffic ? bytes(item.bytes) : "");
    const share = mostConnections > 0 ? Math.log1p(item.connections) / Math.log1p(mostConnections) : 0;
    connections.firstChild.style.transform = "scaleX(" + share.toFixed(3) + ")";
    row.setAttribute("aria-label", spelled(item.namespace + "/" + item.name + (item.portName ? ":" + item.portName : "") + ", "
      + item.address + ", " + item.used + " of " + item.all + " endpoints usable"));
  }

  const condition = item => item.used === 0 ? "bad" : item.ready < item.all ? "fair" : "good";

  // A page at a time, with a breath in between, so that what is there can be read and searched at once.
  async function load(newRevision) {
    if (loading) return;
    loading = true;
    try {
      const found = [];
      for (let after = "", more = true; more;) {
        const page = await ask.services(PAGE, after);
        page.rows.forEach(row => found.push(prepared(row, found.length)));
        after = page.next;
        more = Boolean(after) && page.rows.length > 0;
        if (revision === undefined) show(found.slice(), more);
        await breath();
      }
      revision = newRevision;
      loadedAt = Date.now();
      show(found);
      whenLoaded.splice(0).forEach(each => each());
    } catch (error) {
      setText(byId("list-note"), "The list could not be read: " + error.message);
    } finally {
      loading = false;
    }
  }

  // Until the next frame; a window that nobody sees draws none.
  const breath = () => new Promise(done => document.hidden ? setTimeout(done) : requestAnimationFrame(done));

  function show(found, reading = false) {
    items = found;
    mostConnections = items.reduce((most, item) => Math.max(most, item.connections), 0);
    byId("services").classList.toggle("counted", items.some(item => item.traffic));
    refresh(reading);
  }

  function matching() {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(word => word !== "");
    const accepts = FILTERS.find(([name]) => name === filter)[2];
    const found = items.filter(item => accepts(item) && words.every(word => item.text.includes(word)));
    const compare = COLUMNS.find(([name]) => name === sort)[2];
    return sort === "name" ? found : found.sort(compare);
  }

  function refresh(reading = false) {
    const found = matching();
    list.show(found);
    drawFilters();
    drawColumns();
    setText(byId("list-note"), reading ? "Reading: " + count(items.length) + " so far"
      : found.length === items.length ? count(items.length) + " Service ports"
      : count(found.length) + " of " + count(items.length) + " Service ports");
    overview.changed();
  }

  function choose(assign) {
    assign();
    refresh();
    list.toTop();
  }

  function drawFilters() {
    fill(byId("filters"), FILTERS.map(([name, label, accepts]) => el("button." + name,
      {type: "button", "aria-pressed": String(filter === name), click: () => choose(() => filter = name)},
      label + " ", el("span.number", {}, count(items.reduce((sum, item) => sum + (accepts(item) ? 1 : 0), 0))))));
  }

  function drawColumns() {
    if (byId("columns").childElementCount === 0) {
      fill(byId("columns"), COLUMNS.map(([name, label]) => el("button." + name, {
        type: "button",
        title: name === "traffic" ? "Since counting began; the bar is logarithmic" : undefined,
        click: () => choose(() => sort = name),
      }, label)));
    }
    [...byId("columns").children].forEach((button, index) =>
      button.setAttribute("aria-pressed", String(COLUMNS[index][0] === sort)));
  }

  byId("search").addEventListener("input", () => choose(() => {}));
  byId("search").addEventListener("keydown", event => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    byId("list").focus();
    if (!list.active) list.activate(0);
  });

  return {
    load,
    condition,
    get items() { return items; },
    get revision() { return revision; },
    get loadedAt() { return loadedAt; },
    // The ports of one Service.
    ports: (namespace, name) => items.filter(item => item.namespace === namespace && item.name === name),
    // Marks a Service's row, at once or when it has been read.
    mark(namespace, name) {
      const active = list.active;
      if (active?.namespace === namespace && active.name === name) return;
      const reveal = () => {
        const item = items.find(each => each.namespace === namespace && each.name === name);
        if (item) list.reveal(item.key);
      };
      if (loadedAt > 0) reveal();
      else whenLoaded.push(reveal);
    },
    searchFor(text) {
      byId("search").value = text;
      choose(() => filter = "all");
      byId("list").focus();
    },
    // The first few that hold all words, for suggestions.
    suggestions: text => {
      const words = text.toLowerCase().split(/\s+/);
      const found = [];
      for (const item of items) {
        if (words.every(word => item.text.includes(word))) found.push(item);
        if (found.length === 20) break;
      }
      return found;
    },
  };
})();
