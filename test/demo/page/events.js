// Server-sent pings, heard by one window for all of them: a browser keeps only six connections to one server, and three
// people in three windows would use them all up.

/** @typedef {'ping' | 'online' | 'offline'} Word */

/** A stream that the server refused is opened anew after this many ms; a lost one reopens by itself. */
const AGAIN_AFTER = 2000;

/** Tells of every ping of the stream, in whichever window it was heard. @param {string} url @param {(word: Word) => void} hear */
export function follow(url, hear) {
  const name = `demo ${new URL(url, location.href).pathname}`;
  const windows = new BroadcastChannel(name);
  windows.addEventListener('message', ({ data }) => hear(data));
  const tell = (/** @type {Word} */ word) => {
    hear(word);
    windows.postMessage(word);
  };
  // Held until this window is closed; then the next in line listens. Without locks each window listens for itself.
  const listen = () => new Promise(() => open(url, tell));
  if (navigator.locks) void navigator.locks.request(name, listen);
  else void listen();
}

/** @param {string} url @param {(word: Word) => void} tell */
function open(url, tell) {
  const stream = new EventSource(url);
  stream.addEventListener('open', () => tell('online'));
  stream.addEventListener('message', () => tell('ping'));
  stream.addEventListener('error', () => {
    tell('offline');
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => open(url, tell), AGAIN_AFTER);
  });
}
