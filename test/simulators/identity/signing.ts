// The simulated provider's signing key, made at start, and the check a cloud would do with its public half.
import { generateKeyPairSync, verify, type JsonWebKey } from 'node:crypto';

export type IdTokenClaims = { iss: string; sub: string; aud: string; exp: number };

export type Signer = {
  privateJwk: JsonWebKey & { kid: string };
  /** Null when the token is not ours, not for now, or not a token at all. */
  verify(idToken: string): IdTokenClaims | null;
};

export function createSigner(issuer: string): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    privateJwk: { ...privateKey.export({ format: 'jwk' }), kid: 'simulator', use: 'sig', alg: 'ES256' },
    verify(idToken) {
      const [head, body, signature] = idToken.split('.');
      if (head === undefined || body === undefined || signature === undefined) return null;
      const key = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
      const signed = verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
      return signed ? current(body, issuer) : null;
    },
  };
}

function current(body: string, issuer: string): IdTokenClaims | null {
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as IdTokenClaims;
  return claims.iss === issuer && claims.exp * 1000 > Date.now() ? claims : null;
}
