// The kiosk's screen: keypads, the countdown, and asking for the page again when something changed.
// Knows nothing about medicines: what is shown and asked is decided by the cabinet.
"use strict";

const REFRESH = { "Kiosk-Refresh": "1" };
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// --- keypads: the field that was touched last is the one that is typed into

let field = null;
let isPrefilled = false; // what the cabinet suggests is replaced by the first key, not added to

function choose(input) {
  field = input;
  isPrefilled = input.dataset.pad === "digits" && input.value !== "" && input.value === input.defaultValue;
  if (isPrefilled) input.select();
  const form = input.closest("form");
  const kind = input.dataset.pad === "date" ? "digits" : input.dataset.pad;
  if (all(".pad", form).length > 1) all(".pad", form).forEach((pad) => { pad.hidden = !pad.classList.contains(kind); });
  all("[data-pad]", form).forEach((other) => other.classList.toggle("is-chosen", other === input));
}

function type(key) {
  if (!field) return;
  if (isPrefilled && key !== "back") field.value = "";
  isPrefilled = false;
  if (key === "clear") field.value = "";
  else if (key === "back") field.value = field.value.slice(0, -1);
  else if (field.maxLength < 0 || field.value.length < field.maxLength) field.value += "upper" in field.dataset ? key.toUpperCase() : key;
  if (field.dataset.pad === "date") field.value = asDate(field.value, key === "back");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function asDate(text, isShorter) {
  const figures = text.replace(/\D/g, "").slice(0, 8);
  const parts = [figures.slice(0, 4), figures.slice(4, 6), figures.slice(6, 8)].filter(Boolean);
  const whole = parts.join("-");
  return !isShorter && (figures.length === 4 || figures.length === 6) ? `${whole}-` : whole;
}

function step(button) {
  const input = one("input", button.parentElement);
  input.value = Math.max(Number(input.min) || 0, (parseInt(input.value, 10) || 0) + Number(button.dataset.step));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  if (isLost) { event.preventDefault(); return; }
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.key) type(button.dataset.key);
  if (button.dataset.step) step(button);
  if (button.dataset.scroll) scrollBy(button);
  if ("back" in button.dataset) history.back();
});

document.addEventListener("focusin", (event) => { if (event.target.matches("[data-pad]")) choose(event.target); });

document.addEventListener("input", (event) => {
  const echo = one(`[data-echo="${event.target.name}"]`, event.target.form || document);
  if (echo) echo.textContent = event.target.value;
  if ("search" in event.target.dataset) search(event.target);
});

// A badge reader types the badge and Enter: go on to the PIN instead of sending the form.
document.addEventListener("keydown", (event) => {
  const next = event.key === "Enter" && event.target.dataset && event.target.dataset.next;
  if (!next) return;
  event.preventDefault();
  event.target.form.elements[next].focus();
});

// One touch asks once.
document.addEventListener("submit", (event) => {
  if (isLost) { event.preventDefault(); return; }
  if (event.target.action.endsWith("/stay")) { event.preventDefault(); stay(); return; }
  if (event.target.dataset.sent) { event.preventDefault(); return; }
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
  all("form").forEach((form) => delete form.dataset.sent);
});

// --- lists that are longer than the screen: buttons instead of dragging

function scrollBy(button) {
  const list = button.closest(".scroll-box").querySelector(".scroll");
  list.scrollTop += Number(button.dataset.scroll) * list.clientHeight * 0.8;
}

function addScrollButtons() {
  all(".scroll").forEach((list) => {
    const isLong = list.scrollHeight > list.clientHeight + 4;
    let box = list.closest(".scroll-box");
    if (!box) {
      if (!isLong) return;
      box = document.createElement("div");
      box.className = "scroll-box";
      list.replaceWith(box);
      box.append(list);
      const buttons = document.createElement("div");
      buttons.className = "scroll-buttons";
      buttons.innerHTML = '<button type="button" data-scroll="-1" aria-label="Up">▲</button><button type="button" data-scroll="1" aria-label="Down">▼</button>';
      box.append(buttons);
    }
    one(".scroll-buttons", box).hidden = !isLong;
  });
}
window.addEventListener("resize", addScrollButtons);

// --- the countdown

const bar = () => one("header.top");
let endsAt = null;

function readTimeLeft(header = bar()) {
  const left = header.dataset.leftS;
  endsAt = left === "" || "held" in header.dataset ? null : performance.now() + Number(left) * 1000;
}

function tick() {
  if (endsAt === null) { one(".warning").hidden = true; return; }
  const left = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
  all("[data-left]").forEach((place) => { place.textContent = `${left} s`; });
  one(".warning").hidden = left > Number(bar().dataset.warnS);
  if (left === 0 && isLost) one("main").hidden = true; // the cabinet cannot say that the session is over; no name stays behind
  if (left === 0 && !isLost) { endsAt = performance.now() + 1000; refresh(true); }
}

// Minutes that a notice counts are the cabinet's to say.
setInterval(() => { if (one("[data-counts]")) refresh(true); }, 20_000);

async function stay() {
  try { await fetch("/stay", { method: "POST" }); } catch { return; }
  await refresh(true);
}

// --- asking for the page again

let isAsking = false;
let isDue = false;

// The address of an answer to a form is no page to ask for again: only what is above it is, and that stands on every page.
const here = () => (document.body.dataset.method === "POST" ? "/" : location.href);

async function refresh(isForBarAlone = false) {
  if (isAsking) { isDue = true; return; }
  isAsking = true;
  try {
    const reply = await fetch(here(), { headers: REFRESH });
    if (reply.redirected) { location.replace(reply.url); return; }
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    const header = one("header.top", fresh);
    if (header) {
      if (bar().dataset.leftS !== "" && header.dataset.leftS === "") { location.replace("/?ended=1"); return; }
      readTimeLeft(header);
      [header, ...all(".alarms, .warning", fresh)].forEach(replacePart);
      tick();
    }
    const next = one("main[data-live]", fresh);
    if (!isForBarAlone && one("main[data-live]") && next && hasMoved(next)) { keepTyped(next); one("main").replaceWith(next); settle(); }
  } catch { /* the cabinet is starting again; the next change or the next connection asks once more */ }
  finally { isAsking = false; if (isDue) { isDue = false; refresh(); } }
}

// A part that says the same is left alone, so that no alarm is read out twice.
function replacePart(part) {
  const now = one(`.${part.classList[0]}`);
  if (part.classList.contains("top") || now.textContent !== part.textContent) now.replaceWith(part);
}

// What was typed into a field goes along where the next screen has it too, and nothing to say about it.
function keepTyped(next) {
  all("main input[name]").filter((input) => input.type !== "hidden" && input.type !== "password" && input.value !== input.defaultValue).forEach((input) => {
    const other = one(`input[name="${input.name}"]`, next);
    if (other && other.value === input.defaultValue) other.value = input.value;
  });
}

// What a person is in the middle of typing stays, as long as the same thing is asked for.
function hasMoved(next) {
  const now = one("main");
  if (now.dataset.step !== undefined) return now.dataset.step !== next.dataset.step;
  const bare = (main) => main.textContent.replace(/\s+/g, " ");
  return bare(now) !== bare(next);
}

function settle() {
  const first = one("main [autofocus]") || one("main [data-pad]");
  if (first) { first.focus(); choose(first); }
  addScrollButtons();
}

// Typed letters ask for the list at once; an answer that was overtaken is dropped.
let asked = 0;
async function search(input) {
  const mine = ++asked;
  const address = new URL(location.href);
  address.searchParams.set("q", input.value);
  let reply;
  try { reply = await fetch(address); } catch { return; } // a finger typed: a sign of life
  if (reply.redirected) { location.replace(reply.url); return; }
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
  if (mine !== asked) return;
  readTimeLeft(one("header.top", fresh));
  one("#found").replaceChildren(...one("#found", fresh).childNodes);
  history.replaceState(null, "", address);
  addScrollButtons();
}

// --- the cabinet's voice: while it is silent nothing can be touched, and the page comes back whole once it speaks again

const RETRY_MS = 1000;
let isLost = false;

function lose() {
  isLost = true;
  document.body.classList.add("is-lost");
  all("header.top, main, .warning").forEach((part) => { part.inert = true; });
  one(".lost").hidden = false;
}

function listen() {
  const changes = new EventSource("/live");
  changes.addEventListener("changed", () => refresh());
  changes.addEventListener("open", () => { if (isLost) location.replace(here()); else refresh(); });
  changes.addEventListener("error", () => { changes.close(); if (!isLeaving) lose(); setTimeout(listen, RETRY_MS); });
}

let isLeaving = false;
window.addEventListener("beforeunload", () => { isLeaving = true; setTimeout(() => { isLeaving = false; }, RETRY_MS); });

readTimeLeft();
setInterval(tick, 500);
settle();
listen();
