// What can be asked of the simulated identity provider.

export type IdentityUser = { login: string; name: string; email?: string; groups?: string[] };

export type IdentityClient = { id: string; secret: string };

export type IdentitySettings = {
  clients: IdentityClient[];
  users: IdentityUser[];
  /** Of every client, e.g. `http://127.0.0.1:3000/login/callback`. */
  redirectUris: string[];
  port?: number;
  accessTokenSeconds?: number;
  /** False by default: everybody is asked who they are on every trip, so that one browser can play several people. */
  remembersPeople?: boolean;
  /** False leaves RFC 7009 out, as many providers do. */
  offersRevocation?: boolean;
};

/** Whom a token stands for, as a cloud's federation wants to know. */
export type Identified = { login: string; name: string; email: string; groups: string[]; clientId: string };

export type IdentitySimulator = {
  issuer: string;
  accessTokenSeconds: number;
  /** Null when the access token is unknown, expired or revoked. */
  introspect(accessToken: string): Promise<Identified | null>;
  /** Null when the signature, issuer, audience or time is wrong. */
  verifyIdToken(idToken: string): Promise<Identified | null>;
  /** Ends every session, grant and token of the person, as an administrator would. */
  endSignIns(login: string): void;
  /** While set, every request is answered with this status. Null: works again. */
  breakWith(status: number | null): void;
  /** How often a refresh token was turned into new tokens. */
  refreshes(): number;
  close(): Promise<void>;
};
