// What outlives a reload: what was read, and what was sent before.

/** @param {'read' | 'history'} name @returns {Record<string, any>} */
export function recall(name) {
  try {
    const kept = JSON.parse(localStorage.getItem(`demo:${name}`) ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

/** @param {'read' | 'history'} name @param {Map<string, unknown>} entries */
export function keep(name, entries) {
  localStorage.setItem(`demo:${name}`, JSON.stringify(Object.fromEntries(entries)));
}
