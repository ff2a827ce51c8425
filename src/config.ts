// The environment, read once, checked as a whole, frozen. The only reader of process.env.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseTokenKeys } from './auth/vault.ts';
import { mayUseHttp } from './http-allowed.ts';

/** Every problem of the environment at once, one line each. The process ends with exit code 78 (EX_CONFIG). */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`The configuration has ${problems.length} problem(s):\n${problems.map((line) => `  - ${line}`).join('\n')}`);
    this.problems = problems;
  }
}

const seconds = (fallback: number) => z.coerce.number().positive().default(fallback);
const url = z.url({ protocol: /^https?$/ });

const environment = z.object({
  SLACK_BOT_TOKEN: z.string().startsWith('xoxb-', 'must be a bot token (xoxb-…)'),
  SLACK_SIGNING_SECRET: z.string().min(8),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'must be an app-level token (xapp-…)').optional(),
  SLACK_API_URL: url.default('https://slack.com/api/'),
  SLACK_COMMAND: z
    .string()
    .regex(/^\/[a-z0-9_-]{1,31}$/, 'must be a slash and at most 31 of a-z 0-9 _ -')
    .default('/ecs'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  PUBLIC_URL: url,
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  REDIS_PREFIX: z.string().default('{ecs}:'),
  TOKEN_KEYS: z.string().min(1),
  OIDC_ISSUER_URL: url.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_SCOPE: z.string().default('openid profile offline_access'),
  OS_AUTH_URL: url,
  OS_REGION_NAME: z.string().optional(),
  OS_INTERFACE: z.enum(['public', 'internal', 'admin']).default('public'),
  OS_CACERT: z.string().optional(),
  OS_IDENTITY_PROVIDER: z.string().optional(),
  OS_PROTOCOL: z.string().default('openid'),
  OS_COMPUTE_API_VERSION: z
    .string()
    .regex(/^\d+\.\d+$/, 'must look like 2.60')
    .optional(),
  OS_CLOUD_PROFILE: z.enum(['openstack', 'otc', 'huawei']).default('openstack'),
  APPROVAL_TTL: seconds(3_600),
  CONFIRM_TTL: seconds(86_400),
  LOGIN_TTL: seconds(600),
  POLL_INTERVAL: seconds(5),
  ALLOW_HTTP: z.enum(['0', '1']).default('0'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Followed by the service, e.g. `VOLUMEV3`. */
const OVERRIDE = 'OS_ENDPOINT_OVERRIDE_';

/** Contract names that a later version reads; said plainly instead of being ignored. */
const NOT_YET = ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_STATE_SECRET', 'POLICY_FILE'] as const;

export type Config = ReturnType<typeof shape>;

/** Throws ConfigError naming every problem. Empty values count as absent, as shells and compose files produce them. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  const problems = [
    ...(parsed.error?.issues ?? []).map((issue) => problem(issue, given)),
    ...crossChecks(parsed.data ?? validParts(given), given),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(shape(parsed.data, endpointOverrides(given)));
}

type Environment = z.infer<typeof environment>;

/** What stands when the rest is wrong, so that a second start does not find a second list of problems. */
function validParts(given: Record<string, unknown>): Partial<Environment> {
  const parts = Object.entries(environment.shape).map(([name, field]) => [name, field.safeParse(given[name]).data]);
  return Object.fromEntries(parts) as Partial<Environment>;
}

function problem(issue: z.core.$ZodIssue, given: Record<string, unknown>): string {
  const name = String(issue.path[0] ?? '?');
  return given[name] === undefined ? `${name} is missing` : `${name}: ${issue.message}`;
}

function crossChecks(env: Partial<Environment>, given: Record<string, unknown>): string[] {
  const problems = NOT_YET.filter((name) => given[name] !== undefined).map((name) => `${name} is not supported yet`);
  if (env.OIDC_ISSUER_URL && !env.OIDC_CLIENT_ID) problems.push('OIDC_CLIENT_ID is missing (OIDC_ISSUER_URL is set)');
  if (env.OIDC_ISSUER_URL && !env.OS_IDENTITY_PROVIDER) {
    problems.push('OS_IDENTITY_PROVIDER is missing (OIDC_ISSUER_URL is set)');
  }
  const overrides = Object.keys(given).filter((name) => name.startsWith(OVERRIDE));
  for (const name of ['OS_AUTH_URL', 'OIDC_ISSUER_URL', 'SLACK_API_URL', ...overrides]) {
    const address = { ...given, ...env }[name];
    if (typeof address === 'string' && !mayUseHttp(address, env.ALLOW_HTTP === '1')) {
      problems.push(`${name} must be https beyond this machine (ALLOW_HTTP=1 says that you know)`);
    }
  }
  if (env.OS_CACERT && readable(env.OS_CACERT) === null) problems.push(`OS_CACERT: cannot read ${env.OS_CACERT}`);
  return [...problems, ...(env.TOKEN_KEYS ? tokenKeyProblems(env.TOKEN_KEYS) : [])];
}

function tokenKeyProblems(list: string): string[] {
  try {
    parseTokenKeys(list);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : 'TOKEN_KEYS cannot be read'];
  }
}

function endpointOverrides(given: Record<string, unknown>): Record<string, string> {
  const found = Object.entries(given).filter(([name]) => name.startsWith(OVERRIDE));
  return Object.fromEntries(found.map(([name, value]) => [name.slice(OVERRIDE.length).toLowerCase(), String(value)]));
}

function readable(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function shape(env: Environment, endpoints: Record<string, string>) {
  return {
    slack: {
      botToken: env.SLACK_BOT_TOKEN,
      signingSecret: env.SLACK_SIGNING_SECRET,
      appToken: env.SLACK_APP_TOKEN ?? null,
      apiUrl: env.SLACK_API_URL,
      command: env.SLACK_COMMAND,
    },
    listen: { host: env.HOST, port: env.PORT },
    publicUrl: env.PUBLIC_URL.replace(/\/$/, ''),
    redis: { url: env.REDIS_URL, prefix: env.REDIS_PREFIX },
    tokenKeys: env.TOKEN_KEYS,
    oidc: env.OIDC_ISSUER_URL
      ? {
          issuer: env.OIDC_ISSUER_URL,
          clientId: env.OIDC_CLIENT_ID ?? '',
          clientSecret: env.OIDC_CLIENT_SECRET ?? null,
          scope: env.OIDC_SCOPE,
        }
      : null,
    cloud: {
      authUrl: env.OS_AUTH_URL.replace(/\/$/, ''),
      region: env.OS_REGION_NAME ?? null,
      interface: env.OS_INTERFACE,
      caCert: env.OS_CACERT ? readable(env.OS_CACERT) : null,
      identityProvider: env.OS_IDENTITY_PROVIDER ?? null,
      protocol: env.OS_PROTOCOL,
      computeCeiling: env.OS_COMPUTE_API_VERSION ?? null,
      profile: env.OS_CLOUD_PROFILE,
      endpoints,
    },
    ttl: {
      approvalMs: milliseconds(env.APPROVAL_TTL),
      confirmMs: milliseconds(env.CONFIRM_TTL),
      loginMs: milliseconds(env.LOGIN_TTL),
    },
    pollMs: milliseconds(env.POLL_INTERVAL),
    allowHttp: env.ALLOW_HTTP === '1',
    logLevel: env.LOG_LEVEL,
  };
}

/** Whole ones: Redis takes no others, and 1.1 * 1000 is not one. */
function milliseconds(configured: number): number {
  return Math.max(1, Math.round(configured * 1_000));
}

function deepFreeze<T extends object>(value: T): Readonly<T> {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
