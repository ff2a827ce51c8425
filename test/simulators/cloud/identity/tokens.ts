// Tokens and application credentials as Keystone keeps them. Knows nothing of HTTP.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import type { Settings } from '../options.ts';
import type { Role } from '../seeds.ts';
import type { World } from '../world.ts';

export type TokenRecord = {
  value: string;
  /** Its own audit id first, then its parent's. */
  auditIds: string[];
  methods: string[];
  userId: string;
  projectId: string | null;
  issuedAt: number;
  expiresAt: number;
  revoked: boolean;
  applicationCredentialId: string | null;
  federated: { identityProvider: string; protocol: string } | null;
};

export type ApplicationCredential = {
  id: string;
  name: string;
  secret: string;
  userId: string;
  projectId: string;
  /** Exactly these, without what they imply; null: all that the user has. */
  roles: Role[] | null;
  expiresAt: number | null;
};

/** Why a token is not good, in Keystone's terms. */
export type Standing = { good: true } | { good: false; missingCredential: string | null };

type NewToken = Pick<TokenRecord, 'methods' | 'userId' | 'projectId'> & {
  parent?: TokenRecord;
  applicationCredential?: ApplicationCredential;
  federated?: TokenRecord['federated'];
};

export class Tokens {
  readonly #settings: Settings;
  readonly #world: World;
  readonly #records = new Map<string, TokenRecord>();
  readonly #credentials = new Map<string, ApplicationCredential>();

  constructor(settings: Settings, world: World) {
    this.#settings = settings;
    this.#world = world;
  }

  /** A token made from another one ends when that one ends. */
  issue({ methods, userId, projectId, parent, applicationCredential, federated }: NewToken): TokenRecord {
    // Whole seconds, as Keystone's Fernet tokens have them.
    const now = Math.floor(this.#settings.now() / 1000) * 1000;
    const lasts = Math.min(now + this.#settings.tokenSeconds * 1000, applicationCredential?.expiresAt ?? Infinity);
    const record: TokenRecord = {
      value: this.#newValue(),
      auditIds: [auditId(), ...(parent === undefined ? [] : [parent.auditIds[0] ?? auditId()])],
      methods,
      userId,
      projectId,
      issuedAt: now,
      expiresAt: parent?.expiresAt ?? lasts,
      revoked: false,
      applicationCredentialId: applicationCredential?.id ?? null,
      federated: federated ?? parent?.federated ?? null,
    };
    this.#records.set(record.value, record);
    return record;
  }

  find(value: string): TokenRecord | null {
    return this.#records.get(value) ?? null;
  }

  isExpired(record: TokenRecord): boolean {
    return record.expiresAt <= this.#settings.now();
  }

  /** Whether Keystone would accept it now. */
  standing(record: TokenRecord): Standing {
    const credential = record.applicationCredentialId;
    if (credential !== null && !this.#credentials.has(credential))
      return { good: false, missingCredential: credential };
    const userIsFine = this.#world.users.get(record.userId)?.enabled === true;
    const scopeIsFine = record.projectId === null || this.#world.rolesOf(record.userId, record.projectId).length > 0;
    if (record.revoked || this.isExpired(record) || !userIsFine || !scopeIsFine)
      return { good: false, missingCredential: null };
    return { good: true };
  }

  rolesOf(record: TokenRecord): Role[] {
    if (record.projectId === null) return [];
    const roles = this.#world.rolesOf(record.userId, record.projectId);
    const limit = this.credential(record.applicationCredentialId ?? '')?.roles ?? null;
    return limit === null ? roles : roles.filter((role) => limit.includes(role));
  }

  addCredential(
    fields: Omit<ApplicationCredential, 'id' | 'secret' | 'name'> & { name?: string },
  ): ApplicationCredential {
    const id = randomBytes(16).toString('hex');
    const credential = {
      id,
      name: `credential-${id.slice(0, 6)}`,
      secret: randomBytes(32).toString('base64url'),
      ...fields,
    };
    this.#credentials.set(id, credential);
    return credential;
  }

  credential(id: string): ApplicationCredential | null {
    return this.#credentials.get(id) ?? null;
  }

  deleteCredential(id: string): void {
    this.#credentials.delete(id);
  }

  /** Ends every token at once, as an operator's key rotation does. */
  revokeAll(): void {
    for (const record of this.#records.values()) record.revoked = true;
  }

  /** Tokens that Keystone would still accept, for tests of sign-out. */
  living(): TokenRecord[] {
    return [...this.#records.values()].filter((record) => this.standing(record).good);
  }

  #newValue(): string {
    const prefix = this.#settings.mode === 'openstack' ? 'gAAAAAB' : 'MII';
    return (prefix + randomBytes(this.#settings.tokenLength).toString('base64url')).slice(
      0,
      this.#settings.tokenLength,
    );
  }
}

function auditId(): string {
  return randomBytes(16).toString('base64url');
}

/** Compares secrets without telling by the time taken where they differ. */
export function sameSecret(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
