// The page of a game: it follows the stream of what happens, shows it, and sends what people do.

import { Charts } from "/static/charts.js";
import { ORDERS, asked, fillFields, fillVerbs } from "/static/orders.js";

const $ = (id) => document.getElementById(id);
const DAY = 86400e6;
const SPEEDS = [1 / 24, 1 / 12, 1 / 4, 1 / 2, 1, 2, 4, 7, 14];
const scene = JSON.parse($("scene").textContent);
const charts = new Charts($("screens"));
const seen = { service: null, moves: 0, alarm: null, speed: 1, paused: true, over: false };
window.driftyard = { charts, seen };

const title = scene.service ? `${scene.title} at ${scene.service}` : scene.title;
document.title = `${title} · driftyard`;
$("door-title").textContent = title;
$("briefing").textContent = scene.briefing;
fillVerbs($("verb"), scene.verbs);

// -- sending ---------------------------------------------------------------------------------

async function send(path, body) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const told = await answer.json().catch(() => ({ refused: "the server did not answer" }));
  return { ok: answer.ok, ...told };
}

$("join").addEventListener("submit", async (event) => {
  event.preventDefault();
  const token = new URLSearchParams(location.hash.slice(1)).get("facilitator");
  const form = event.target;
  const told = await send("/join", { name: form.name.value, role: token ? "facilitator" : form.role.value, token: token ?? "" });
  if (!told.ok) { $("join-refused").textContent = told.refused; return; }
  follow();
});

$("act").addEventListener("submit", async (event) => {
  event.preventDefault();
  let told;
  try { told = await send("/act", { ...asked(event.target, seen.alarm), seen: seen.moves }); }
  catch (problem) { told = { ok: false, refused: problem.message }; }
  $("said").className = told.ok ? "quiet" : "refused";
  $("said").textContent = told.ok ? `Done: ${told.did}` : told.refused;
  if (told.ok) event.target.why.value = "";
});

function fields() {
  if (seen.service) fillFields($("fields"), $("verb").value, seen.service);
  $("note").hidden = !ORDERS[$("verb").value].note;
}
$("verb").addEventListener("change", fields);
$("inject").addEventListener("submit", async (event) => {
  event.preventDefault();
  const told = await send("/inject", { fault: event.target.fault.value });
  $("injected").className = told.ok ? "quiet" : "refused";
  $("injected").textContent = told.ok ? told.did : told.refused;
});
for (const button of document.querySelectorAll("[data-look]")) {
  button.addEventListener("click", async () => say(await send("/look", { what: button.dataset.look })));
}
$("hint").addEventListener("click", async () => say(await send("/hint", {})));
$("finish").addEventListener("click", async () => {
  $("end-words").textContent = "The year goes by …";
  say(await send("/finish", {}));
});
function say(told) { if (!told.ok) { $("said").className = "refused"; $("said").textContent = told.refused; } }

// -- the clock -------------------------------------------------------------------------------

const toggle = () => send("/clock", { paused: !seen.paused });
const step = () => send("/clock", { step: true });
function pace(by) {
  const nearest = SPEEDS.reduce((best, s, i) => Math.abs(s - seen.speed) < Math.abs(SPEEDS[best] - seen.speed) ? i : best, 0);
  send("/clock", { speed: SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, nearest + by))] });
}
$("pause").addEventListener("click", toggle);
$("step").addEventListener("click", step);
$("slower").addEventListener("click", () => pace(-1));
$("faster").addEventListener("click", () => pace(1));
addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, button, summary, a, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
  const does = { " ": toggle, ArrowRight: step, "+": () => pace(1), "-": () => pace(-1), a: () => $("verb").focus() }[event.key];
  if (does) { event.preventDefault(); does(); }
});

// -- following -------------------------------------------------------------------------------

let source = null;
function follow() {
  source?.close();
  source = new EventSource("/events");
  source.onopen = () => { $("lost").hidden = true; if ($("door").open) $("door").close(); };
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) { if (!$("door").open) $("door").showModal(); }
    else $("lost").hidden = false;
  };
  source.onmessage = (event) => show(JSON.parse(event.data));
}

function show(now) {
  if (now.channels) {
    charts.begin(now.channels);
    charts.marks = [];
    for (const list of ["inbox", "log"]) $(list).replaceChildren();
    seen.alarm = null;
    seen.alarms = 0;
    seen.monitors = new Set();
    seen.you = now.you;
    $("truth-box").hidden = now.you.role !== "facilitator";
    $("act-box").hidden = now.you.role === "facilitator";
  }
  charts.horizon = now.horizon_us;
  charts.tick = now.tick_us;
  charts.add(now.points);
  for (const line of now.log) tell(line);
  Object.assign(seen, { moves: now.moves.length, speed: now.speed, paused: now.paused, over: now.over });
  $("date").textContent = date(now.now_us);
  $("year").value = now.now_us / now.horizon_us;
  $("pause").textContent = now.over ? "Over" : now.paused ? "Go on" : "Pause";
  $("pause").disabled = $("step").disabled = now.over;
  $("speed").textContent = now.speed >= 7 ? `${now.speed / 7} w/s` : now.speed >= 1 ? `${now.speed} d/s` : `${Math.round(now.speed * 24)} h/s`;
  $("who").textContent = now.players.map((p) => `${p.name} (${p.role})`).join(", ");
  $("to-debrief").hidden = !now.over;
  $("finish").hidden = now.over;
  if (now.over) $("end-words").textContent = "The year is over.";
  if (now.service) serve(now.service);
  moves(now.moves);
  looks(now.looks, now.now_us);
  list("hints", now.hints.map((text) => item(null, text)));
  $("hint").disabled = !now.hints_left;
  if (now.truth) list("truth", now.truth.map((t) => item(t.at_us, `${t.name}${t.ends_us === null ? "" : `, until ${date(t.ends_us)}`}`)));
}

function tell(line) {
  const alarm = line.kind === "Alarm";
  const entry = item(line.at_us, line.words);
  if (alarm) {
    const book = scene.runbooks[line.layer];
    if (book) {
      const link = document.createElement("a");
      link.href = book;
      link.rel = "noreferrer";
      link.target = "_blank";
      link.textContent = " runbook";
      entry.append(link);
    }
    entry.style.setProperty("--c", `var(--${line.layer})`);
    $("inbox").prepend(entry);
    seen.alarm = line.at_us;
    seen.alarms += 1;
    seen.monitors.add(line.monitor);
    $("inbox-count").textContent = seen.alarms;
    charts.mark(line.at_us, "alarm");
  } else {
    $("log").prepend(entry);
    if (line.kind === "Acted") charts.mark(line.at_us, "act");
  }
}

function serve(service) {
  const before = seen.service;
  seen.service = service;
  $("weekday").textContent = service.weekday;
  $("office").textContent = service.in_office ? "office hours" : "out of office";
  const r = service.route;
  const parts = r.fallback ? [["the fallback", 1, "--alarm"]] : [[r.champion, 1 - r.share, "--main"], ...(r.challenger ? [[r.challenger, r.share, "--output"]] : [])];
  $("shares").replaceChildren(...parts.map(([name, share, colour]) => {
    const bar = document.createElement("span");
    bar.style.width = `${100 * share}%`;
    bar.style.background = `var(${colour})`;
    bar.title = `${name} ${Math.round(100 * share)} %`;
    return bar;
  }));
  $("route").textContent = parts.map(([name, share]) => `${name} answers ${Math.round(1000 * share) / 10} %`).join(", ")
    + (r.shadow ? `; ${r.shadow} answers unseen` : "") + (r.quarantined.length ? `; without ${r.quarantined.join(", ")}` : "");
  $("changing").textContent = service.changing ? `under way: ${service.changing}` : "";
  list("trainings", service.trainings.map((job) => item(job.asked_us, `training ${job.job} on ${job.window}: ${job.running ? "under way" : "waiting"}`)));
  list("owners", service.owners.map((o) => item(null, `${o.name}${o.owner in service.pages ? `: called on day ${service.pages[o.owner].toFixed(1)}, no answer yet` : `: usually answers within ${o.median}`}`)));
  $("spent").textContent = Math.round(service.spent).toLocaleString("en");
  $("looks-menu").querySelector("[data-look=segments]").hidden = !service.segments.length;
  $("looks-menu").querySelector("[data-look=stages]").hidden = !service.signals.length;
  service.alarmed = [...seen.monitors];
  const changed = before?.alarmed?.length !== service.alarmed.length || JSON.stringify(before?.versions) !== JSON.stringify(service.versions) || before?.route.champion !== r.champion;
  if (changed) { registry(service); fields(); }
}

// Moves without a reason have a field for it; a field in which somebody types is left alone.
let drawnMoves = "";
function moves(all) {
  const key = JSON.stringify(all);
  if (key === drawnMoves || $("moves").contains(document.activeElement) && document.activeElement.tagName === "INPUT") return;
  drawnMoves = key;
  $("moves").replaceChildren(...all.map((move, number) => {
    const entry = item(move.at_us, `${move.by}: ${move.words}`);
    if (move.words.includes(" because ")) return entry;
    const form = document.createElement("form"), field = document.createElement("input"), save = document.createElement("button");
    field.name = "why";
    field.maxLength = 200;
    field.placeholder = "because …";
    field.setAttribute("aria-label", `reason of ${move.words}`);
    save.textContent = "Keep";
    form.append(field, save);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      field.blur();
      save.focus();
      say(await send("/reason", { move: number, why: field.value }));
    });
    entry.append(form);
    return entry;
  }).reverse());
}

function registry(service) {
  $("versions").replaceChildren(...[...service.versions].reverse().map((v) => {
    const box = document.createElement("details");
    const head = document.createElement("summary");
    head.textContent = `${v.name} · ${v.stage} · claims a loss of ${v.claim.toFixed(3)} · ${v.rows.toLocaleString("en")} records`;
    const body = document.createElement("pre");
    body.textContent = JSON.stringify({ begun: date(v.begun_us), ready: date(v.ready_us), digest: v.digest, lineage: v.lineage, ...v.report }, null, 1);
    box.append(head, body);
    return box;
  }));
}

let drawnLooks = "";
function looks(all, now) {
  const key = JSON.stringify(all.map((l) => [l.number, l.table.length]));
  if (key === drawnLooks) return;
  drawnLooks = key;
  $("looks").replaceChildren(...[...all].reverse().slice(0, 6).map((look) => {
    const box = document.createElement("details");
    box.open = look.number === all.length - 1;
    const head = document.createElement("summary");
    head.textContent = look.table.length ? `${look.what}, looked at by ${look.by}` : `${look.by} looks at the ${look.what}, until ${date(look.ready_us)}`;
    box.append(head);
    if (look.table.length) {
      const scroll = document.createElement("div");
      scroll.className = "scroll";
      const table = document.createElement("table");
      look.table.forEach((row, i) => {
        const tr = table.insertRow();
        for (const cell of row) { const td = document.createElement(i ? "td" : "th"); td.textContent = cell; tr.append(td); }
      });
      scroll.append(table);
      box.append(scroll);
    }
    return box;
  }));
}

function item(at, text) {
  const li = document.createElement("li");
  if (at !== null) { const time = document.createElement("time"); time.textContent = date(at); li.append(time); }
  li.append(text);
  return li;
}
function list(id, items) {
  const box = $(id), key = items.map((i) => i.textContent).join("\n");
  if (box.dataset.key !== key) { box.dataset.key = key; box.replaceChildren(...items); }
}
function date(us) {
  const day = Math.floor(us / DAY), rest = Math.floor((us % DAY) / 60e6);
  return `week ${Math.floor(day / 7) + 1}, day ${(day % 7) + 1}, ${String(Math.floor(rest / 60)).padStart(2, "0")}:${String(rest % 60).padStart(2, "0")}`;
}

// -- begin -----------------------------------------------------------------------------------

fetch("/seat").then((answer) => answer.json()).then(({ seated }) => (seated ? follow() : $("door").showModal()));
