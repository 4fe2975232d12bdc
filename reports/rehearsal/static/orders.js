// What can be done: for each verb the fields that it takes, filled from what there is.

const candidates = (s) => s.versions.filter((v) => v.stage !== "archived" && v.name !== s.route.champion).map((v) => v.name);
const versions = (s) => s.versions.map((v) => v.name);
const owners = (s) => s.owners.map((o) => o.owner);
const WINDOWS = [["7d", "the last 7 days"], ["14d", "the last 14 days"], ["30d", "the last 30 days"],
  ["90d", "the last 90 days"], ["Everything()", "everything there is"], ["alarm", "since the newest alarm"]];

const window = { label: "on", options: () => WINDOWS };
const layers = ["", "input", "output", "performance", "business"];
const any = (names) => [["", "all"], ...names];

export const ORDERS = {
  retrain: { words: "Train again", fields: { window, warm: { label: "begin", options: () => [["no", "afresh"], ["yes", "from the champion"]] },
    stage: { label: "stage", options: (s) => any([...new Set(s.signals.map((name) => name.split(" ")[0]))]), when: (s) => s.signals.length } } },
  shadow: { words: "Let a version answer unseen", fields: { version: { label: "version", options: (s) => [...candidates(s), ["", "nobody: end it"]] } } },
  release: { words: "Let some users meet a version", note: true, fields: {
    version: { label: "version", options: candidates }, share: { label: "share", options: () => ["0%", "1%", "5%", "25%", "50%", "100%"], start: "5%" },
    segments: { label: "segments", options: (s) => s.segments, many: true, when: (s) => s.segments.length } } },
  promote: { words: "Let a version answer everybody", fields: { version: { label: "version", options: (s) => versions(s).filter((v) => v !== s.route.champion) } } },
  rollback: { words: "Roll back", fields: {} },
  fallback: { words: "Let the fallback answer", fields: { on: { label: "now", options: () => [["yes", "on"], ["no", "off"]] } } },
  investigate: { words: "Have somebody look into it", fields: { owner: { label: "who", options: owners }, layer: { label: "layer", options: () => layers.map((l) => [l, l || "any"]) },
    column: { label: "column", options: (s) => any(s.columns), when: (s) => s.columns.length }, segment: { label: "segment", options: (s) => any(s.segments), when: (s) => s.segments.length } } },
  page: { words: "Call an owner", fields: { owner: { label: "owner", options: owners } } },
  "set threshold": { words: "Set the threshold anew", fields: { window } },
  recalibrate: { words: "Recalibrate the scores", fields: { window } },
  refresh: { words: "Collect the data again", fields: {} },
  rebuild: { words: "Rebuild a version and compare", fields: { version: { label: "version", options: versions } } },
  quarantine: { words: "Use columns no more", fields: { columns: { label: "columns", options: (s) => [["", "none: end it"], ...s.columns], many: true } } },
  "ask for labels": { words: "Ask people for labels", fields: { share: { label: "share", options: () => ["5%", "10%", "25%", "50%", "100%"], start: "10%" }, last: { label: "for the next", options: () => ["2d", "7d", "14d", "28d"], start: "7d" } } },
  acknowledge: { words: "Acknowledge alarms", fields: { monitor: { label: "monitor", options: (s) => s.alarmed } } },
  archive: { words: "Put a version away", fields: { version: { label: "version", options: candidates } } },
};

export function fillVerbs(select, known) {
  for (const verb of known.filter((v) => v in ORDERS)) select.append(new Option(ORDERS[verb].words, verb));
}

// Make the fields of a verb; what was chosen stays chosen as long as it is there.
export function fillFields(box, verb, service) {
  const chosen = Object.fromEntries([...box.querySelectorAll("select")].map((s) => [s.name, s.value]));
  const wanted = ORDERS[verb].fields;
  const shown = Object.entries(wanted).filter(([, field]) => !field.when || field.when(service));
  const made = shown.map(([name, { label, options, start, many }]) => {
    const select = document.createElement("select");
    select.name = name;
    if (many) { select.multiple = true; select.size = 4; }
    for (const option of options(service)) {
      const [value, words] = Array.isArray(option) ? option : [option, option];
      select.append(new Option(words, value));
    }
    const before = chosen[name] ?? start;
    if (before !== undefined && [...select.options].some((o) => o.value === before)) select.value = before;
    const wrap = document.createElement("label");
    wrap.textContent = `${label} `;
    wrap.append(select);
    return wrap;
  });
  box.replaceChildren(...made);
}

// What the form says, as the server reads it; throws a sentence where something is missing.
export function asked(form, newestAlarm) {
  const body = { verb: form.verb.value, why: form.why.value };
  for (const select of form.querySelectorAll("#fields select")) {
    if (select.multiple) { body[select.name] = [...select.selectedOptions].map((o) => o.value).filter(Boolean); continue; }
    if (!select.options.length) throw new Error(`There is no ${select.name} to choose.`);
    body[select.name] = select.value;
  }
  if (ORDERS[body.verb].note && form.release_note.checked) {
    body.note = Object.fromEntries([...form.querySelectorAll("#note [name]")].map((field) => [field.name, field.value.trim()]));
    body.note.release = body.version;
  }
  if (body.window === "alarm") {
    if (newestAlarm === null) throw new Error("There was no alarm yet.");
    body.window = `SinceAlarm(at_us=${newestAlarm})`;
  }
  return body;
}
