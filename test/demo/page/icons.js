// Line icons, drawn from one table.
import { h } from './dom.js';

/** @type {Record<string, string>} */
const PATHS = {
  menu: 'M3 6h14M3 10h14M3 14h14',
  close: 'M5 5l10 10M15 5L5 15',
  back: 'M12 4l-6 6 6 6',
  down: 'M5 8l5 5 5-5',
  plus: 'M10 4v12M4 10h12',
  send: 'M3 10l14-6-5 14-3-6-6-2z',
  hash: 'M8 3L6 17M14 3l-2 14M3.5 7.5h14M2.5 12.5h14',
  lock: 'M5 9h10v7H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  home: 'M3 10l7-6 7 6M5 9v7h10V9',
  cloud: 'M6 15a3.5 3.5 0 0 1-.3-7A5 5 0 0 1 15 8.5 3.3 3.3 0 0 1 14.7 15z',
  eye: 'M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4z',
  warn: 'M10 3l8 14H2zM10 8v4M10 14.5v.5',
  dots: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  people: 'M7 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 17a5 5 0 0 1 10 0M13 8.5a2.5 2.5 0 1 0 0-5M14 12a4.5 4.5 0 0 1 4 5',
};

/** @param {string} name */
export function icon(name) {
  return h(
    'svg',
    { class: `icon icon-${name}`, viewBox: '0 0 20 20', width: '18', height: '18', 'aria-hidden': 'true' },
    h('path', { d: PATHS[name] ?? '' }),
  );
}
