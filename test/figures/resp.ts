// Reads what a Redis client sends: commands as arrays of bulk strings. https://redis.io/docs/latest/develop/reference/protocol-spec

/** The whole commands in `bytes`, and what is left of one whose end has not come yet. */
export function readCommands(bytes: Buffer): { commands: string[][]; rest: Buffer } {
  const commands: string[][] = [];
  let at = 0;
  for (;;) {
    const read = readCommand(bytes, at);
    if (read === null) return { commands, rest: bytes.subarray(at) };
    commands.push(read.words);
    at = read.end;
  }
}

/** Null while it is not there as a whole. */
function readCommand(bytes: Buffer, from: number): { words: string[]; end: number } | null {
  const head = readLine(bytes, from);
  if (head === null) return null;
  if (!head.line.startsWith('*')) throw new Error(`not a command: ${head.line}`);
  const words: string[] = [];
  let at = head.end;
  for (let count = Number(head.line.slice(1)); count > 0; count -= 1) {
    const size = readLine(bytes, at);
    if (size === null) return null;
    const end = size.end + Number(size.line.slice(1));
    if (bytes.length < end + 2) return null;
    words.push(bytes.toString('utf8', size.end, end));
    at = end + 2;
  }
  return { words, end: at };
}

function readLine(bytes: Buffer, from: number): { line: string; end: number } | null {
  const end = bytes.indexOf('\r\n', from);
  return end === -1 ? null : { line: bytes.toString('utf8', from, end), end: end + 2 };
}
