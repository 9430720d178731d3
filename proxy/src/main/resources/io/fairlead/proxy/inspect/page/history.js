// What was written, when, for which objects, and how long it took. Newest first.
const historyView = (() => {
  const PAGE = 200;
  let items = [];
  let next;
  let until = 0;

  const box = byId("history");
  const chart = el("div.chart");
  const body = el("tbody");
  const more = el("button.link", {type: "button", hidden: true, click: () => read(next)}, "Earlier");
  const note = el("p.quiet", {role: "status"});
  box.append(el("h2", {}, "Syncs"), chart,
    el("table.syncs", {}, el("thead", {}, el("tr", {},
      ["Time", "Family", "Objects", "Written"].map(head => el("th", {scope: "col"}, head)),
      el("th.number", {scope: "col"}, "Took"))), body), note, more);

  async function read(before) {
    try {
      const page = await get("/history?limit=" + PAGE + (before === undefined ? "" : "&before=" + encodeURIComponent(before)));
      const known = before === undefined ? until : -1;
      const fresh = page.items.filter(item => before !== undefined || item.id > known);
      items = before === undefined ? [...fresh, ...items] : [...items, ...fresh];
      if (before !== undefined || next === undefined) next = page.next;
      until = items[0]?.id ?? until;
      if (before === undefined) body.prepend(...fresh.map(line));
      else body.append(...fresh.map(line));
      more.hidden = next === undefined;
      setText(note, items.length === 0 ? "Nothing has been written yet." : "");
      drawChart();
    } catch (error) {
      setText(note, "The history could not be read: " + error.message);
    }
  }

  function line(item) {
    const objects = item.objects ?? [];
    const rest = (item.objectCount ?? objects.length) - objects.length;
    return el(item.error ? "tr.failed" : "tr", {},
      el("td.time", {}, clock(item.at, true)),
      el("td", {}, item.family ?? ""),
      el("td.objects", {}, item.full && el("span.flag", {}, "full"), objects.slice(0, 3).join(", "),
        objects.length + rest > 3 && el("span.quiet", {}, " and " + count(objects.length + rest - Math.min(3, objects.length)) + " more")),
      el("td.written", {}, item.error ?? item.written ?? ""),
      el("td.number", {}, duration(item.durationMicros)));
  }

  // One stroke per sync, oldest on the left, as high as the logarithm of its duration.
  function drawChart() {
    const last = items.slice(0, PAGE).filter(item => isNumber(item.durationMicros)).reverse();
    if (last.length === 0) return;
    const height = 96;
    const width = 800;
    const exponent = micros => Math.log10(Math.max(100, micros));
    const top = Math.max(4, Math.ceil(Math.max(...last.map(item => exponent(item.durationMicros)))));
    const y = value => height - (value - 2) / (top - 2) * (height - 2);
    const step = width / Math.max(last.length, 60);
    const drawing = svg("svg", {viewBox: "0 0 " + width + " " + height, preserveAspectRatio: "none", role: "img",
      "aria-label": "Durations of the last " + last.length + " syncs, " + duration(Math.max(...last.map(item => item.durationMicros)))
        + " at most"});
    for (let power = 3; power <= top; power++) drawing.append(svg("line", {x1: 0, x2: width, y1: y(power), y2: y(power)}));
    last.forEach((item, at) => drawing.append(svg("rect", {class: item.error ? "failed" : item.full ? "full" : "",
      x: (at * step).toFixed(1), width: Math.max(1, step - 1).toFixed(1), y: y(exponent(item.durationMicros)).toFixed(1),
      height: Math.max(1, height - y(exponent(item.durationMicros))).toFixed(1)},
      svg("title", {}, clock(item.at) + ", " + duration(item.durationMicros)))));
    const scale = el("div.scale", {"aria-hidden": true});
    for (let power = 3; power <= top; power++) {
      const label = el("span", {}, ["1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s", "1000 s"][power - 3] ?? "");
      label.style.top = y(power) + "px";
      scale.append(label);
    }
    chart.replaceChildren(scale, drawing);
  }

  return {refresh: () => read()};
})();
