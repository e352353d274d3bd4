// What a gloved finger would complain of: targets that are small, out of reach or overlap; text that is squeezed, names that are broken; a page wider than its glass.
async (least) => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))); // a page answers to a new size a frame later
  const all = [...document.querySelectorAll("a, button, select, summary, input:not([type=hidden])")].filter((it) => it.checkVisibility());
  const name = (it) => it.textContent.trim().slice(0, 40) || it.getAttribute("aria-label") || it.name;
  const boxes = all.map((it) => {
    const label = it.matches("input[type=radio], input[type=checkbox]") && it.closest("label");
    return { name: name(it), isInList: Boolean(it.closest(".scroll")), box: (label || it).getBoundingClientRect() };
  });
  const said = [];
  for (const { name, box } of boxes)
    if (box.width < least - 0.5 || box.height < least - 0.5) said.push(`small: ${name} ${box.width} x ${box.height}`);
  const fixed = boxes.filter((it) => !it.isInList);
  for (const { name, box } of fixed)
    if (box.bottom > innerHeight + 1 || box.right > innerWidth + 1 || box.left < -1 || box.top < -1) said.push(`out of reach: ${name}`);
  fixed.forEach((one, index) => fixed.slice(index + 1).forEach((other) => {
    const a = one.box, b = other.box;
    if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
      said.push(`overlapping: ${one.name} / ${other.name}`);
  }));
  for (const it of document.querySelectorAll("main *")) {
    const words = [...it.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data.trim()).join("");
    const box = it.getBoundingClientRect();
    if (words.length > 12 && it.checkVisibility() && !it.closest("svg, select") && box.width < 60 && box.height > 70) said.push(`squeezed: ${words.slice(0, 40)}`);
  }
  for (const it of document.querySelectorAll("main, main .scroll, main .scroll-box, main .card, main .notice, main section, main form")) {
    const box = it.getBoundingClientRect();
    if (it.checkVisibility() && it.scrollWidth > it.clientWidth + 2) said.push(`cut off at its side: ${it.tagName}.${it.className}`);
    if (it.matches(".scroll") && box.bottom > innerHeight + 1) said.push(`a list below the edge: ${it.className}`);
    if (it.matches(".scroll") && it.scrollHeight > it.clientHeight + 4 && !it.closest(".scroll-box")) said.push(`a list that only a drag moves: ${it.className}`);
  }
  const part = document.createRange();
  for (const it of document.querySelectorAll("main .line .name")) {
    const texts = document.createTreeWalker(it, NodeFilter.SHOW_TEXT);
    for (let node = it.checkVisibility() && texts.nextNode(); node; node = texts.nextNode())
      for (const word of node.data.matchAll(/[^\s\-\/]+/g)) {
        part.setStart(node, word.index);
        part.setEnd(node, word.index + word[0].length);
        if (new Set([...part.getClientRects()].map((box) => Math.round(box.top))).size > 1) said.push(`a name that is broken: ${word[0]}`);
      }
  }
  if (document.documentElement.scrollWidth > innerWidth + 1) said.push(`wider than the screen: ${document.documentElement.scrollWidth}`);
  return said;
}
