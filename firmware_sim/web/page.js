// Draws the plant as it comes over /api/v1/events and sends hands and faults back. Keeps nothing but what was touched last.

import { back } from "/web/back.js";
import { make, morphInside } from "/web/dom.js";
import { chosenFault, drawBroken, offerKinds, offerPlaces } from "/web/fault.js";
import { front } from "/web/front.js";
import { panel } from "/web/panel.js";

const at = (id) => document.getElementById(id);
const scene = { plant: null, chosen: null, isGlass: false, kinds: new Map(), boxes: [], badges: [] };

function draw() {
  morphInside(at("cabinet"), front(scene));
  morphInside(at("back"), back(scene));
  morphInside(at("panel"), [make("div", { class: "panel", id: `panel-${scene.chosen?.kind ?? "start"}-${scene.chosen?.id ?? ""}` }, ...panel(scene))]);
  drawBroken(scene.plant.faults, scene.kinds);
}

function show(plant) {
  if (scene.plant && plant.at_s < scene.plant.at_s) return; // an answer that was overtaken by an event
  scene.plant = plant;
  draw();
}

async function send(method, path, body) {
  const answer = await fetch(path, { method, headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) return say(typeof said.detail === "string" ? said.detail : said.detail.map((one) => one.msg).join("; "));
  show(said.plant ?? said);
  return said;
}

let quiet;
function say(text) {
  at("said").textContent = text;
  clearTimeout(quiet);
  quiet = setTimeout(() => (at("said").textContent = ""), 4000);
}

// --- what a hand did, and why it could not

const WHY = {
  pull: "It holds: it is latched, or jammed.", push: "It does not go home: its lock is still drawn, or it is jammed.", force: "It is open already, or has no room.", lift_lid: "The lid holds: it is latched, jammed, or the drawer is shut.",
  close_lid: "The lid does not catch: its lock is still drawn, or it is jammed.", force_lid: "There is no getting at the lid.", take: "Nothing to take, or out of reach.", put: "Out of reach.", scan: "The scanner stays silent.",
};
const DID = { show_badge: "The badge was held to the reader.", scan: "Scanned.", drop: "Dropped into the return bin.", empty_bin: "The return bin is empty.", force: "Forced open." };

async function act(gesture) {
  const said = await send("POST", "/api/v1/hands", gesture);
  if (!said) return;
  if (!said.is_possible) say(WHY[gesture.act] ?? "That cannot be done.");
  else if (DID[gesture.act]) say(DID[gesture.act]);
  else if (said.units === null) say(""); // why the last one could not be is over
  else say(`${gesture.act === "take" ? "Taken" : "Put in"}: ${said.units}`);
}

function ask(order) {
  if (order.act) return act(order);
  if (order.cause) return send("POST", "/api/v1/faults", order.cause);
  return send("DELETE", `/api/v1/faults?${new URLSearchParams(order.mend)}`);
}

const FORMS = {
  badge: (form) => ({ act: "show_badge", badge: form.elements.badge.value, device: scene.chosen.id }),
  scan: (form) => ({ act: "scan", code: form.elements.code.value || form.elements.package.value, device: form.dataset.device }),
  put: (form) => ({ act: "put", pocket: scene.chosen.id, units: 1, item: form.elements.what.value, lot: form.elements.lot.value }),
  drop: (form) => ({ act: "drop", item: form.elements.what.value }),
};

function choose(what) {
  scene.chosen = { ...what, drawer: scene.plant.pockets.find((pocket) => pocket.id === what.id)?.drawer };
  draw();
  offerPlaces(scene.kinds, scene.chosen, true);
  const side = document.querySelector(".side");
  side.scrollTop = 0;
  if (at("panel").offsetTop > side.clientHeight / 2) at("panel").scrollIntoView({ block: "start" }); // below a long list of what is broken
}

function listen() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ask], [data-choose]");
    if (!button || button.disabled) return;
    if (button.dataset.ask) ask(JSON.parse(button.dataset.ask));
    else choose(JSON.parse(button.dataset.choose));
  });
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    act(FORMS[event.target.dataset.form](event.target));
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && scene.plant) { scene.chosen = null; draw(); } });
  at("glass").addEventListener("click", () => { scene.isGlass = !scene.isGlass; at("glass").setAttribute("aria-pressed", String(scene.isGlass)); draw(); });
  at("find").addEventListener("input", () => offerKinds(scene.kinds, scene.chosen));
  at("kind").addEventListener("change", () => offerPlaces(scene.kinds, scene.chosen));
  at("cause").addEventListener("click", () => send("POST", "/api/v1/faults", chosenFault(scene.kinds)));
  at("mend").addEventListener("click", () => send("DELETE", "/api/v1/faults"));
}

async function begin() {
  const [plant, faults, boxes, badges] = await Promise.all(["plant", "faults", "boxes", "badges"].map(async (name) => (await fetch(`/api/v1/${name}`)).json()));
  for (const kind of faults.kinds) scene.kinds.set(kind.kind, kind);
  Object.assign(scene, { boxes, badges });
  show(plant);
  offerKinds(scene.kinds, scene.chosen);
  listen();
  const events = new EventSource("/api/v1/events");
  const link = (isUp) => { at("link").className = `status ${isUp ? "is-online" : "is-lost"}`; at("link").textContent = isUp ? "live" : "not connected"; };
  events.onmessage = (event) => { link(true); show(JSON.parse(event.data)); };
  events.onerror = () => { link(false); scene.plant.at_s = 0; }; // whoever comes back may count time anew
}

begin();
