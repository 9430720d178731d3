// What was written, when, for which objects, and how long it took. Newest first.
const historyView = (() => {
  const PAGE = 200;
  const ALL = 1000;
  let items = [];
  let wanted = PAGE;

  const box = byId("history");
  const chart = el("div.chart");
  const body = el("tbody");
  const more = el("button.link", {type: "button", hidden: true, click: () => {
    wanted = ALL;
    read();
  }}, "All that is kept");
  const note = el("p.quiet", {role: "status"});
  box.append(el("h2", {}, "Syncs"), chart,
    el("table.syncs", {}, el("thead", {}, el("tr", {},
      ["Time", "Family", "Services", "Written"].map(head => el("th", {scope: "col"}, head)),
      el("th.number", {scope: "col"}, "Took"))), body), note, more);

  async function read() {
    try {
      const found = await ask.history(wanted);
      if (found[0]?.number !== items[0]?.number || found.length !== items.length) {
        items = found;
        fill(body, items.map(line));
        drawChart();
      }
      more.hidden = items.length < wanted || wanted >= ALL;
      setText(note, items.length === 0 ? "Nothing has been written yet." : "");
    } catch (error) {
      setText(note, "The history could not be read: " + error.message);
    }
  }

  function line(item) {
    const names = item.services ?? [];
    const rest = (item.serviceCount ?? names.length) - Math.min(3, names.length);
    return el(item.failure ? "tr.failed" : "tr", {},
      el("td.time", {}, clock(item.at, true)),
      el("td", {}, item.family ?? ""),
      el("td.objects", {}, item.full && el("span.flag", {}, "full"), item.drifted && el("span.flag.fair", {}, "drifted"),
        names.slice(0, 3).join(", "), rest > 0 && el("span.quiet", {}, (names.length > 0 ? " and " : "") + count(rest) + " more")),
      el("td.written", {}, item.failure || written(item)),
      el("td.number", {}, duration(item.micros)));
  }

  function written(item) {
    const parts = [[item.rulesWritten, "+", " rules"], [item.rulesDeleted, "−", " rules"], [item.chainsDeleted, "−", " chains"]];
    return parts.filter(([number]) => number > 0).map(([number, sign, what]) => sign + count(number) + what).join(", ") || "nothing to write";
  }

  // One stroke per sync, oldest on the left, as high as the logarithm of its duration.
  function drawChart() {
    const last = items.slice(0, PAGE).filter(item => isNumber(item.micros)).reverse();
    if (last.length === 0) return;
    const height = 96;
    const width = 800;
    const exponent = micros => Math.log10(Math.max(100, micros));
    const top = Math.max(4, Math.ceil(Math.max(...last.map(item => exponent(item.micros)))));
    const y = value => height - (value - 2) / (top - 2) * (height - 2);
    const step = width / Math.max(last.length, 60);
    const drawing = svg("svg", {viewBox: "0 0 " + width + " " + height, preserveAspectRatio: "none", role: "img",
      "aria-label": "Durations of the last " + last.length + " syncs, " + duration(Math.max(...last.map(item => item.micros)))
        + " at most"});
    for (let power = 3; power <= top; power++) drawing.append(svg("line", {x1: 0, x2: width, y1: y(power), y2: y(power)}));
    last.forEach((item, at) => drawing.append(svg("rect", {class: item.failure ? "failed" : item.full ? "full" : "",
      x: (at * step).toFixed(1), width: Math.max(1, step - 1).toFixed(1), y: y(exponent(item.micros)).toFixed(1),
      height: Math.max(1, height - y(exponent(item.micros))).toFixed(1)},
      svg("title", {}, clock(item.at) + ", " + duration(item.micros)))));
    const scale = el("div.scale", {"aria-hidden": true});
    for (let power = 3; power <= top; power++) {
      const label = el("span", {}, ["1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s", "1000 s"][power - 3] ?? "");
      label.style.top = y(power) + "px";
      scale.append(label);
    }
    chart.replaceChildren(scale, drawing);
  }

  return {refresh: read};
})();
