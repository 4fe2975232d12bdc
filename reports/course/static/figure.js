// A chart from numbers: lines with their names at their ends, bands and spots; colours are the page's.

const COLOURS = ["--blue", "--red", "--green", "--plum", "--amber"];
const NS = "http://www.w3.org/2000/svg";

export function draw(box, drawing) {
  const width = Math.max(300, Math.round(box.clientWidth || 640));
  const height = Math.round(Math.min(340, Math.max(230, width * 0.48)));
  const pad = { left: 44, right: 12, top: 24, bottom: drawing.names.length ? 50 : 40 };
  const xs = drawing.lines.flatMap((line) => line.x).concat(drawing.spots.map((spot) => spot.x));
  const ys = drawing.lines.flatMap((line) => line.y).filter((v) => v !== null && Number.isFinite(v));
  const x0 = Math.min(...xs), x1 = Math.max(...xs);
  const y0 = drawing.low, y1 = drawing.high ?? Math.max(...ys) * 1.05;
  const x = (v) => pad.left + (width - pad.left - pad.right) * ((v - x0) / (x1 - x0 || 1));
  const y = (v) => height - pad.bottom - (height - pad.top - pad.bottom) * ((v - y0) / (y1 - y0 || 1));
  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
  for (const band of drawing.bands) {
    const left = x(Math.max(band.low, x0)), right = x(Math.min(band.high, x1));
    if (right <= left) continue;
    svg.append(element("rect", { class: "band", x: left, y: pad.top, width: right - left, height: height - pad.top - pad.bottom }));
    svg.append(text(band.words, Math.min(left + 6, width - pad.right - 6.3 * band.words.length), height - pad.bottom - 8));
  }
  for (const tick of ticks(y0, y1, 5)) {
    svg.append(element("path", { class: "axis", d: `M${pad.left} ${y(tick)}H${width - pad.right}` }));
    svg.append(text(shown(tick), pad.left - 8, y(tick) + 4, "end"));
  }
  drawing.names.forEach((name, i) => {  // every other one lower, for they are words
    const anchor = i === 0 ? "start" : i === drawing.names.length - 1 ? "end" : "middle";
    svg.append(text(name, x(i), height - pad.bottom + 14 + 13 * (i % 2), anchor));
  });
  for (const tick of drawing.names.length ? [] : ticks(x0, x1, Math.max(5, Math.floor(width / 90)))) {
    svg.append(text(shown(tick), x(tick), height - pad.bottom + 18, "middle"));
  }
  svg.append(text(drawing.x, width - pad.right, height - 6, "end"));
  svg.append(text(drawing.y, 4, 12));
  drawing.spots.forEach((spot, i) => {
    svg.append(element("path", { class: "spot", d: `M${x(spot.x)} ${pad.top}V${height - pad.bottom}` }));
    const near = x(spot.x) > width - 70;
    svg.append(text(spot.words, x(spot.x) + (near ? -5 : 5), pad.top + 12 + 15 * i, near ? "end" : "start"));
  });
  drawing.lines.forEach((line, i) => svg.append(path(line, i, x, y, y0, y1)));
  for (const dot of drawing.dots) {
    const inside = y(Math.min(dot.y, y1)), near = x(dot.x) > width - 120;
    svg.append(element("circle", { class: "dot", cx: x(dot.x), cy: inside, r: 5 }));
    svg.append(text(dot.words, x(dot.x) + (near ? -9 : 9), inside - 9, near ? "end" : "start"));
  }
  box.replaceChildren(legend(drawing.lines), svg);
  box.setAttribute("aria-label", drawing.sentence);
}

function path(line, i, x, y, y0, y1) {
  let d = "", down = false;
  line.x.forEach((at, n) => {
    const v = line.y[n];
    if (v === null || !Number.isFinite(v)) { down = false; return; }
    d += `${down ? "L" : "M"}${x(at).toFixed(1)} ${y(Math.min(Math.max(v, y0), y1)).toFixed(1)}`;
    down = true;
  });
  const dash = line.dashed ? { "stroke-dasharray": "5 4" } : {};
  return element("path", { d, fill: "none", "stroke-width": 2.2, "stroke-linejoin": "round", style: `stroke: var(${COLOURS[i % COLOURS.length]})`, ...dash });
}

// What each line is called, in its colour: words that wrap where there is little room.
function legend(lines) {
  const list = document.createElement("p");
  list.className = "legend";
  if (lines.length < 2) return list;
  lines.forEach((line, i) => {
    const name = document.createElement("span");
    name.textContent = line.name;
    name.style.setProperty("--line", `var(${COLOURS[i % COLOURS.length]})`);
    if (line.dashed) name.className = "dashed";
    list.append(name);
  });
  return list;
}

function ticks(low, high, most) {
  const rough = (high - low) / most || 1, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const found = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-6; v += step) found.push(v);
  return found;
}

function shown(v) { return String(Math.round(v * 1000) / 1000); }

function element(name, attributes) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function text(words, x, y, anchor = "start") {
  const made = element("text", { x, y, "text-anchor": anchor });
  made.textContent = words;
  return made;
}
