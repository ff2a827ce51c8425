// Keeps a message list at its end while the reader is there, and leaves it alone when they have scrolled up.

/** Nearer to the end than this counts as being there, px. */
const NEAR_END = 80;
/** Whether each channel's reader is at the end, and where the list stood when we last moved it. @type {Map<string, { end: boolean, top: number }>} */
const readers = new Map();
/** @type {WeakMap<Element, ResizeObserver>} */
const watching = new WeakMap();

/** Starts at the end, and stays there when the composer or a card grows. @param {HTMLElement} el @param {string} key */
export function follow(el, key) {
  jumpToEnd(key);
  stay(el, key);
  const observer = new ResizeObserver(() => stay(el, key));
  for (const one of [el, ...el.children]) observer.observe(one);
  watching.set(el, observer);
}

/** @param {HTMLElement} el @param {string} key */
export function stay(el, key) {
  const reader = readers.get(key);
  if (!reader?.end) return;
  // The scroll event comes later than the scrolling: somebody may already be on their way up.
  if (el.scrollTop < reader.top - 1 && !isNearEnd(el)) return void (reader.end = false);
  el.scrollTop = el.scrollHeight;
  reader.top = el.scrollTop;
}

/** @param {HTMLElement} el @param {string} key */
export function scrolled(el, key) {
  readers.set(key, { end: isNearEnd(el), top: el.scrollTop });
}

/** What the person sent is where they look next. @param {string} key */
export function jumpToEnd(key) {
  readers.set(key, { end: true, top: 0 });
}

/** @param {Element} el */
export function leave(el) {
  watching.get(el)?.disconnect();
}

/** @param {HTMLElement} el */
function isNearEnd(el) {
  return el.scrollHeight - el.scrollTop - el.clientHeight < NEAR_END;
}
