// Whether a text can be a public key in OpenSSH's form. Pure.

/** Beyond this some clouds refuse it; no key in use comes near. */
const LONGEST = 3_000;

const KINDS =
  /^(?:ssh-rsa|ssh-ed25519|ssh-dss|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com)$/;

/** Why it cannot be one, as a sentence for people; null: it looks like one. The cloud has the last word. */
export function publicKeyProblem(typed: string): string | null {
  const key = typed.trim();
  if (/PRIVATE KEY/i.test(key)) {
    return 'That is a private key. It must not leave your machine, and now it has: make a new pair, and give me the public key, the file that ends in .pub.';
  }
  if (/^-+\s?BEGIN|^PuTTY/i.test(key))
    return 'I take public keys in one line, such as ssh-ed25519 AAAA… Convert it first.';
  if (key.length > LONGEST) return `A public key has at most ${LONGEST} characters.`;
  const [kind = '', body = ''] = key.split(/\s+/);
  if (!KINDS.test(kind)) return 'A public key begins with its kind, such as ssh-ed25519 or ssh-rsa.';
  if (/[\r\n]/.test(key)) return 'A public key is a single line.';
  return isBodyOf(kind, body) ? null : 'The middle of that public key is damaged: copy the whole line again.';
}

/** The binary part begins with the kind again, behind its length. */
function isBodyOf(kind: string, body: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body)) return false;
  const bytes = Buffer.from(body, 'base64');
  if (bytes.length < 4 + kind.length) return false;
  return bytes.readUInt32BE(0) === kind.length && bytes.toString('latin1', 4, 4 + kind.length) === kind;
}
