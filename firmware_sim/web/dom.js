// Elements made from words, and a drawn tree brought to the state of a new one without losing focus, scroll or a running motion.

const SVG = "http://www.w3.org/2000/svg";
const IN_SVG = new Set(["svg", "path", "circle", "rect", "g", "line", "ellipse"]);

export function make(tag, attributes = {}, ...inside) {
  const node = IN_SVG.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...inside.flat().filter((part) => part !== null && part !== false && part !== undefined));
  return node;
}

// What a press of this button asks of the simulator; page.js carries it out.
export const asks = (order) => ({ "data-ask": JSON.stringify(order) });

export function morph(old, fresh) {
  if (old.nodeName !== fresh.nodeName || (old.id || "") !== (fresh.id || "")) return old.replaceWith(fresh);
  if (old.nodeType === Node.TEXT_NODE) { if (old.data !== fresh.data) old.data = fresh.data; return undefined; }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  return morphInside(old, [...fresh.childNodes]);
}

export function morphInside(old, fresh) {
  if (old.nodeName === "SELECT" && old.textContent === fresh.map((node) => node.textContent).join("")) return; // a chosen option stays chosen
  fresh.forEach((node, place) => (old.childNodes[place] ? morph(old.childNodes[place], node) : old.append(node)));
  while (old.childNodes.length > fresh.length) old.lastChild.remove();
}
