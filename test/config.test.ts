import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

const KEY = Buffer.alloc(32, 1).toString('base64');

const GOOD = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_SIGNING_SECRET: 'signing-secret',
  PUBLIC_URL: 'https://deck.example.org/',
  REDIS_URL: 'redis://127.0.0.1:6379',
  TOKEN_KEYS: `k1:${KEY}`,
  OS_AUTH_URL: 'https://iam.example.org/v3/',
};

function problemsOf(env: Record<string, string | undefined>): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the environment', () => {
  it('needs six variables and fills in the rest', () => {
    const config = readConfig(GOOD);

    expect(config.publicUrl).toBe('https://deck.example.org');
    expect(config.cloud.authUrl).toBe('https://iam.example.org/v3');
    expect(config.ttl).toEqual({ approvalMs: 3_600_000, confirmMs: 86_400_000, loginMs: 600_000 });
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 3000 });
    expect(config.pollMs).toBe(5_000);
    expect(Object.isFrozen(config.cloud)).toBe(true);
  });

  it('gives times in whole milliseconds, which is all that Redis takes', () => {
    const { ttl, pollMs } = readConfig({ ...GOOD, LOGIN_TTL: '1.1', POLL_INTERVAL: '0.0001' });
    expect(ttl.loginMs).toBe(1_100);
    expect(pollMs).toBe(1);
  });

  it('names every problem at once, not the first', () => {
    const problems = problemsOf({ PORT: 'many', TOKEN_KEYS: 'k1:short', LOG_LEVEL: 'loud' });

    expect(problems).toEqual(
      expect.arrayContaining([
        'SLACK_BOT_TOKEN is missing',
        'SLACK_SIGNING_SECRET is missing',
        'PUBLIC_URL is missing',
        'REDIS_URL is missing',
        'OS_AUTH_URL is missing',
        expect.stringMatching(/^PORT: /),
        expect.stringMatching(/^LOG_LEVEL: /),
        expect.stringMatching(/^TOKEN_KEYS entry 1 /),
      ]),
    );
  });

  it.each([
    ['a key that is not 32 bytes', { TOKEN_KEYS: 'k1:c2hvcnQ=' }, 'TOKEN_KEYS entry 1 is not 32 bytes of base64'],
    ['a key without an id', { TOKEN_KEYS: KEY }, 'TOKEN_KEYS entry 1 has no key id before the colon'],
    ['plain http to a cloud elsewhere', { OS_AUTH_URL: 'http://iam.example.org' }, 'OS_AUTH_URL must be https'],
    [
      'an identity provider without its client',
      { OIDC_ISSUER_URL: 'https://id.example.org' },
      'OIDC_CLIENT_ID is missing',
    ],
    ['a certificate that cannot be read', { OS_CACERT: '/nowhere/ca.pem' }, 'OS_CACERT: cannot read /nowhere/ca.pem'],
    ['a command without a slash', { SLACK_COMMAND: 'ecs' }, 'SLACK_COMMAND: must be a slash'],
    [
      'an endpoint that is no address',
      { OS_ENDPOINT_OVERRIDE_VOLUMEV3: 'evs' },
      'OS_ENDPOINT_OVERRIDE_VOLUMEV3 must be',
    ],
    [
      'plain http to an endpoint elsewhere',
      { OS_ENDPOINT_OVERRIDE_COMPUTE: 'http://nova.example.org' },
      'OS_ENDPOINT_OVERRIDE_COMPUTE must be https',
    ],
    ['what is not built yet', { POLICY_FILE: 'policy.yml' }, 'POLICY_FILE is not supported yet'],
  ])('refuses %s', (_what, more, sentence) => {
    expect(problemsOf({ ...GOOD, ...more }).join('\n')).toContain(sentence);
  });

  it.each(['http://127.0.0.1:5000', 'http://localhost:5000', 'http://[::1]:5000'])(
    'takes %s without https',
    (address) => {
      expect(problemsOf({ ...GOOD, OS_AUTH_URL: address })).toEqual([]);
    },
  );

  it('takes plain http anywhere when the operator says so', () => {
    expect(readConfig({ ...GOOD, OS_AUTH_URL: 'http://iam.example.org', ALLOW_HTTP: '1' }).allowHttp).toBe(true);
  });

  it('takes empty values as absent', () => {
    expect(readConfig({ ...GOOD, OIDC_ISSUER_URL: '', OS_REGION_NAME: '' }).oidc).toBeNull();
  });

  it('collects endpoint overrides by service', () => {
    const config = readConfig({ ...GOOD, OS_ENDPOINT_OVERRIDE_VOLUMEV3: 'https://evs.example.org/v3' });

    expect(config.cloud.endpoints).toEqual({ volumev3: 'https://evs.example.org/v3' });
  });

  it('is all in .env.example, and nothing else is', () => {
    const documented = [...readFileSync('.env.example', 'utf8').matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(
      ([, name]) => name,
    );
    const source = readFileSync('src/config.ts', 'utf8');
    const read = [...source.matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name);

    expect(documented.toSorted()).toEqual([...read, 'OS_ENDPOINT_OVERRIDE_VOLUMEV3'].toSorted());
  });
});
