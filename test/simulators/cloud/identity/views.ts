// How tokens and projects look on the wire.

import { createHash } from 'node:crypto';

import type { Core } from '../core.ts';
import { DEFAULT_DOMAIN } from '../seeds.ts';
import type { SimProject } from '../model.ts';
import { catalogFor } from './catalog.ts';
import type { ApplicationCredential, TokenRecord } from './tokens.ts';

export function tokenBody(core: Core, record: TokenRecord, options: { withCatalog: boolean }): unknown {
  return {
    token: {
      methods: record.methods,
      user: userView(core, record),
      audit_ids: record.auditIds,
      expires_at: microseconds(record.expiresAt),
      issued_at: microseconds(record.issuedAt),
      ...scopeView(core, record, options.withCatalog),
      ...credentialView(core, record),
    },
  };
}

function userView(core: Core, record: TokenRecord): unknown {
  const user = core.world.user(record.userId);
  if (record.federated === null) {
    return { domain: DEFAULT_DOMAIN, id: user.id, name: user.name, password_expires_at: null };
  }
  const { identityProvider, protocol } = record.federated;
  const domain = hex(`domain:${identityProvider}`);
  return {
    domain: { id: domain, name: domain },
    id: user.id,
    name: user.name,
    'OS-FEDERATION': {
      groups: [{ id: hex(`group:${user.name}`) }],
      identity_provider: { id: identityProvider },
      protocol: { id: protocol },
    },
  };
}

function scopeView(core: Core, record: TokenRecord, withCatalog: boolean): Record<string, unknown> {
  if (record.projectId === null) return {};
  const { id, name, domain } = core.world.project(record.projectId);
  return {
    project: { domain, id, name },
    is_domain: false,
    roles: core.tokens.rolesOf(record).map((role) => ({ id: hex(`role:${role}`), name: role })),
    ...(withCatalog ? { catalog: catalogFor(core, id) } : {}),
  };
}

function credentialView(core: Core, record: TokenRecord): Record<string, unknown> {
  const credential = core.tokens.credential(record.applicationCredentialId ?? '');
  if (credential === null) return {};
  return { application_credential: { id: credential.id, name: credential.name, restricted: true } };
}

export function projectView(core: Core, project: SimProject): unknown {
  return {
    id: project.id,
    name: project.name,
    domain_id: project.domain.id,
    description: project.description,
    enabled: project.enabled,
    parent_id: project.domain.id,
    is_domain: false,
    tags: [],
    options: {},
    links: { self: `${core.baseUrl()}/identity/v3/projects/${project.id}` },
  };
}

/** Without the secret. */
export function applicationCredentialView(core: Core, credential: ApplicationCredential): Record<string, unknown> {
  const { id, name, userId, projectId, expiresAt } = credential;
  const roles = credential.roles ?? core.world.rolesOf(userId, projectId);
  return {
    id,
    name,
    description: null,
    user_id: userId,
    project_id: projectId,
    system: null,
    expires_at: expiresAt === null ? null : microseconds(expiresAt),
    unrestricted: null,
    roles: roles.map((role) => ({
      id: hex(`role:${role}`),
      name: role,
      domain_id: null,
      description: null,
      options: { immutable: true },
    })),
    links: { self: `${core.baseUrl()}/identity/v3/application_credentials/${id}` },
  };
}

export function linked(core: Core, path: string, body: Record<string, unknown>): unknown {
  return { ...body, links: { next: null, self: `${core.baseUrl()}/identity${path}`, previous: null } };
}

/** Keystone writes microseconds, always zero, always UTC. */
function microseconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}.000000Z`;
}

function hex(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
