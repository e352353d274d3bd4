// The kiosk's screen: the countdown, going from page to page, and asking for the page again when something changed.
// Knows nothing about medicines: what is shown and asked is decided by the cabinet. Stands on keys.js.
"use strict";

const REFRESH = { "Kiosk-Refresh": "1" };

// --- the countdown

const bar = () => one("header.top");
let endsAt = null;
let isLeft; // an open drawer ends no session, but nobody who comes by may read what its person left on the screen

function readTimeLeft(header = bar()) {
  const left = header.dataset.leftS;
  const isHeld = "held" in header.dataset;
  endsAt = left === "" || isHeld ? null : performance.now() + Number(left) * 1000;
  clearTimeout(isLeft);
  if (left !== "" && isHeld) isLeft = setTimeout(refresh, (Number(left) + 1) * 1000);
}

function tick() {
  if (endsAt === null) { one(".warning").hidden = true; return; }
  const left = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
  all("[data-left]").forEach((place) => { place.textContent = document.body.dataset.seconds.replace("{seconds}", left); });
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
let asking = new AbortController();

// The address of an answer to a form is no page to ask for again: only what is above it is, and that stands on every page.
const isAnswer = () => document.body.dataset.method === "POST";
const here = () => (isAnswer() ? "/" : location.href);

async function refresh(isForBarAlone = false) {
  if (isBusy()) { isDue = true; return; }
  isAsking = true;
  asking = new AbortController();
  let elsewhere = "";
  try {
    const reply = await fetch(here(), { headers: REFRESH, signal: asking.signal });
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (isTouched) { isDue = true; return; }
    const header = one("header.top", fresh);
    const isOther = fresh.body.dataset.screen !== document.body.dataset.screen;
    if (reply.redirected) elsewhere = reply.url;
    else if (!isAnswer() && isOther) showPage(fresh);
    else if (header && bar().dataset.leftS !== "" && header.dataset.leftS === "") elsewhere = "/?ended=1";
    else {
      if (header) showAbove(fresh);
      const next = one("main[data-live]", fresh);
      if (!isForBarAlone && !isOther && one("main[data-live]") && next && hasMoved(next)) { keepTyped(next); swap(one("main"), next, settle); }
    }
  } catch { /* the cabinet is starting again, or the page is being left; the next change or the next connection asks once more */ }
  finally { isAsking = false; }
  if (elsewhere) turn(elsewhere, {}, "replace"); else askIfDue();
}

const isBusy = () => isAsking || isLeaving || isTouched || isTurning;

function askIfDue() {
  if (isDue && !isBusy()) { isDue = false; refresh(); }
}

// What lies under a finger stays there until the finger is gone: a button that is replaced in mid-touch is never pressed.
let isTouched = false;
const CLICK_MS = 50; // the click follows the finger's leaving
const touched = () => { isTouched = true; };
const released = () => setTimeout(() => { isTouched = false; dropAhead(); askIfDue(); }, CLICK_MS);
document.addEventListener("pointerdown", touched);
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, released);

// What stands above every page: the line with the person, alarms, and the warning before a session ends.
function showAbove(fresh) {
  readTimeLeft(one("header.top", fresh));
  all("header.top, .alarms, .warning", fresh).forEach(replacePart);
  tick();
}

// A part that says the same is left alone, so that no alarm is read out twice.
function replacePart(part) {
  const now = one(`.${part.classList[0]}`);
  if (part.classList.contains("top") || now.textContent !== part.textContent) swap(now, part);
}

// Who moves by keyboard stays where they were: on what leads to the same place, unless there is something to type first (`asks`).
function swap(now, next, asks = () => undefined) {
  const at = document.activeElement;
  const says = (it) => [it.localName, it.getAttribute("href"), it.name, it.getAttribute("value"), it.textContent.trim()].join("\n");
  const same = now.contains(at) && all("a[href], button, input, select, textarea, summary", next).find((other) => says(other) === says(at));
  now.replaceWith(next);
  if (!asks() && same) same.focus({ preventScroll: true });
}

// What was typed into a field, or chosen, goes along where the next screen has it too, and nothing to say about it.
function keepTyped(next) {
  all("main select[name]").forEach((select) => { const other = one(`select[name="${select.name}"]`, next); if (other) other.value = select.value; });
  all("main [type=checkbox][name]").forEach((box) => { const other = one(`[type=checkbox][name="${box.name}"]`, next); if (other) other.checked = box.checked; });
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
  const first = one("main [autofocus]") || one("main [data-pad]:not([data-later])");
  if (first) { first.focus(); choose(first); }
  addScrollButtons();
  return first;
}

// Typed letters ask for the list at once; an answer that was overtaken is dropped.
let asked = 0;
async function search(input) {
  const mine = ++asked;
  const address = new URL(location.href);
  address.searchParams.set("q", input.value);
  let reply;
  try { reply = await fetch(address); } catch { return; } // a finger typed: a sign of life
  if (reply.redirected) { turn(reply.url, {}, "replace"); return; }
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
  if (mine !== asked) return;
  readTimeLeft(one("header.top", fresh));
  one("#found").replaceChildren(...one("#found", fresh).childNodes);
  history.replaceState(null, "", address);
  addScrollButtons();
}

// --- what was typed into a form that was refused: "Back" finds it again, except for secrets

let refused = null; // the form that was sent last: where it stood, where it went, and what it said

function fillAgain() {
  const form = refused && all("main form").find((one) => one.action === refused.action);
  if (!form) return;
  all("input[name], select[name], textarea[name]", form).filter((input) => !["hidden", "password"].includes(input.type)).forEach((input) => {
    const said = refused.said.getAll(input.name);
    if (["checkbox", "radio"].includes(input.type)) input.checked = said.includes(input.value);
    else if (said.length) input.value = said[0];
  });
  refused = null;
}

async function goBack() {
  if (!refused || !isAnswer()) { history.back(); return; }
  await turn(refused.from, {}, refused.from === location.href ? "none" : "replace");
  fillAgain();
}

// --- from page to page: style, script and the cabinet's voice stay, and only what the next page says is fetched

let isTurning = false;

// Go to `address`, or send a form there (`sent`: what fetch is told). `entry` is push, replace, or none where the browser made it.
async function turn(address, sent, entry) {
  if (isTurning) return; // one touch asks once
  isTurning = true;
  asking.abort();
  try {
    const { reply, fresh } = await (aheadTo(address, sent) || ask(address, sent));
    if (!fresh || !one("main", fresh)) { location.assign(address); return; }
    if (entry === "push" && reply.url !== location.href) history.pushState(null, "", reply.url);
    else if (entry !== "none") history.replaceState(null, "", reply.url);
    showPage(fresh);
  } catch { lose(); }
  finally { isTurning = false; }
  askIfDue();
}

async function ask(address, sent) {
  const reply = await fetch(address, sent);
  const isPage = (reply.headers.get("content-type") || "").startsWith("text/html");
  return { reply, fresh: isPage && new DOMParser().parseFromString(await reply.text(), "text/html") };
}

// Each look at the layout in between is a layout more: the page that is left lets go of the focus while it still stands, lists come in the
// shape that they had here before, and the focus scrolls nothing.
function showPage(fresh) {
  const next = one("main", fresh);
  const [now, other] = [document.documentElement, fresh.documentElement];
  document.activeElement?.blur();
  Object.assign(document.body.dataset, fresh.body.dataset);
  document.title = fresh.title;
  if (now.lang !== other.lang) now.lang = other.lang;
  if (now.dir !== other.dir) now.dir = other.dir;
  boxKnownLists(next);
  showAbove(fresh);
  one("main").replaceWith(next);
  next.tabIndex = -1;
  if (!settle()) next.focus({ preventScroll: true });
  if (document.scrollingElement.scrollTop) scrollTo(0, 0); // a phone's page scrolls as a whole
}

// --- a finger that comes down on a link has the page fetched before it leaves, unless what is shown there goes on record

let ahead = null;

function fetchAhead(link) {
  const stop = new AbortController();
  ahead = { address: link.href, stop, page: ask(link.href, { signal: stop.signal }) };
  ahead.page.catch(() => {}); // whoever turns to it hears of it
}

function aheadTo(address, sent) {
  const page = ahead && ahead.address === address && !sent.method ? ahead.page : null;
  if (page) ahead = null;
  return page;
}

function dropAhead() {
  ahead?.stop.abort();
  ahead = null;
}

document.addEventListener("pointerdown", (event) => {
  const link = event.target.closest("a[href]:not([href^='/reports/'])");
  dropAhead();
  if (link && isPlain(event) && !link.target && isOurs(link.href) && !isTurning && !isLost) fetchAhead(link);
});

const isOurs = (address) => new URL(address, location.href).origin === location.origin;
const isPlain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

document.addEventListener("click", (event) => {
  if (isLost) { event.preventDefault(); return; }
  const link = event.target.closest("a[href]");
  if (event.target.closest("[data-back]")) goBack();
  if (!link || event.defaultPrevented || !isPlain(event) || link.target || !isOurs(link.href)) return;
  event.preventDefault();
  turn(link.href, {}, "push");
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (isLost) { event.preventDefault(); return; }
  if (event.defaultPrevented || form.target || !isOurs(form.action)) return;
  event.preventDefault();
  if (form.action.endsWith("/stay")) { stay(); return; }
  const said = new URLSearchParams(new FormData(form, event.submitter));
  if (form.method === "post") {
    if (!isAnswer()) refused = { from: location.href, action: form.action, said };
    turn(form.action, { method: "POST", body: said }, "push");
    return;
  }
  const address = new URL(form.action);
  address.search = said;
  turn(address.href, {}, "push");
});

window.addEventListener("popstate", () => turn(location.href, {}, "none"));
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

document.addEventListener("input", (event) => { if ("search" in event.target.dataset) search(event.target); });

// --- the cabinet's voice: while it is silent nothing can be touched, and the page comes back whole once it speaks again

const RETRY_MS = 1000;
const VEIL_MS = 60_000; // nobody is signed out while the cabinet is silent: whoever comes next reads no name of a patient
let isLost = false;

function lose() {
  if (isLost) return;
  isLost = true;
  document.body.classList.add("is-lost");
  all("header.top, main, .warning").forEach((part) => { part.inert = true; });
  one(".lost").hidden = false;
  setTimeout(() => document.body.classList.add("is-veiled"), VEIL_MS);
}

function listen() {
  const changes = new EventSource("/live");
  changes.addEventListener("changed", () => refresh());
  changes.addEventListener("open", () => { if (isLost) location.replace(here()); else refresh(); });
  changes.addEventListener("error", () => { changes.close(); if (!isLeaving) lose(); setTimeout(listen, RETRY_MS); });
}

// What is being answered may leave nothing behind at this address: a page that is left is not asked for again.
let isLeaving = false;
window.addEventListener("beforeunload", () => {
  isLeaving = true;
  asking.abort();
  setTimeout(() => { isLeaving = false; askIfDue(); }, RETRY_MS);
});

readTimeLeft();
setInterval(tick, 500);
settle();
listen();
