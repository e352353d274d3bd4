// One piece as it looks from above or lying on its side, by the word for its form. Knows shapes, and nothing of medicines.

import { make } from "/web/dom.js";

const MOST = 24; // more than these are told by number alone

const vial = () => [make("rect", { x: 4, y: 1, width: 8, height: 5, rx: 1, class: "cap" }), make("rect", { x: 2, y: 6, width: 12, height: 17, rx: 2.5 }), make("rect", { x: 2, y: 11, width: 12, height: 7, class: "mark" })];
const round = () => [make("circle", { cx: 8, cy: 8, r: 7 }), make("path", { d: "M3 8h10", class: "mark-line" })];
const syringe = () => [make("rect", { x: 5, y: 6, width: 6, height: 16, rx: 1 }), make("path", { d: "M8 1v5M4 23h8M8 22v4M5 26h6", class: "mark-line" }), make("rect", { x: 5, y: 11, width: 6, height: 6, class: "mark" })];
const pen = () => [make("rect", { x: 4, y: 1, width: 8, height: 26, rx: 4 }), make("rect", { x: 4, y: 9, width: 8, height: 9, class: "mark" }), make("rect", { x: 5.5, y: 1, width: 5, height: 4, rx: 1, class: "cap" })];
const tube = () => [make("path", { d: "M2 1h12l-2 20H4z" }), make("rect", { x: 5, y: 21, width: 6, height: 5, rx: 1, class: "cap" }), make("path", { d: "M3.5 8h9", class: "mark-line" })];
const inhaler = () => [make("path", { d: "M3 6h9v13H3zM12 14h5v6H3v-3" }), make("rect", { x: 4.5, y: 1, width: 6, height: 6, rx: 1.5, class: "cap" })];
const bottle = () => [make("rect", { x: 7, y: 1, width: 8, height: 5, rx: 1, class: "cap" }), make("path", { d: "M7 6h8v3l4 4v17a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V13l4-4z" }), make("rect", { x: 3, y: 16, width: 16, height: 9, class: "mark" })];
const kit = () => [make("rect", { x: 1, y: 5, width: 34, height: 22, rx: 3 }), make("path", { d: "M12 5V2h12v3M18 11v10M13 16h10", class: "mark-line" })];
const box = () => [make("rect", { x: 1, y: 3, width: 16, height: 16, rx: 1.5 }), make("path", { d: "M1 8h16M9 3v5", class: "mark-line" })];

const FORMS = [ // the first word that the form holds counts
  [/kit|tray/, kit, 36, 30], [/solution|syrup|suspension|drops|gel/, bottle, 22, 34], [/tab|film|capsule|patch|lozenge/, round, 16, 16], [/pen/, pen, 16, 28],
  [/syringe|flush/, syringe, 16, 28], [/inhaler|spray|neb/, inhaler, 18, 22], [/cream|ointment/, tube, 16, 28], [/vial|amp/, vial, 16, 24],
];

function shape(form) {
  const [, draw, width, height] = FORMS.find(([word]) => word.test(form)) ?? [null, box, 18, 21];
  return { draw, width, height, isLiquid: draw === bottle };
}

function one(form, extra = "") {
  const { draw, width, height } = shape(form);
  return make("svg", { class: `piece ${extra}`, viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" }, ...draw());
}

// Everything that lies in a pocket: its own pieces, and those that belong elsewhere.
export function pile(pocket) {
  const strange = pocket.strangers.reduce((sum, one) => sum + one.pieces, 0);
  const own = pocket.pieces - strange;
  const drawn = shape(pocket.form).isLiquid ? Math.min(1, own) : Math.min(own, MOST);
  return [...Array.from({ length: drawn }, () => one(pocket.form)), ...Array.from({ length: Math.min(strange, MOST) }, () => one("", "is-strange"))];
}
