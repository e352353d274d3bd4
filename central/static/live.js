// Each part of a page names where it comes from (data-part) and what it shows (data-topics); the stream says what changed. A part of one
// cabinet names it (data-cabinet); one that waits for a long job asks again by itself while it has data-every (seconds).
// Whatever takes more than a moment says so in the page's head: a form that is sent (data-busy: the words), a page that is opened.
"use strict";

const line = document.getElementById("line");
const busy = document.getElementById("busy");
const SOON_MS = 400;
const AGAIN_MS = 60000;

// How far a gauge is filled and where its ticks are: the page's policy lets no style stand in the page itself.
function measure(root) {
  for (const fill of root.querySelectorAll("[data-share]")) fill.style.width = fill.dataset.share + "%";
  for (const rise of root.querySelectorAll("[data-rise]")) rise.style.height = rise.dataset.rise + "%";
  for (const mark of root.querySelectorAll("[data-high]")) mark.style.bottom = mark.dataset.high + "%";
  for (const tick of root.querySelectorAll("[data-at]")) tick.style.left = tick.dataset.at + "%";
}

function say(word, mark) {
  line.textContent = word;
  line.className = "status " + mark;
}

// Work under way: shown once it takes more than a moment, with the seconds it has taken; the answer is a function that ends it.
const jobs = new Map();
let counting = null;
function work(words) {
  const job = Symbol(words);
  jobs.set(job, { words, since: performance.now() });
  counting ??= setInterval(showWork, 200);
  return () => {
    jobs.delete(job);
    showWork();
  };
}
function showWork() {
  const [oldest] = jobs.values();
  const took = oldest === undefined ? 0 : performance.now() - oldest.since;
  busy.hidden = took < SOON_MS;
  if (oldest !== undefined) busy.querySelector("[data-said]").textContent = `${oldest.words} … ${Math.floor(took / 1000)} s`;
  if (oldest === undefined && counting !== null) {
    clearInterval(counting);
    counting = null;
  }
}

// A part that somebody types in, or has just chosen from, is left alone until they are done.
function isUsed(part) {
  return part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
}

// What somebody typed and has not sent yet, what they opened, and where they stand stays theirs in the fresh part. A field is known by its
// form's address and its name, another thing by its place among those that can be pressed in its form, or in the part.
const FIELDS = "form :is(input, select, textarea)[name]";
const PRESSED = "a[href], button, summary, input, select, textarea";
const nameOf = (field) => `${field.form?.getAttribute("action")} ${field.name} ${field.type === "radio" ? field.value : ""}`;
function isTyped(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName !== "SELECT") return field.type !== "hidden" && field.value !== field.defaultValue;
  return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
}
function standOf(part) {
  const here = document.activeElement;
  if (here === part || !part.contains(here)) return () => null;
  const around = here.closest("form, [id]");
  const inside = around !== null && part.contains(around) && around !== part;
  const at = [...(inside ? around : part).querySelectorAll(PRESSED)].indexOf(here);
  const called = !inside ? "" : around.id ? `[id="${CSS.escape(around.id)}"]` : `form[action="${CSS.escape(around.getAttribute("action"))}"]`;
  return (fresh) => (inside ? fresh.querySelector(called) : fresh)?.querySelectorAll(PRESSED)[at];
}
function carry(part, fresh) {
  for (const open of part.querySelectorAll("details[open][id]")) fresh.querySelector(`[id="${CSS.escape(open.id)}"]`)?.setAttribute("open", "");
  const typed = new Map([...part.querySelectorAll(FIELDS)].filter(isTyped).map((field) => [nameOf(field), field]));
  for (const field of typed.size ? fresh.querySelectorAll(FIELDS) : []) {
    const said = typed.get(nameOf(field));
    if (said === undefined) continue;
    if (said.type === "checkbox" || said.type === "radio") field.checked = said.checked;
    else field.value = said.value;
  }
}

// `isNews`: something changed, rather than that it is time to look; only then does the part light up.
async function refresh(part, isNews = false) {
  if (part.dataset.asked !== undefined) part.dataset.again = ""; // what is under way may have been answered before this change
  if (isUsed(part) || part.dataset.asked !== undefined) return;
  part.dataset.asked = "";
  const over = work("Looking again");
  let shown = part;
  try {
    const answer = await fetch(part.dataset.part);
    if (!answer.ok || isUsed(part)) return;
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    const fresh = box.content.firstElementChild;
    carry(part, fresh);
    measure(fresh);
    if (isNews) fresh.classList.add("is-new");
    const stand = standOf(part);
    part.replaceWith(fresh);
    stand(fresh)?.focus({ preventScroll: true });
    wait(fresh);
    shown = fresh;
  } finally {
    over();
    delete part.dataset.asked;
  }
  if (part.dataset.again !== undefined) {
    delete part.dataset.again;
    refresh(shown, true);
  }
}

function wait(root) {
  const waiting = [root, ...root.querySelectorAll("[data-every]")].filter((part) => part.dataset?.every !== undefined);
  for (const part of waiting) setTimeout(() => part.isConnected && refresh(part), 1000 * part.dataset.every);
}

function changed(changes) {
  const cabinets = Object.keys(changes);
  for (const part of document.querySelectorAll("[data-part][data-topics]")) {
    const own = part.dataset.cabinet === undefined ? cabinets : [part.dataset.cabinet];
    const topics = part.dataset.topics.split(" ");
    if (own.some((id) => (changes[id] || []).some((what) => topics.includes(what)))) refresh(part, true);
  }
}

document.addEventListener("submit", (event) => {
  // What is downloaded, or opened elsewhere, leaves this page as it is.
  if (event.defaultPrevented || event.target.target === "_blank" || event.target.dataset.download !== undefined) return;
  work(event.target.dataset.busy || "Working");
  // Pressed twice is sent once; the button is still pressed when the form's values are gathered.
  setTimeout(() => event.target.querySelectorAll("button").forEach((button) => (button.disabled = true)));
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const isOpened = link && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  if (isOpened && link.target !== "_blank" && !link.download && link.origin === location.origin && link.pathname !== location.pathname
      && !link.pathname.startsWith("/api/")) work("Opening");
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  jobs.clear();
  showWork();
  document.querySelectorAll("form button:disabled").forEach((button) => (button.disabled = false));
});

for (const back of document.querySelectorAll("[data-back]")) {
  back.hidden = history.length < 2;
  back.addEventListener("click", () => history.back());
}
measure(document);
wait(document);
const stream = new EventSource("/api/v1/events");
const refreshAll = () => document.querySelectorAll("[data-part]").forEach((part) => refresh(part));
stream.onopen = () => {
  say("live", "is-online");
  refreshAll(); // nobody told of what changed before the line stood
};
stream.onerror = () => say("line lost, what you see may be old", "is-lost");
stream.addEventListener("changed", (event) => changed(JSON.parse(event.data)));
setInterval(refreshAll, AGAIN_MS);
