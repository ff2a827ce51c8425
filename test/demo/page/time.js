// Times as the reader sees them: in the browser's zone, and in 12 or 24 hours as its language has it. Pure: `now` is given.

/** @typedef {{ now: number, timeZone?: string | undefined, hour12?: boolean | undefined }} Reader now in ms since the epoch */

const DAY = 86_400_000;

/**
 * Fills the placeholders of a `<!date^…>` format; null when the epoch or a placeholder is not one, so that the fallback shows.
 * @param {{ epoch: number, format: string }} date epoch in seconds @param {Reader} reader @returns {string | null}
 */
export function formatDateMark({ epoch, format }, reader) {
  if (!Number.isFinite(epoch)) return null;
  let known = true;
  const text = format.replaceAll(/\{([a-z_]+)\}/g, (_, name) => {
    const part = placeholder(name, epoch * 1000, reader);
    known &&= part !== null;
    return part ?? '';
  });
  return known ? text : null;
}

/** @param {string} name @param {number} at @param {Reader} reader @returns {string | null} */
function placeholder(name, at, reader) {
  switch (name) {
    case 'date_num':
      return isoDay(at, reader);
    case 'date':
      return longDate(at, reader, {});
    case 'date_short':
      return format(at, reader, { month: 'short', day: 'numeric', year: 'numeric' });
    case 'date_long':
      return longDate(at, reader, { weekday: 'long' });
    case 'date_pretty':
      return nearDay(at, reader) ?? longDate(at, reader, {});
    case 'date_short_pretty':
      return nearDay(at, reader) ?? placeholder('date_short', at, reader);
    case 'date_long_pretty':
      return nearDay(at, reader) ?? placeholder('date_long', at, reader);
    case 'time':
      return clock(at, reader);
    case 'time_secs':
      return clock(at, reader, { second: '2-digit' });
    case 'ago':
      return ago(at, reader.now);
    default:
      return null;
  }
}

/** `6:39 AM` or `06:39`. @param {number} at ms @param {Reader} reader @param {Intl.DateTimeFormatOptions} [more] */
export function clock(at, reader, more = {}) {
  /** @type {'2-digit' | 'numeric'} */
  const hour = reader.hour12 === false ? '2-digit' : 'numeric';
  // Newer browsers put a narrow no-break space before AM and PM.
  return format(at, reader, {
    hour,
    minute: '2-digit',
    hourCycle: reader.hour12 === false ? 'h23' : 'h12',
    ...more,
  }).replaceAll('\u202F', ' ');
}

/** Heading of a day in the message list: Today, Yesterday, or the date. @param {number} at ms @param {Reader} reader */
export function dayHeading(at, reader) {
  const near = nearDay(at, reader);
  return near
    ? near.charAt(0).toUpperCase() + near.slice(1)
    : longDate(at, reader, { weekday: 'long', year: undefined });
}

/** `2026-11-21` in the reader's zone. @param {number} at ms @param {Reader} reader */
export function isoDay(at, reader) {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: reader.timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(at);
  const part = (/** @type {string} */ type) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** @param {number} at @param {Reader} reader @returns {'today' | 'yesterday' | 'tomorrow' | null} */
function nearDay(at, reader) {
  const days = Math.round((Date.parse(isoDay(at, reader)) - Date.parse(isoDay(reader.now, reader))) / DAY);
  if (days === 0) return 'today';
  if (days === -1) return 'yesterday';
  return days === 1 ? 'tomorrow' : null;
}

/** `February 18th, 2026`. @param {number} at @param {Reader} reader @param {Intl.DateTimeFormatOptions} more */
function longDate(at, reader, more) {
  const options = {
    month: /** @type {const} */ ('long'),
    day: /** @type {const} */ ('numeric'),
    year: /** @type {const} */ ('numeric'),
    ...more,
  };
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: reader.timeZone, ...options }).formatToParts(at);
  return parts.map(({ type, value }) => (type === 'day' ? value + ordinal(Number(value)) : value)).join('');
}

/** @param {number} day */
function ordinal(day) {
  if (day >= 11 && day <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}

/** @param {number} at @param {number} now @returns {string} */
export function ago(at, now) {
  const seconds = Math.round(Math.abs(now - at) / 1000);
  /** @type {[number, string][]} */
  const units = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ];
  const [size, unit] = units.find(([one]) => seconds >= one) ?? [1, 'second'];
  const count = Math.floor(seconds / size);
  if (seconds < 5) return 'just now';
  return at > now ? `in ${count} ${unit}${count === 1 ? '' : 's'}` : `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

/** @param {number} at @param {Reader} reader @param {Intl.DateTimeFormatOptions} options */
function format(at, reader, options) {
  return new Intl.DateTimeFormat('en-US', { timeZone: reader.timeZone, ...options }).format(at);
}
