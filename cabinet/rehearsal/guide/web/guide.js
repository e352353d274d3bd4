// Shows the script and where its visitor is, frames the three parts beside it, and presses "next" for them. Keeps nothing but the pane that is shown.

const at = (id) => document.getElementById(id);
const WHERE = { kiosk: "at the kiosk", cabinet: "at the cabinet", pharmacy: "at the pharmacy", guide: "here and at the cabinet" };
let script = null;
let place = null;

function make(tag, attributes = {}, ...inside) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== false && value !== null) node.setAttribute(name, value === true ? "" : value);
  node.append(...inside.flat().filter((part) => part !== null));
  return node;
}

const person = (who) => make("div", { class: "person" }, make("b", {}, who.name, `, ${who.role.replaceAll("_", " ")}`), make("dl", {}, make("dt", {}, "badge"), make("dd", {}, who.badge), make("dt", {}, "PIN"), make("dd", {}, who.pin)));

function drawMove(move, number) {
  if (number < place.at) return make("li", { class: "move is-past" }, make("span", {}, `✓ ${move.do.split(/[.:] /)[0]}`));
  if (number > place.at) return null;
  return make("li", { class: "move is-now", "aria-current": "step", id: `move-${move.id}` }, make("span", { class: "where" }, `➜ ${WHERE[move.where]}`), make("b", {}, move.do), make("span", { class: "why" }, move.why), move.is_for_eyes ? make("b", {}, "Press next when you have seen it.") : null, move.who ? person(move.who) : null);
}

function drawChapter(chapter, first) {
  const last = first + chapter.moves.length;
  const isNow = place.at >= first && place.at < last;
  const isPast = place.at >= last;
  return make("li", { class: `chapter ${isNow ? "is-now" : ""}` },
    make("button", { type: "button", "data-at": String(first), title: "go to this step" }, make("span", { class: "time" }, chapter.at), make("span", {}, chapter.title), make("span", { class: "tick" }, isPast ? "✓" : "")),
    isNow ? make("ol", { class: "moves" }, ...chapter.moves.map((move, index) => drawMove(move, first + index))) : null);
}

const moves = () => script.chapters.flatMap((chapter) => chapter.moves);

function draw() {
  let first = 0;
  const chapters = script.chapters.map((chapter) => { const drawn = drawChapter(chapter, first); first += chapter.moves.length; return drawn; });
  if (place.is_over) chapters.push(make("li", { class: "move is-now", id: "the-end" }, make("b", {}, "That is all."), make("span", { class: "why" }, "The demo goes on as long as it runs: break what you like. Back begins again.")));
  at("chapters").replaceChildren(...chapters);
  document.querySelector(".is-now .is-now, .move.is-now")?.scrollIntoView({ block: "nearest" });
  at("said").textContent = place.said;
  at("next").textContent = place.is_busy ? "Doing it …" : "Next";
  at("next").disabled = place.is_busy || place.is_over;
  at("back").disabled = place.is_busy || place.at === 0;
  at("network").textContent = place.is_networked ? "✓ Network cable is plugged" : "✕ Network cable is pulled";
  at("network").title = place.is_networked ? "Pull it" : "Plug it in";
  at("network").classList.toggle("is-out", !place.is_networked);
  const here = moves()[place.at]?.where;
  for (const name of ["kiosk", "cabinet", "pharmacy"]) at(`pane-${name}`).classList.toggle("is-here", name === here);
}

// --- panes: a page is drawn at the width that it is made for, and the pane looks at it from as far away as it takes

function fit() {
  for (const frame of document.querySelectorAll("iframe")) {
    const { width, height } = frame.parentElement.getBoundingClientRect();
    const scale = Math.min(1, width / Number(frame.dataset.width));
    Object.assign(frame.style, { width: `${width / scale}px`, height: `${height / scale}px`, transform: `scale(${scale})` });
  }
}

function show(name) {
  for (const pane of document.querySelectorAll(".pane")) pane.classList.toggle("is-shown", pane.id === `pane-${name}`);
  for (const tab of document.querySelectorAll("[data-tab]")) tab.setAttribute("aria-pressed", String(tab.dataset.tab === name));
}

function follow(next) {
  const isElsewhere = !place || next.at !== place.at;
  place = next;
  draw();
  if (isElsewhere) show({ guide: "cabinet" }[moves()[place.at]?.where] ?? moves()[place.at]?.where ?? "pharmacy");
}

async function ask(path, body) {
  const answer = await fetch(`/api/v1/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) });
  return answer.json();
}

async function next() {
  const before = place.at;
  const told = await ask("next", { move: moves()[before].id });
  if (told.at !== before) { at("kiosk").src = script.frames.kiosk + told.screen; show("kiosk"); }
  follow({ ...place, ...told });
}

async function begin() {
  script = await (await fetch("/api/v1/script")).json();
  follow(await (await fetch("/api/v1/place")).json());
  for (const [name, address] of Object.entries(script.frames)) at(name).src = new URL(address).href;
  at("next").addEventListener("click", next);
  at("back").addEventListener("click", () => ask("place", { at: place.is_over ? 0 : place.at - 1 }));
  at("network").addEventListener("click", () => ask("network", { is_plugged: !place.is_networked }).then(follow));
  at("chapters").addEventListener("click", (event) => { const button = event.target.closest("[data-at]"); if (button) ask("place", { at: Number(button.dataset.at) }); });
  document.querySelector(".tabs").addEventListener("click", (event) => { if (event.target.dataset.tab) show(event.target.dataset.tab); });
  new ResizeObserver(fit).observe(at("panes"));
  fit();
  new EventSource("/api/v1/events").onmessage = (event) => follow(JSON.parse(event.data));
}

begin();
