// The back of the cabinet: the mains plug and its battery, and one cable for each line with the boards that hang on it.

import { asks, make } from "/web/dom.js";

const isOn = (plant, kind, target) => plant.faults.some((fault) => fault.kind === kind && (fault.target === target || fault.target === "*"));
const toggle = (plant, kind, target) => asks(isOn(plant, kind, target) ? { mend: { kind, target } } : { cause: { kind, target } });
const pressed = (chosen, kind, id) => String(chosen?.kind === kind && chosen.id === id);

function plug(isOut) { // a plug in its socket, or beside it
  const shift = isOut ? 9 : 0;
  return make("svg", { class: "plug", viewBox: "0 0 46 26", width: 46, height: 26, "aria-hidden": "true" },
    make("rect", { x: 1, y: 3, width: 16, height: 20, rx: 3, class: "socket" }), make("path", { d: `M${12 + shift} 9h6M${12 + shift} 17h6`, class: "pin" }),
    make("rect", { x: 18 + shift, y: 5, width: 11, height: 16, rx: 3, class: "body" }), make("path", { d: `M${29 + shift} 13H46`, class: "cord" }));
}

function supply({ plant, chosen }, one) {
  const minutes = Math.floor(one.left_s / 60);
  return make("div", { class: "cable is-mains" },
    make("button", { type: "button", class: "pull", id: `mains-${one.id}`, "aria-label": one.is_on_mains ? "Cut the mains" : "Bring the mains back", ...toggle(plant, "mains_lost", one.id) },
      plug(!one.is_on_mains), make("span", { class: "what" }, make("b", {}, "Mains"), make("span", { class: `status ${one.is_on_mains ? "is-ok" : "is-open"}` }, one.is_on_mains ? "there" : "cut"))),
    make("button", { type: "button", class: "chip battery", id: `supply-${one.id}`, "aria-pressed": pressed(chosen, "board", one.id), "data-choose": JSON.stringify({ kind: "board", id: one.id }) },
      make("span", { class: "charge", "aria-hidden": "true" }, make("span", { style: `inline-size:${one.percent}%` })), `battery ${one.percent} %, ${minutes} min`));
}

function cable({ plant, chosen }, wires) {
  const isOut = isOn(plant, "line_unplugged", wires.bus);
  const isDead = isOn(plant, "line_dead", wires.bus);
  const boards = wires.boards.map((board) => {
    const isDark = isOn(plant, "board_silent", board.id);
    const broken = plant.faults.some((fault) => fault.target === board.id || fault.target.startsWith(`${board.id}:`));
    return make("button", { type: "button", class: `chip ${isDark ? "is-dark" : ""}`, id: `board-${board.id}`, title: board.model, "aria-pressed": pressed(chosen, "board", board.id), "data-choose": JSON.stringify({ kind: "board", id: board.id }) },
      `${isDark ? "✕ " : broken ? "⚠ " : ""}${board.id}`);
  });
  return make("div", { class: "cable" },
    make("button", { type: "button", class: "pull", id: `cable-${wires.bus}`, "aria-label": `${isOut ? "Plug in" : "Pull out"} the cable of line ${wires.bus}`, ...toggle(plant, "line_unplugged", wires.bus) },
      plug(isOut), make("span", { class: "what" }, make("b", {}, wires.bus), make("span", { class: `status ${isOut || isDead ? "is-open" : "is-ok"}` }, isOut ? "pulled" : isDead ? "dead" : "plugged"))),
    make("div", { class: "boards" }, ...boards));
}

export function back(scene) {
  const supplies = new Set(scene.plant.supplies.map((one) => one.id));
  return [make("h2", {}, "Back: cables and power"),
    make("div", { class: "cables" }, ...scene.plant.supplies.map((one) => supply(scene, one)),
      ...scene.plant.wiring.filter((wires) => !wires.boards.every((board) => supplies.has(board.id))).map((wires) => cable(scene, wires)))];
}
