// Lines that grow: each channel is drawn into a canvas of its own, once a frame and only if it changed.

const LAYERS = {
  input: "Input: what comes in",
  output: "Output: what is answered",
  performance: "Performance: how right it was",
  business: "Business: what users do",
  review: "Review: what people say of answers",
};

export class Charts {
  constructor(root) {
    this.root = root;
    this.lines = [];
    this.marks = [];
    this.horizon = 1;
    this.tick = 1;
    this.dirty = true;
    this.frames = 0;
    addEventListener("resize", () => { this.dirty = true; });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { this.dirty = true; });
    requestAnimationFrame(() => this.draw());
  }

  begin(channels) {
    this.root.replaceChildren();
    this.lines = [];
    const boxes = new Map();
    for (const channel of channels) {
      if (!boxes.has(channel.layer)) {
        const box = document.createElement("section");
        box.className = "layer";
        box.style.setProperty("--c", `var(--${channel.layer})`);
        const title = document.createElement("h2");
        title.textContent = LAYERS[channel.layer] ?? channel.layer;
        box.append(title);
        boxes.set(channel.layer, box);
      }
      const row = document.createElement("div");
      row.className = "channel";
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = channel.name;
      name.title = channel.unit ? `${channel.name}, ${channel.unit}` : channel.name;
      const canvas = document.createElement("canvas");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", channel.name);
      const value = document.createElement("span");
      value.className = "value";
      row.append(name, canvas, value);
      boxes.get(channel.layer).append(row);
      this.lines.push({ channel, row, canvas, value, points: [] });
    }
    for (const layer of Object.keys(LAYERS)) if (boxes.has(layer)) this.root.append(boxes.get(layer));
  }

  add(points) {
    for (const point of points) this.lines.forEach((line, i) => line.points.push(point[i]));
    if (points.length) this.dirty = true;
  }

  mark(at, kind) { this.marks.push({ at, kind }); this.dirty = true; }

  draw() {
    this.frames += 1;
    if (this.dirty) {
      this.dirty = false;
      const style = getComputedStyle(document.documentElement);
      for (const line of this.lines) this.drawLine(line, style);
    }
    requestAnimationFrame(() => this.draw());
  }

  drawLine({ channel, row, canvas, value, points }, style) {
    const ratio = devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (!width) return;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const known = points.filter((v) => v !== null);
    const newest = known.length ? known[known.length - 1] : null;
    value.textContent = newest === null ? "–" : shown(newest, channel.unit);
    row.classList.toggle("high", channel.limit !== null && newest !== null && newest > channel.limit);
    let low = Math.min(...known.slice(-20000)), high = Math.max(...known.slice(-20000));
    if (channel.limit !== null) { low = Math.min(0, low); high = Math.max(high, channel.limit * 1.15); }
    if (!known.length) { low = 0; high = 1; }
    if (high - low < 1e-9) { high += Math.abs(high) * 0.05 + 1e-6; low -= Math.abs(low) * 0.05 + 1e-6; }
    // The newest month at least, and in the end the whole year.
    const ticks = Math.min(this.horizon / this.tick, Math.max(28 * 86400e6 / this.tick, points.length * 1.02));
    const x = (i) => 1 + (width - 2) * (i / ticks);
    const y = (v) => height - 3 - (height - 6) * ((v - low) / (high - low));
    pen.strokeStyle = style.getPropertyValue("--rule");
    pen.lineWidth = 1;
    pen.beginPath(); pen.moveTo(0, height - 0.5); pen.lineTo(width, height - 0.5); pen.stroke();
    for (const { at, kind } of this.marks) {
      pen.strokeStyle = style.getPropertyValue(kind === "alarm" ? "--alarm" : "--main");
      pen.globalAlpha = 0.35;
      pen.beginPath(); pen.moveTo(x(at / this.tick), 0); pen.lineTo(x(at / this.tick), height); pen.stroke();
      pen.globalAlpha = 1;
    }
    if (channel.limit !== null) {
      pen.strokeStyle = style.getPropertyValue("--alarm");
      pen.setLineDash([3, 3]);
      pen.beginPath(); pen.moveTo(0, y(channel.limit)); pen.lineTo(width, y(channel.limit)); pen.stroke();
      pen.setLineDash([]);
    }
    pen.strokeStyle = style.getPropertyValue(`--${channel.layer}`);
    pen.lineWidth = 1.5;
    pen.beginPath();
    const every = Math.max(1, Math.floor(points.length / (width * 1.5)));
    let down = false;
    for (let i = 0; i < points.length; i += every) {
      const v = points[Math.min(i + every - 1, points.length - 1)];
      if (v === null) continue;  // a monitor that looks once a day holds its line in between
      if (down) pen.lineTo(x(i + 1), y(v)); else { pen.moveTo(x(i + 1), y(v)); down = true; }
    }
    pen.stroke();
  }
}

function shown(value, unit) {
  const size = Math.abs(value);
  const text = size >= 1000 ? Math.round(value).toLocaleString("en") : size >= 100 ? value.toFixed(0)
    : size >= 10 ? value.toFixed(1) : size >= 0.1 || size === 0 ? value.toFixed(2) : value.toFixed(3);
  return unit === "%" ? `${text} %` : unit === "ms" ? `${text} ms` : text;
}
