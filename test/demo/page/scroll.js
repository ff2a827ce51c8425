// Keeps a message list at its end while the reader is there, and leaves it alone when they have scrolled up.

/** Nearer to the end than this counts as being there, px. */
const NEAR_END = 80;
/** Where each channel's reader is: whether at the end. @type {Map<string, boolean>} */
const atEnd = new Map();

/** @type {WeakMap<Element, ResizeObserver>} */
const watching = new WeakMap();

/** Starts at the end, and stays there when the composer or a card grows. @param {HTMLElement} el @param {string} key */
export function follow(el, key) {
  atEnd.set(key, true);
  stay(el, key);
  const observer = new ResizeObserver(() => stay(el, key));
  for (const one of [el, ...el.children]) observer.observe(one);
  watching.set(el, observer);
}

/** @param {HTMLElement} el @param {string} key */
export function stay(el, key) {
  if (atEnd.get(key)) el.scrollTop = el.scrollHeight;
}

/** @param {HTMLElement} el @param {string} key */
export function scrolled(el, key) {
  atEnd.set(key, el.scrollHeight - el.scrollTop - el.clientHeight < NEAR_END);
}

/** What the person sent is where they look next. @param {string} key */
export function jumpToEnd(key) {
  atEnd.set(key, true);
}

/** @param {Element} el */
export function leave(el) {
  watching.get(el)?.disconnect();
}
