// The page as its parts know it: what it remembers, and how to have it drawn again.
import { createState } from './state.js';
import { recall } from './storage.js';

/** @import { State } from './state.js' */
/** @import { Seat } from './form.js' */
/** @import { Place } from '../../simulators/slack/control-api.ts' */

/**
 * @typedef {object} Page
 * @property {State} state
 * @property {() => void} changed draws the page again, once for many changes in one go
 * @property {{ fetching: Promise<void> | null, stale: boolean, listening: boolean }} sync
 */
/** @typedef {Seat & { place: Place, inThread?: boolean | undefined }} Spot an element, and where it sits: a message can stand in the channel and in the thread beside it */

/** @param {() => void} redraw @returns {Page} */
export function createPage(redraw) {
  const state = createState();
  state.read = new Map(Object.entries(recall('read')));
  state.history = new Map(Object.entries(recall('history')));
  let waiting = false;
  const changed = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      redraw();
    });
  };
  return { state, changed, sync: { fetching: null, stale: false, listening: false } };
}
