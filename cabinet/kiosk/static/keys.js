// Fingers instead of a keyboard: keypads, steppers, and lists that are longer than the screen.
// Knows nothing about what is typed, or for what.
"use strict";

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// --- keypads: the field that was touched last is the one that is typed into

const MASKS = { date: "0000-00-00", moment: "0000-00-00 00:00" };

let field = null;
let isPrefilled = false; // what the cabinet suggests is replaced by the first key, not added to

function choose(input) {
  field = input;
  isPrefilled = input.dataset.pad === "digits" && input.value !== "" && input.value === input.defaultValue;
  if (isPrefilled) input.select();
  const form = input.closest("form");
  const kind = input.dataset.pad in MASKS ? "digits" : input.dataset.pad;
  if (all(".pad", form).length > 1) all(".pad", form).forEach((pad) => { pad.hidden = !pad.classList.contains(kind); });
  all("[data-pad]", form).forEach((other) => other.classList.toggle("is-chosen", other === input));
  if (input.closest(".check")) showPad(one(".pad:not([hidden])", form));
}

// A pad that comes with its field takes room: the keys are brought into sight, and the list that became longer gets its buttons.
function showPad(pad) {
  addScrollButtons();
  pad?.scrollIntoView({ block: "nearest" });
  field.scrollIntoView({ block: "nearest" }); // which is looked at even where both are taller than the glass
}

function type(key) {
  if (!field) return;
  if (isPrefilled && key !== "back") field.value = "";
  isPrefilled = false;
  if (key === "clear") field.value = "";
  else if (key === "back") field.value = field.value.slice(0, -1);
  else if (key === "." && field.value.includes(".")) return;
  else if (field.maxLength < 0 || field.value.length < field.maxLength) field.value += "upper" in field.dataset ? key.toUpperCase() : key;
  if (field.dataset.pad in MASKS) field.value = masked(field.value, MASKS[field.dataset.pad], key === "back");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function masked(text, mask, isShorter) {
  const figures = [...text.replace(/\D/g, "")];
  let whole = "";
  for (const sign of mask) {
    if (!figures.length && (sign === "0" || isShorter)) break;
    whole += sign === "0" ? figures.shift() : sign;
  }
  return whole;
}

function step(button) {
  const input = one("input", button.parentElement);
  input.value = Math.max(Number(input.min) || 0, (parseInt(input.value, 10) || 0) + Number(button.dataset.step));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.key) type(button.dataset.key);
  if (button.dataset.step) step(button);
  if (button.dataset.scroll) scrollBy(button);
});

document.addEventListener("focusin", (event) => { if (event.target.matches("[data-pad]")) choose(event.target); });

document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("form");
  if (!form || !one(".check", form) && !form.matches(".check") || form.contains(event.relatedTarget)) return;
  all(".is-chosen", form).forEach((other) => other.classList.remove("is-chosen"));
});

document.addEventListener("input", (event) => {
  const echo = one(`[data-echo="${event.target.name}"]`, event.target.form || document);
  if (echo) echo.textContent = event.target.value;
});

// A badge reader types the badge and Enter: go on to the PIN instead of sending the form.
document.addEventListener("keydown", (event) => {
  const next = event.key === "Enter" && event.target.dataset && event.target.dataset.next;
  if (!next) return;
  event.preventDefault();
  event.target.form.elements[next].focus();
});

// --- lists that are longer than the screen: buttons instead of dragging

function scrollBy(button) {
  const list = button.closest(".scroll-box").querySelector(".scroll");
  list.scrollTop += Number(button.dataset.scroll) * list.clientHeight * 0.8;
}

const known = new Map(); // a page's name and a list's place on it -> whether it was longer than the screen when it last stood there

const lists = (within) => all(".scroll", within).map((list, place) => [list, `${document.body.dataset.screen} ${place}`]);

function addScrollButtons() {
  const seen = lists(document).map(([list, name]) => [list, name, list.scrollHeight > list.clientHeight + 4]); // all are read before any is changed
  for (const [list, name, isLong] of seen) {
    known.set(name, isLong);
    const box = list.closest(".scroll-box") || (isLong ? boxed(list) : null);
    if (box) one(".scroll-buttons", box).hidden = !isLong;
  }
}

// A list that is put into its box while it is on the screen is laid out twice.
function boxKnownLists(main) {
  for (const [list, name] of lists(main)) if (known.get(name)) boxed(list);
}

function boxed(list) {
  const held = list.contains(document.activeElement) ? document.activeElement : null;
  const box = document.createElement("div");
  box.className = "scroll-box";
  list.replaceWith(box);
  box.append(list);
  const buttons = document.createElement("div");
  buttons.className = "scroll-buttons";
  buttons.innerHTML = '<button type="button" data-scroll="-1" >▲</button><button type="button" data-scroll="1">▼</button>';
  const [up, down] = all("button", buttons);
  up.setAttribute("aria-label", document.body.dataset.up);
  down.setAttribute("aria-label", document.body.dataset.down);
  box.append(buttons);
  held?.focus({ preventScroll: true }); // what moves loses the focus, and its keys with it
  return box;
}
window.addEventListener("resize", addScrollButtons);
