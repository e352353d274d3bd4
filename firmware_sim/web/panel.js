// What a hand can do to the thing that was touched last, what that thing shows, and what can break there.

import { asks, make } from "/web/dom.js";

const words = (kind) => kind.replaceAll("_", " ");
const isOn = (plant, kind, target) => plant.faults.some((fault) => fault.kind === kind && (fault.target === target || fault.target === "*"));

const key = (label, order, extra = {}) => make("button", { type: "button", ...asks(order), ...extra }, label);
const facts = (rows) => make("dl", { class: "facts" }, ...rows.filter(Boolean).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
const sentence = (text) => text.replaceAll("`", "").replaceAll("_", " ");

function toggle(plant, kind, target, label = words(kind)) {
  const on = isOn(plant, kind, target);
  return make("button", { type: "button", class: `fault ${on ? "is-on" : ""}`, id: `toggle-${kind}-${target}`, "aria-pressed": String(on), ...asks(on ? { mend: { kind, target } } : { cause: { kind, target } }) },
    make("span", { class: "mark", "aria-hidden": "true" }, on ? "✕" : "○"), make("span", {}, label));
}

// Every kind of fault that is possible at one of these places, as switches.
function trouble({ plant, kinds }, places, heading = "What can go wrong here") {
  const rows = [...kinds.values()].flatMap((kind) => [...new Set(places)].filter((place) => kind.places.some(({ id }) => id === place)).map((place) => [kind, place]));
  if (!rows.length) return [];
  const several = (kind) => rows.filter(([one]) => one === kind).length > 1;
  return [make("h3", {}, heading), make("ul", { class: "switches" }, ...rows.map(([kind, place]) => {
    const button = toggle(plant, kind.kind, place, several(kind) ? `${words(kind.kind)}: ${kind.places.find(({ id }) => id === place).name || place}` : words(kind.kind));
    button.title = sentence(kind.sentence);
    return make("li", {}, button);
  }))];
}

// --- scales

function face(scale) {
  if (scale.state === "off") return "dark: it has no power";
  if (scale.state === "broken") return "Error";
  if (scale.state !== "weight") return scale.state === "over" ? "over its range" : "under its range";
  return `${scale.digits} ${scale.unit} ${scale.is_steady ? "· steady" : "· moving"}`;
}

function scaleOf({ plant }, scale) {
  if (!scale) return [];
  return [make("div", { class: "scale-face" }, make("span", { class: "small" }, `${scale.id} shows`), make("output", { id: "scale-face" }, face(scale))),
    toggle(plant, "scale_overloaded", scale.id, isOn(plant, "scale_overloaded", scale.id) ? "Take the hand away" : "Lean a hand on it")];
}

// --- one panel for each kind of thing

function pocketPanel(scene, pocket) {
  const { plant, boxes } = scene;
  const drawer = plant.drawers.find((one) => one.id === pocket.drawer);
  const reach = drawer.is_open && pocket.lid !== "shut";
  const scale = plant.scales.find((one) => one.pockets.includes(pocket.id));
  const at = (gesture) => ({ pocket: pocket.id, ...gesture });
  const off = { disabled: !reach };
  return [
    make("h2", {}, pocket.label || "Nothing assigned"),
    facts([["pocket", `${pocket.id}, ${drawer.name}`], ["pieces", make("span", { id: "pieces" }, String(pocket.pieces))], pocket.is_seen === null ? null : ["photo-eye", pocket.is_seen ? "sees something" : "sees nothing"],
      ["in reach", reach ? "yes" : drawer.is_open ? "no: the lid is shut" : "no: the drawer is shut"]]),
    make("div", { class: "keys" },
      key("Take 1", at({ act: "take", units: 1 }), { id: "take-1", ...off }), key("Put 1", at({ act: "put", units: 1 }), { id: "put-1", ...off }),
      key("Take 5", at({ act: "take", units: 5 }), { id: "take-5", ...off }), key("Put 5", at({ act: "put", units: 5 }), { id: "put-5", ...off }),
      pocket.lid ? key("Lift lid", at({ act: "lift_lid" }), { id: "lift-lid", disabled: pocket.lid === "open" || !drawer.is_open }) : null,
      pocket.lid ? key("Close lid", at({ act: "close_lid" }), { id: "close-lid", disabled: pocket.lid === "shut" || !drawer.is_open }) : null,
      pocket.lid ? key("Force lid", at({ act: "force_lid" }), { id: "force-lid", class: "is-stop", disabled: pocket.lid === "open" || !drawer.is_open }) : null),
    ...pocket.strangers.map((one) => key(`Take out ${one.pieces} × ${one.label}`, at({ act: "take", units: one.pieces, item: one.item }), { class: "is-stop", ...off })),
    make("h3", {}, "Put something in, right or wrong"),
    make("form", { class: "show", id: `put-form-${pocket.id}`, "data-form": "put" },
      make("label", { class: "field" }, make("span", {}, "Item"), make("select", { id: `what-${pocket.id}`, name: "what" }, ...boxes.map((box) => make("option", { value: box.id, selected: box.id === pocket.item }, `${box.label} ${box.form}`)))),
      make("div", { class: "two" }, make("label", { class: "field" }, make("span", {}, "Lot"), make("input", { name: "lot", maxlength: 40, autocomplete: "off" })), make("button", { type: "submit", ...off }, "Put it in"))),
    ...scaleOf(scene, scale),
    ...trouble(scene, [pocket.id, pocket.lock, ...pocket.switches, pocket.light, scale?.id].filter(Boolean)),
  ];
}

function drawerPanel(scene, drawer) {
  const board = (channel) => channel.split(":")[0];
  return [
    make("h2", {}, drawer.name),
    facts([["it is", drawer.is_open ? "open" : drawer.is_released ? "shut, bolt drawn" : "shut and latched"], ["its coil", drawer.is_energised ? "has current" : "rests"], ["wired to", `lock ${drawer.lock}, switch ${drawer.switches.join(", ") || "none"}`],
      drawer.milli_c === null ? null : ["probe", `${(drawer.milli_c / 1000).toFixed(1)} °C`]]),
    make("div", { class: "keys" }, key("Pull", { act: "pull", drawer: drawer.id }, { id: "pull", disabled: drawer.is_open }), key("Push shut", { act: "push", drawer: drawer.id }, { id: "push", disabled: !drawer.is_open }),
      key("Force open", { act: "force", drawer: drawer.id }, { id: "force", class: "is-stop", disabled: drawer.is_open })),
    ...trouble(scene, [drawer.id, drawer.lock, ...drawer.switches]),
    ...trouble(scene, [board(drawer.lock)], `Its board, ${board(drawer.lock)}`),
  ];
}

function readerPanel(scene, reader) {
  const people = scene.badges.map((one) => key(make("span", { class: "card-of" }, make("b", {}, one.name), make("span", { class: "small" }, words(one.role))), { act: "show_badge", badge: one.badge, device: reader.id }, { class: "badge", id: `badge-${one.badge}` }));
  return [
    make("h2", {}, "Hold a badge to the reader"),
    facts([["light", reader.light], ["channel", reader.is_secure ? "secure" : "not secure"], ["beeps", String(reader.beeps)]]),
    people.length ? make("div", { class: "badges" }, ...people) : null,
    make("form", { class: "show", id: "badge-form", "data-form": "badge" }, make("div", { class: "two" }, make("label", { class: "field" }, make("span", {}, "Number"), make("input", { id: "badge", name: "badge", inputmode: "numeric", pattern: "[0-9]{1,10}", required: true, autocomplete: "off" })), make("button", { type: "submit", id: "show-badge" }, "Hold"))),
    ...trouble(scene, [reader.id]),
  ];
}

function scannerPanel(scene, id) {
  const coded = scene.boxes.filter((box) => box.code);
  return [
    make("h2", {}, "Hold a package to the scanner"),
    make("form", { class: "show", id: "code-form", "data-form": "scan", "data-device": id },
      make("label", { class: "field" }, make("span", {}, "Box"), make("select", { id: "package", name: "package" }, ...coded.map((box) => make("option", { value: box.code.replaceAll("\u001d", "<GS>") }, `${box.label} ${box.form}`)))),
      make("label", { class: "field" }, make("span", {}, "Code"), make("input", { id: "code", name: "code", title: "as the scanner reads it, <GS> between fields; empty: the box's own", autocomplete: "off" })),
      make("button", { type: "submit", id: "scan" }, "Scan it")),
    ...trouble(scene, [id]),
  ];
}

function binPanel({ plant, boxes }) {
  return [
    make("h2", {}, "Return bin"),
    make("p", { class: "small quiet" }, "What is dropped through its slot is out of reach, and nothing senses it."),
    plant.bin.length ? make("ul", { class: "plain" }, ...plant.bin.map((one) => make("li", {}, `${one.pieces} × ${one.label}`))) : make("p", {}, "It is empty."),
    make("form", { class: "show", id: "drop-form", "data-form": "drop" },
      make("label", { class: "field" }, make("span", {}, "What"), make("select", { id: "dropped", name: "what" }, ...boxes.map((box) => make("option", { value: box.id }, `${box.label} ${box.form}`)))), make("button", { type: "submit" }, "Drop one in")),
    key("Empty it", { act: "empty_bin" }, { id: "empty-bin", disabled: !plant.bin.length }),
  ];
}

function boardPanel(scene, id) {
  const { plant } = scene;
  const wires = plant.wiring.find((one) => one.boards.some((board) => board.id === id));
  const supply = plant.supplies.find((one) => one.id === id);
  const scale = plant.scales.find((one) => one.id === id);
  return [
    make("h2", {}, id),
    facts([["model", words(wires.boards.find((board) => board.id === id).model)], ["line", wires.bus], scale ? ["carries", scale.pockets.join(", ") || "nothing"] : null,
      supply ? ["battery", `${supply.percent} %, ${Math.floor(supply.left_s / 60)} min`] : null]),
    ...scaleOf(scene, scale),
    ...trouble(scene, [id]),
    ...trouble(scene, [wires.bus], `Its line, ${wires.bus}`),
  ];
}

const HOW = [
  ["Pull", "a drawer by its handle; a latched one holds. Touch its name to force or jam it."],
  ["Touch", "a pocket to take and put pieces, the right ones or wrong ones."],
  ["Show", "a badge or a package: touch reader or scanner at the top."],
  ["Break", "a cable, the mains or a board at the back; every other fault stands below."],
];

const start = () => [make("h2", {}, "You are the hand"), make("dl", { class: "facts is-how" }, ...HOW.flatMap(([word, rest]) => [make("dt", {}, make("b", {}, word)), make("dd", {}, rest)]))];

export function panel(scene) {
  const { plant, chosen } = scene;
  const one = (list) => list.find((thing) => thing.id === chosen.id);
  switch (chosen?.kind) {
    case "pocket": return pocketPanel(scene, one(plant.pockets));
    case "drawer": return drawerPanel(scene, one(plant.drawers));
    case "reader": return readerPanel(scene, one(plant.readers));
    case "scanner": return scannerPanel(scene, chosen.id);
    case "bin": return binPanel(scene);
    case "board": return boardPanel(scene, chosen.id);
    default: return start();
  }
}
