// The front of the cabinet: head with reader, scanner and return slot, drawers that slide out, a fridge whose door swings, pockets seen from above.

import { asks, make } from "/web/dom.js";
import { pile } from "/web/piece.js";

const pressed = (chosen, kind, id) => String(chosen?.kind === kind && chosen.id === id);
const select = (kind, id) => ({ "data-choose": JSON.stringify({ kind, id }) });
const degrees = (milli) => `${(milli / 1000).toFixed(1)} °C`;

function led(name, isOn, words) {
  return make("span", { class: `led ${isOn ? `is-${name}` : ""}`, title: words, "aria-hidden": "true" });
}

// --- the head: what is shown to the cabinet

function head({ plant, chosen, boxes }) {
  const object = (kind, id, name, state, picture) => make("button", { type: "button", class: `object is-${kind}`, id: `${kind}-${id}`, "aria-pressed": pressed(chosen, kind, id), ...select(kind, id) },
    picture, make("span", { class: "what" }, make("b", {}, name), make("span", { class: "small" }, state)));
  const readers = plant.readers.map((one) => object("reader", one.id, "Badge reader", `light ${one.light}`, make("span", { class: "reader-face", "aria-hidden": "true" }, led(`reads-${one.light}`, one.light !== "off", `light ${one.light}`))));
  const scanners = plant.scanners.map((id) => object("scanner", id, "Scanner", "hold a package to it", make("span", { class: "scanner-face", "aria-hidden": "true" })));
  const dropped = plant.bin.reduce((sum, one) => sum + one.pieces, 0);
  const bin = object("bin", "bin", "Return bin", dropped ? `${dropped} in it` : "empty", make("span", { class: "slot", "aria-hidden": "true" }));
  return make("div", { class: "head", role: "group", "aria-label": "Badge reader, scanner, return bin" }, ...readers, ...scanners, bin);
}

// --- pockets

function pocketState(pocket) {
  if (pocket.lid === "open") return "lid stands open";
  if (pocket.lid === "shut") return pocket.is_lid_released ? "lid free" : "lid latched";
  return "";
}

function drawPocket(pocket, { chosen, isOpen, isGlass }) {
  const isReachable = isOpen && pocket.lid !== "shut";
  const isCovered = pocket.lid === "shut" && !isGlass;
  const marks = ["pocket", pocket.is_lit && "is-lit", pocket.lid && `has-lid is-lid-${pocket.lid}`, isCovered && "is-covered", isReachable && "is-reachable"];
  const strange = pocket.strangers.length > 0;
  const lid = pocket.lid ? make("span", { class: "lid", "aria-hidden": "true" }, led("hot", pocket.is_lid_energised, "lock of the lid")) : null;
  const words = [pocket.label || "nothing assigned", isCovered ? "" : `${pocket.pieces} in it`, pocketState(pocket), pocket.is_lit ? "guide light on" : "", strange ? "a wrong item in it" : ""];
  return make("button", { type: "button", class: marks.filter(Boolean).join(" "), id: `pocket-${pocket.id}`, "aria-label": `Pocket ${pocket.id}: ${words.filter(Boolean).join(", ")}`,
    "aria-pressed": pressed(chosen, "pocket", pocket.id), ...select("pocket", pocket.id) },
  make("span", { class: "pile" }, ...(isCovered ? [] : pile(pocket))), lid,
  make("span", { class: "strip" },
    make("span", { class: "label" }, pocket.label || "—"),
    make("span", { class: "line" }, make("span", {}, pocket.id), make("span", { class: "marks" }, pocket.is_lit ? "◉ light" : "", strange ? " ⚠ wrong item" : ""), isCovered ? make("span", { class: "shut" }, "lid shut") : make("b", { class: "pieces" }, String(pocket.pieces)))));
}

// --- drawers and doors

function drawerState(drawer) {
  if (drawer.is_open) return ["is-open", drawer.kind === "fridge" ? "door open" : "open"];
  return drawer.is_released ? ["is-soon", "released"] : ["is-ok", "latched"];
}

function handle(drawer) {
  const door = drawer.kind === "fridge";
  const word = drawer.is_open ? (door ? "Push door shut" : "Push shut") : "Pull";
  return make("button", { type: "button", class: "handle", id: `handle-${drawer.id}`, "aria-label": `${word}: ${drawer.name}`, ...asks({ act: drawer.is_open ? "push" : "pull", drawer: drawer.id }) },
    make("span", { class: "bar", "aria-hidden": "true" }), make("span", { class: "word" }, word));
}

function drawDrawer(drawer, scene) {
  const { plant, chosen, isGlass } = scene;
  const [mark, word] = drawerState(drawer);
  const pockets = drawer.pockets.map((id) => plant.pockets.find((pocket) => pocket.id === id));
  const lit = pockets.some((pocket) => pocket.is_lit);
  const isShown = drawer.is_open || isGlass;
  const classes = ["drawer", `is-${drawer.kind}`, drawer.is_open && "stands-open", !drawer.is_open && isGlass && "is-glass", drawer.is_released && "is-free"];
  return make("section", { class: classes.filter(Boolean).join(" "), id: `drawer-${drawer.id}`, "aria-label": drawer.name },
    make("div", { class: "tray", ...(isShown ? {} : { inert: true }) }, make("div", { class: "well", style: `--columns: ${Math.min(5, pockets.length > 4 ? Math.ceil(pockets.length / 2) : pockets.length)}` }, ...pockets.map((pocket) => drawPocket(pocket, { chosen, isOpen: drawer.is_open, isGlass })))),
    make("div", { class: "front" },
      make("button", { type: "button", class: "plate", id: `plate-${drawer.id}`, "aria-pressed": pressed(chosen, "drawer", drawer.id), "aria-label": `${drawer.name}: ${word}. What can be done to it`, ...select("drawer", drawer.id) },
        make("b", {}, drawer.name), drawer.milli_c === null ? null : make("span", { class: "thermometer" }, degrees(drawer.milli_c))),
      handle(drawer),
      make("span", { class: "lock" }, lit && !isShown ? make("span", { class: "small" }, "◉ light inside") : null, led("hot", drawer.is_energised, drawer.is_energised ? "lock's coil has current" : "lock's coil rests"), make("span", { class: `status ${mark}` }, word))));
}

export function front(scene) {
  return [head(scene), ...scene.plant.drawers.map((drawer) => drawDrawer(drawer, scene)), make("div", { class: "plinth", "aria-hidden": "true" })];
}
