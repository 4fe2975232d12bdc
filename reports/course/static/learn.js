// The page of a chapter: sliders that ask the simulator, and a file that asks for its verdict.

import { draw } from "./figure.js";

const post = async (where, body) => {
  const answer = await fetch(where, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const told = await answer.json();
  if (told.refused) throw new Error(told.refused);
  return told;
};

// -- sliders: one question at a time, and always the newest ---------------------------------------

if (innerWidth <= 820) document.getElementById("contents").open = false;

const live = document.getElementById("live");
export const moves = [];  // how long each answer took, for whoever measures
let shownNow = null;

if (live) {
  const form = document.getElementById("sliders"), box = document.getElementById("figure");
  const sentence = document.getElementById("sentence");
  let asking = false, wanted = null;
  const values = () => Object.fromEntries([...form.elements].filter((e) => e.name).map((e) => [e.name, Number(e.value)]));
  const ask = async () => {
    if (asking) return;
    asking = true;
    while (wanted) {
      const { at, value } = wanted;
      wanted = null;
      try {
        shownNow = await post(`/live/${live.dataset.chapter}`, value);
        draw(box, shownNow);
        sentence.textContent = shownNow.sentence;
        moves.push(performance.now() - at);
      } catch (error) {
        sentence.textContent = error.message === "Failed to fetch" ? "The server is gone: start driftyard learn --page again." : error.message;
      }
    }
    asking = false;
  };
  const moved = () => { wanted = { at: performance.now(), value: values() }; ask(); };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    event.target.parentElement.querySelector("output").textContent = event.target.value + (event.target.dataset.unit ?? "");
    moved();
  });
  new ResizeObserver(() => { if (shownNow) draw(box, shownNow); }).observe(box);
  globalThis.driftyardMoves = moves;
  moved();
}

// -- the file and its verdict ---------------------------------------------------------------------

const exam = document.getElementById("exam");
const make = (name, words, ...classes) => {
  const made = document.createElement(name);
  made.textContent = words;
  made.classList.add(...classes);
  return made;
};

if (exam) {
  const source = document.getElementById("source"), button = document.getElementById("mark");
  const waiting = document.getElementById("waiting"), verdict = document.getElementById("verdict");
  source.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || event.shiftKey) return;
    event.preventDefault();
    source.setRangeText("    ", source.selectionStart, source.selectionEnd, "end");
  });
  button.addEventListener("click", async () => {
    button.disabled = true;
    verdict.replaceChildren();
    waiting.textContent = "The years are being played …";
    const look = setInterval(async () => {
      const { progress } = await (await fetch("/progress")).json().catch(() => ({}));
      if (progress && button.disabled) waiting.textContent = progress;
    }, 500);
    try {
      show(verdict, await post(`/mark/${exam.dataset.chapter}`, { source: source.value }));
    } catch (error) {
      verdict.replaceChildren(make("p", error.message, "stopped"));
    }
    clearInterval(look);
    waiting.textContent = "";
    button.disabled = false;
  });
}

function show(box, told) {
  const head = make("p", "");
  head.append(make("span", told.verdict, "verdict", told.verdict), told.sentence);
  box.replaceChildren(head);
  if (!told.claims.length) return;
  const list = make("ul", "", "claims");
  for (const claim of told.claims) {
    const item = make("li", "");
    item.append(make("span", claim.verdict, "verdict", claim.verdict), make("span", claim.claim), make("small", [claim.told, claim.more].filter(Boolean).join("; ")));
    list.append(item);
  }
  box.append(list);
  if (told.worst) {
    box.append(make("p", told.verdict === "pass" ? `The hardest of these years was that of seed ${told.worst.seed}; to play it again:` : `The worst year is that of seed ${told.worst.seed}; to play it again:`));
    box.append(make("code", told.worst.again, "again"));
  }
  if (told.figure) {
    const figure = document.createElement("figure");
    figure.innerHTML = told.figure;  // drawn by the simulator; the page's policy lets no script in it run
    box.append(figure);
  }
  if (told.verdict === "pass") document.querySelector("nav [aria-current] .done").textContent = " ✓";
}
