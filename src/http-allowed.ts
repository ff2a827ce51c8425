// Where plain http is good enough for a secret: on this machine, or where the operator has said so.

/** True for https, for http on loopback, and for any http when `allowHttp`. False for everything else. */
export function mayUseHttp(address: string, allowHttp: boolean): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && (allowHttp || isLoopback(hostname)));
}

/** `URL` has already turned the odd spellings of an IPv4 address (0x7f.1) into the plain one. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || isLoopback4(hostname);
}

function isLoopback4(hostname: string): boolean {
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}
