// What is broken now, and the finder for every kind of fault: by any part of its name, its sentence or a place.

import { asks, make, morphInside } from "/web/dom.js";

const at = (id) => document.getElementById(id);
const KNOBS = { delay_ms: ["Later by", "ms"], rate_mg_per_h: ["Rate", "mg/h"], rate_mg_per_k: ["Rate", "mg/K"], mass_mg: ["Mass", "mg"] };
const called = (id, name) => (name ? `${id} · ${name}` : id);

function drawFault(fault, kinds) {
  const kind = kinds.get(fault.kind);
  const name = kind?.places.find(({ id }) => id === fault.target)?.name;
  const where = fault.target === "*" ? "everywhere" : called(fault.target, name);
  const knob = KNOBS[kind?.knob] ? `, ${fault[kind.knob]} ${KNOBS[kind.knob][1]}` : "";
  const often = fault.probability < 1 ? `, 1 in ${Math.round(1 / fault.probability)}` : "";
  return make("li", {}, make("button", { type: "button", id: `fault-${fault.kind}-${fault.target}`, title: kind?.sentence ?? "", ...asks({ mend: { kind: fault.kind, target: fault.target } }) },
    make("span", {}, make("b", {}, fault.kind.replaceAll("_", " ")), make("br"), `${where}${knob}${often}`, make("span", { class: "quiet" }, fault.has_struck ? " · has shown" : " · not felt yet")), make("span", { class: "do" }, "Mend")));
}

export function drawBroken(faults, kinds) {
  at("faulty").textContent = faults.length ? `Broken now: ${faults.length}` : "Nothing is broken.";
  at("mend").disabled = !faults.length;
  morphInside(at("broken"), faults.map((fault) => drawFault(fault, kinds)));
}

// What is impossible in this cabinet is not offered.
export function offerKinds(kinds, chosen) {
  const wanted = at("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (kind) => wanted.every((word) => [kind.kind.replaceAll("_", " "), kind.group, kind.sentence, ...kind.places.flatMap(({ id, name }) => [id, name])].some((text) => text.toLowerCase().includes(word)));
  const before = at("kind").value;
  const groups = new Map();
  for (const kind of kinds.values()) {
    if (!kind.places.length || !fits(kind)) continue;
    if (!groups.has(kind.group)) groups.set(kind.group, make("optgroup", { label: kind.group }));
    groups.get(kind.group).append(make("option", { value: kind.kind }, kind.kind.replaceAll("_", " ")));
  }
  at("kind").replaceChildren(...groups.values());
  if (at("kind").querySelector(`[value="${before}"]`)) at("kind").value = before;
  offerPlaces(kinds, chosen);
}

// Where: the place that is searched, that was just touched, or that stood there before, if this kind is possible there.
export function offerPlaces(kinds, chosen, isTouched = false) {
  const kind = kinds.get(at("kind").value);
  at("cause").disabled = !kind;
  if (!kind) { at("sentence").textContent = "No kind of fault fits these words."; at("target").replaceChildren(); at("knob-field").hidden = true; return; }
  const before = at("target").value;
  at("sentence").textContent = kind.sentence.replaceAll("`", "").replaceAll("_", " ") + ".";
  at("target").replaceChildren(...kind.places.map(({ id, name }) => make("option", { value: id }, called(id, name))));
  const words = at("find").value.toLowerCase().split(/\s+/);
  const liked = [isTouched && chosen?.id, before, chosen?.id, chosen?.drawer].find((id) => kind.places.some((place) => place.id === id));
  at("target").value = kind.places.find(({ id }) => words.includes(id))?.id ?? liked ?? kind.places[0].id;
  const [name, unit] = KNOBS[kind.knob] ?? ["", ""];
  at("knob-field").hidden = !kind.knob;
  at("knob-name").textContent = name;
  at("knob-unit").textContent = unit;
  at("knob").value = kind.usual ?? "";
}

export function chosenFault(kinds) {
  const kind = kinds.get(at("kind").value);
  const fault = { kind: kind.kind, target: at("target").value, probability: Number(at("probability").value) };
  return kind.knob ? { ...fault, [kind.knob]: Number(at("knob").value) } : fault;
}
