// Each part of the page names where it comes from (data-part) and what it shows (data-topics); the stream says what changed.
"use strict";

const line = document.getElementById("line");

function measure(root) {
  for (const fill of root.querySelectorAll("[data-share]")) fill.style.width = fill.dataset.share + "%";
  for (const tick of root.querySelectorAll("[data-at]")) tick.style.left = tick.dataset.at + "%";
}

function say(word, mark) {
  line.textContent = word;
  line.className = "status " + mark;
}

async function refresh(part) {
  const answer = await fetch(part.dataset.part);
  if (!answer.ok) return;
  const box = document.createElement("template");
  box.innerHTML = await answer.text();
  const fresh = box.content.firstElementChild;
  measure(fresh);
  fresh.classList.add("is-new");
  part.replaceWith(fresh);
}

function changed(changes) {
  const cabinets = Object.keys(changes);
  if (cabinets.some((id) => !document.querySelector(`[data-cabinet="${CSS.escape(id)}"]`))) {
    location.reload();
    return;
  }
  for (const part of document.querySelectorAll("[data-part]")) {
    const own = part.dataset.cabinet === undefined ? cabinets : [part.dataset.cabinet];
    const topics = part.dataset.topics.split(" ");
    if (own.some((id) => (changes[id] || []).some((what) => topics.includes(what)))) refresh(part);
  }
}

measure(document);
const stream = new EventSource("/api/v1/events");
let wasLost = false;
stream.onopen = () => {
  say("live", "is-online");
  if (wasLost) document.querySelectorAll("[data-part]").forEach(refresh);
  wasLost = false;
};
stream.onerror = () => {
  say("line lost, what you see may be old", "is-lost");
  wasLost = true;
};
stream.addEventListener("changed", (event) => changed(JSON.parse(event.data)));
setInterval(() => document.querySelectorAll("[data-part]").forEach(refresh), 60000);
