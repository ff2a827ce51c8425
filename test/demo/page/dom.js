// A very small virtual DOM. The page is described anew after each change and only the differences reach the document,
// so that focus, selection, scroll positions and half-typed text survive every refresh. Content only ever becomes text nodes.

/** @typedef {{ tag: string, props: Record<string, any>, children: VNode[], id: string, el?: Element }} VElement */
/** @typedef {{ text: string, id: string, el?: Text }} VText */
/** @typedef {VElement | VText} VNode */
/** @typedef {VNode | string | number | null | undefined | false | Child[]} Child */

const SVG = new Set(['svg', 'path', 'circle', 'rect', 'line']);
/** Set as properties: the attribute of the same name is only the initial value. */
const LIVE = new Set(['value', 'checked', 'indeterminate', 'disabled', 'open']);
/** Called with the element after it entered the document, after each later pass, and before it leaves. */
const HOOKS = new Set(['mounted', 'updated', 'leaving', 'key']);

/** Everything drawn under a container so far. @type {WeakMap<Element, VNode[]>} */
const drawn = new WeakMap();

/**
 * Describes an element. `key` keeps its identity among its siblings; `on…` are event handlers.
 * @param {string} tag @param {Record<string, any> | null} [props] @param {...Child} children
 * @returns {VElement}
 */
export function h(tag, props, ...children) {
  return { tag, props: props ?? {}, children: identify(children), id: '' };
}

/** Makes the container show `children`. @param {Element} container @param {...Child} children */
export function draw(container, ...children) {
  const after = identify(children);
  const before = drawn.get(container);
  if (!before) container.replaceChildren();
  const focus = pathTo(document.activeElement);
  /** @type {(() => void)[]} */
  const later = [];
  reconcile(container, { before: before ?? [], after, later });
  drawn.set(container, after);
  for (const hook of later) hook();
  keepFocus(focus);
}

/** Flattens, drops the empty ones, and gives each child an identity: its key, or its place among equals. @param {Child[]} children */
function identify(children) {
  /** @type {VNode[]} */
  const nodes = [];
  /** @type {Map<string, number>} */
  const seen = new Map();
  for (const child of /** @type {(VNode | string | number | null | undefined | false)[]} */ (children.flat(9))) {
    if (child === null || child === undefined || child === false || child === '') continue;
    /** @type {VNode} */
    const node = typeof child === 'object' ? child : { text: String(child), id: '' };
    const base = 'text' in node ? '#text' : `${node.tag}|${node.props['key'] ?? ''}`;
    const nth = seen.get(base) ?? 0;
    seen.set(base, nth + 1);
    node.id = `${base}|${nth}`;
    nodes.push(node);
  }
  return nodes;
}

/** @param {Element} parent @param {{ before: VNode[], after: VNode[], later: (() => void)[] }} change */
function reconcile(parent, { before, after, later }) {
  const old = new Map(before.map((node) => [node.id, node]));
  const kept = new Set(after.map((node) => node.id));
  for (const node of before) if (!kept.has(node.id)) remove(node);
  /** @type {ChildNode | null} */
  let cursor = parent.firstChild;
  for (const node of after) {
    const previous = old.get(node.id);
    const el = previous ? update(previous, node, later) : create(node, later);
    if (el === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(el, cursor);
  }
}

/** @param {VNode} node @param {(() => void)[]} later @returns {Element | Text} */
function create(node, later) {
  if ('text' in node) return (node.el = document.createTextNode(node.text));
  const el = SVG.has(node.tag)
    ? document.createElementNS('http://www.w3.org/2000/svg', node.tag)
    : document.createElement(node.tag);
  node.el = el;
  reconcile(el, { before: [], after: node.children, later });
  setProps(el, {}, node.props);
  if (node.props['mounted']) later.push(() => node.props['mounted'](el));
  return el;
}

/** @param {VNode} previous @param {VNode} node @param {(() => void)[]} later @returns {Element | Text} */
function update(previous, node, later) {
  if ('text' in node) {
    const el = /** @type {Text} */ (previous.el);
    if (el.data !== node.text) el.data = node.text;
    return (node.el = el);
  }
  const old = /** @type {VElement} */ (previous);
  const el = /** @type {Element} */ (old.el);
  node.el = el;
  reconcile(el, { before: old.children, after: node.children, later });
  setProps(el, old.props, node.props);
  if (node.props['updated']) later.push(() => node.props['updated'](el));
  return el;
}

/** @param {VNode} node */
function remove(node) {
  leave(node);
  node.el?.remove();
}

/** @param {VNode} node */
function leave(node) {
  if ('text' in node) return;
  node.props['leaving']?.(node.el);
  for (const child of node.children) leave(child);
}

/** @param {Element} el @param {Record<string, any>} before @param {Record<string, any>} after */
function setProps(el, before, after) {
  for (const name of Object.keys(before)) if (!(name in after)) setProp(el, name, null);
  for (const [name, value] of Object.entries(after))
    if (before[name] !== value || LIVE.has(name)) setProp(el, name, value);
}

/** @param {Element} el @param {string} name @param {any} value */
function setProp(el, name, value) {
  if (HOOKS.has(name)) return;
  const target = /** @type {any} */ (el);
  if (name.startsWith('on')) target[name] = value;
  else if (LIVE.has(name)) {
    const wanted = value ?? (name === 'value' ? '' : false);
    if (target[name] !== wanted) target[name] = wanted;
  } else if (value === null || value === undefined || (value === false && !name.startsWith('aria-')))
    el.removeAttribute(name);
  else el.setAttribute(name, value === true && !name.startsWith('aria-') ? '' : String(value));
}

/** The focused element and its ancestors. @param {Element | null} el */
function pathTo(el) {
  const path = [];
  for (let at = el; at && at !== document.body; at = at.parentElement) path.push(at);
  return path;
}

/** A focused button that was redrawn away hands its focus to what held it, not to the top of the page. @param {Element[]} path */
function keepFocus(path) {
  const [focused] = path;
  if (!focused || focused.isConnected || document.activeElement !== document.body) return;
  const heir = path.find((el) => el.isConnected && el.hasAttribute('tabindex'));
  if (heir instanceof HTMLElement) heir.focus({ preventScroll: true });
}
