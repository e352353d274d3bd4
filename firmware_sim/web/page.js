// Draws the plant as it comes over /api/v1/events and sends hands and faults back. Keeps nothing but what is selected.

const at = (id) => document.getElementById(id);
let plant = null;
let chosen = null; // {drawer} or {pocket}
const kinds = new Map();

function make(tag, attributes = {}, ...inside) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") node.addEventListener("click", value);
    else if (value !== false && value !== null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...inside.filter((part) => part !== null));
  return node;
}

async function send(method, path, body) {
  const answer = await fetch(path, { method, headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) return say(JSON.stringify(said.detail));
  draw(said.plant ?? said);
  return said;
}

async function act(gesture) {
  const said = await send("POST", "/api/v1/hands", gesture);
  if (!said) return;
  const word = gesture.act.replace("_", " ");
  if (!said.is_possible) say(`${word}: cannot be done, it is shut, latched, empty or without power`);
  else if (said.units !== null) say(`${word}: ${said.units}`);
}

let quiet;
function say(text) {
  at("said").textContent = text;
  clearTimeout(quiet);
  quiet = setTimeout(() => (at("said").textContent = ""), 4000);
}

const drawerOf = (pocket) => plant.drawers.find((drawer) => drawer.id === pocket.drawer);
const isReachable = (pocket) => drawerOf(pocket).is_open && pocket.lid !== "shut";

function drawPocket(pocket) {
  const marks = ["pocket", pocket.is_lit && "is-lit", pocket.lid === "shut" && "is-shut", isReachable(pocket) && "is-reachable"];
  const eye = pocket.is_seen === null ? null : make("span", { class: "end", title: "photo-eye" }, pocket.is_seen ? "◉ eye" : "○ eye");
  const lamp = pocket.is_lit === null ? null : make("span", { class: `lamp ${pocket.is_lit ? "is-on" : ""}`, title: "guide light" });
  return make("button", {
    type: "button", class: marks.filter(Boolean).join(" "), id: `pocket-${pocket.id}`,
    "aria-pressed": String(chosen?.pocket === pocket.id), onclick: () => { chosen = { pocket: pocket.id }; draw(plant); },
  },
    make("span", { class: "label" }, pocket.label || pocket.id),
    make("span", { class: "line" }, make("span", { class: "pieces" }, String(pocket.pieces)), lamp, eye),
    make("span", { class: "line" }, pocket.id, make("span", { class: "end" }, pocket.lid ? `lid ${pocket.lid}` : "")));
}

function drawDrawer(drawer) {
  const state = drawer.is_open ? "open" : drawer.is_released ? "released" : "latched";
  const key = (label, name, extra = {}) => make("button", { type: "button", onclick: () => act({ act: name, drawer: drawer.id }), ...extra }, label);
  return make("section", { class: `drawer ${drawer.is_open ? "is-open" : ""}`, id: `drawer-${drawer.id}`, "aria-label": drawer.name },
    make("div", { class: "front" },
      make("span", { class: `lamp ${drawer.is_energised ? "is-hot" : ""}`, title: "lock coil" }),
      make("strong", {}, drawer.name),
      make("span", { class: `status ${drawer.is_open ? "is-open" : "is-ok"}` }, state),
      drawer.milli_c === null ? null : make("span", { class: "quiet", title: "what the probe inside shows" }, `${(drawer.milli_c / 1000).toFixed(1)} °C`),
      drawer.is_open ? key("Push shut", "push") : key("Pull", "pull"),
      drawer.is_open ? null : key("Force", "force", { class: "is-stop" })),
    make("div", { class: "pockets" }, ...drawer.pockets.map((id) => drawPocket(plant.pockets.find((pocket) => pocket.id === id)))));
}

function drawPanel() {
  const pocket = plant.pockets.find((each) => each.id === chosen?.pocket);
  if (!pocket) return [make("h2", {}, "Hand"), make("p", { class: "quiet" }, "Touch a pocket to reach into it. Take and put work where drawer and lid stand open.")];
  const key = (label, gesture, extra = {}) => make("button", { type: "button", onclick: () => act({ pocket: pocket.id, ...gesture }), ...extra }, label);
  const reach = isReachable(pocket);
  const grams = pocket.mass_mg ? `${(pocket.mass_mg / 1000).toFixed(2)} g` : "unknown";
  return [
    make("h2", {}, pocket.label || pocket.id),
    make("dl", { class: "facts" }, make("dt", {}, "pocket"), make("dd", {}, pocket.id), make("dt", {}, "pieces"), make("dd", { id: "pieces" }, String(pocket.pieces)),
      make("dt", {}, "mass"), make("dd", {}, grams), make("dt", {}, "in reach"), make("dd", {}, reach ? "yes" : "no")),
    make("div", { class: "keys" },
      key("Take 1", { act: "take", units: 1 }, { id: "take-1", disabled: !reach }), key("Put 1", { act: "put", units: 1 }, { id: "put-1", disabled: !reach }),
      key("Take 5", { act: "take", units: 5 }, { disabled: !reach }), key("Put 5", { act: "put", units: 5 }, { disabled: !reach }),
      pocket.lid ? key("Close lid", { act: "close_lid" }, { id: "close-lid", disabled: pocket.lid === "shut" }) : null,
      pocket.lid ? key("Lift lid", { act: "lift_lid" }, { disabled: pocket.lid === "open" || !drawerOf(pocket).is_open }) : null),
  ];
}

function drawReaders() {
  at("shown").hidden = !plant.readers.length && !plant.scanners.length;
  at("badge-form").hidden = !plant.readers.length;
  at("code-form").hidden = !plant.scanners.length;
  at("readers").replaceChildren(...plant.readers.map((reader) => make("p", { class: "line" },
    make("span", { class: `lamp reads-${reader.light}`, title: "the reader's light" }), `${reader.id}: ${reader.light}, ${reader.is_secure ? "secure channel" : "no secure channel"}, ${reader.beeps} beeps`)));
}

// Buttons are made anew at each drawing: the one that has the focus keeps it.
function draw(seen) {
  plant = seen;
  const focus = document.activeElement?.id;
  at("cabinet").replaceChildren(...plant.drawers.map(drawDrawer));
  at("panel").replaceChildren(...drawPanel());
  drawReaders();
  at("broken").replaceChildren(...plant.faults.map((fault) =>
    make("li", {}, make("button", { type: "button", title: kinds.get(fault.kind)?.sentence ?? "", onclick: () => send("DELETE", `/api/v1/faults?kind=${fault.kind}&target=${encodeURIComponent(fault.target)}`) },
      `${fault.kind.replaceAll("_", " ")}: ${fault.target}`, make("span", {}, "mend")))));
  if (focus) at(focus)?.focus();
}

function targets(scope) {
  const own = { bus: plant.buses, board: plant.boards, channel: plant.channels, door: [...plant.drawers, ...plant.pockets.filter((pocket) => pocket.lid)].map((door) => door.id), pocket: plant.pockets.map((pocket) => pocket.id) };
  return own[scope];
}

function offerTargets() {
  const kind = kinds.get(at("kind").value);
  at("sentence").textContent = kind.sentence;
  at("target").replaceChildren(...targets(kind.scope).map((id) => make("option", { value: id }, id)));
  at("knob-field").hidden = !kind.knob;
  at("knob-name").textContent = kind.knob.replaceAll("_", " ");
  at("knob").value = kind.usual ?? "";
}

function offerKinds(found) {
  const groups = new Map();
  for (const kind of found) {
    kinds.set(kind.kind, kind);
    if (!groups.has(kind.scope)) groups.set(kind.scope, make("optgroup", { label: kind.scope }));
    groups.get(kind.scope).append(make("option", { value: kind.kind }, kind.kind.replaceAll("_", " ")));
  }
  at("kind").replaceChildren(...groups.values());
}

function offerPackages(packages) {
  at("package").replaceChildren(...Object.entries(packages).map(([label, code]) => make("option", { value: code.replaceAll("\u001d", "<GS>") }, label)));
  const fill = () => { at("code").value = at("package").value; };
  at("package").addEventListener("change", fill);
  fill();
}

function chosenFault() {
  const kind = kinds.get(at("kind").value);
  const fault = { kind: kind.kind, target: at("target").value, probability: Number(at("probability").value) };
  return kind.knob ? { ...fault, [kind.knob]: Number(at("knob").value) } : fault;
}

async function begin() {
  plant = await (await fetch("/api/v1/plant")).json();
  offerKinds((await (await fetch("/api/v1/faults")).json()).kinds);
  at("kind").value = "drawer_jammed";
  offerTargets();
  at("kind").addEventListener("change", offerTargets);
  at("cause").addEventListener("click", () => send("POST", "/api/v1/faults", chosenFault()));
  at("mend").addEventListener("click", () => send("DELETE", "/api/v1/faults"));
  offerPackages(await (await fetch("/api/v1/packages")).json());
  at("badge-form").addEventListener("submit", (event) => { event.preventDefault(); act({ act: "show_badge", badge: at("badge").value }); });
  at("code-form").addEventListener("submit", (event) => { event.preventDefault(); act({ act: "scan", code: at("code").value }); });
  const events = new EventSource("/api/v1/events");
  const link = (is_up) => { at("link").className = `status ${is_up ? "is-online" : "is-lost"}`; at("link").textContent = is_up ? "live" : "not connected"; };
  events.onmessage = (event) => { link(true); draw(JSON.parse(event.data)); };
  events.onerror = () => link(false);
}

begin();
