// The variables that name a real cloud to the contract tests, and what is wrong with them.
import { readFileSync } from 'node:fs';

export type Variables = Record<string, string | undefined>;

export type Login = { name: string; password: string };

/** Beside the usual `OS_*`, everything is optional: without it some cases cannot be shown, and are listed as such. */
export type CloudEnvironment = {
  authUrl: string;
  member: Login;
  projectName: string;
  userDomain: string;
  /** By name; null where OS_PROJECT_DOMAIN_NAME is not given. */
  projectDomain: string | null;
  region: string | null;
  interface: string;
  /** PEM text. */
  caCertificate: string | null;
  allowHttp: boolean;
  /** CLOUD_TEST_COLLEAGUE, `name:password`: another member of the project. */
  colleague: Login | null;
  /** CLOUD_TEST_READER, `name:password`: may look, but not touch. */
  reader: Login | null;
  /** CLOUD_TEST_ADMINISTRATOR, `name:password`, and CLOUD_TEST_ADMINISTRATOR_PROJECT (`admin`): changes quotas, briefly. */
  administrator: (Login & { projectName: string }) | null;
  /** CLOUD_TEST_FLAVORS, `small,medium` by name or id; else the two smallest that have a disk. */
  flavors: [small: string, medium: string] | null;
  /** CLOUD_TEST_FLAVOR_DISABLED, _FITS_NO_HOST, _FAILS_ON_HOST, by id. */
  flavorDisabled: string | null;
  flavorFitsNoHost: string | null;
  flavorFailsOnHost: string | null;
  /** CLOUD_TEST_IMAGE, CLOUD_TEST_NETWORK, by id; else the first that can be used, and no network where there is none. */
  image: string | null;
  network: string | null;
  /** CLOUD_TEST_BOOT_DISKS: `work`, or `fail` where the disks of the cloud cannot be filled from images. */
  bootDisks: 'work' | 'fail' | null;
  /** CLOUD_TEST_REMEMBERS_TOKENS=1: the compute service takes a revoked token for a while, as Nova does by default. */
  remembersTokens: boolean;
  /** CLOUD_TEST_BOT_PORT: where the bot listens in conversations, for an identity provider that has to know it. */
  botPort: number | null;
  /** CLOUD_TEST_OUTAGES: a program called with `down` or `up` and one of `network`, `placement`, `computes`. */
  outages: string | null;
};

const NEEDED = ['OS_AUTH_URL', 'OS_USERNAME', 'OS_PASSWORD', 'OS_PROJECT_NAME'];

/** Names of the variables without which there is no cloud to test. */
export function missingVariables(variables: Variables): string[] {
  return NEEDED.filter((name) => (variables[name] ?? '') === '');
}

/** Throws when `missingVariables` names any, or one cannot be read. */
export function readEnvironment(variables: Variables): CloudEnvironment {
  const missing = missingVariables(variables);
  if (missing.length > 0) throw new Error(`not set: ${missing.join(', ')}`);
  const given = (name: string): string | null => variables[name]?.trim() || null;
  const caCertificate = given('OS_CACERT');
  const administrator = login(given('CLOUD_TEST_ADMINISTRATOR'));
  const projectName = given('CLOUD_TEST_ADMINISTRATOR_PROJECT') ?? 'admin';
  return {
    authUrl: withVersion(given('OS_AUTH_URL') ?? ''),
    // A password may begin or end with a blank.
    member: { name: given('OS_USERNAME') ?? '', password: variables['OS_PASSWORD'] ?? '' },
    projectName: given('OS_PROJECT_NAME') ?? '',
    userDomain: given('OS_USER_DOMAIN_NAME') ?? 'Default',
    projectDomain: given('OS_PROJECT_DOMAIN_NAME'),
    region: given('OS_REGION_NAME'),
    interface: given('OS_INTERFACE') ?? 'public',
    caCertificate: caCertificate === null ? null : readFileSync(caCertificate, 'utf8'),
    allowHttp: given('ALLOW_HTTP') === '1',
    colleague: login(given('CLOUD_TEST_COLLEAGUE')),
    reader: login(given('CLOUD_TEST_READER')),
    administrator: administrator && { ...administrator, projectName },
    flavors: pair(given('CLOUD_TEST_FLAVORS')),
    flavorDisabled: given('CLOUD_TEST_FLAVOR_DISABLED'),
    flavorFitsNoHost: given('CLOUD_TEST_FLAVOR_FITS_NO_HOST'),
    flavorFailsOnHost: given('CLOUD_TEST_FLAVOR_FAILS_ON_HOST'),
    image: given('CLOUD_TEST_IMAGE'),
    network: given('CLOUD_TEST_NETWORK'),
    bootDisks: oneOf(given('CLOUD_TEST_BOOT_DISKS'), ['work', 'fail']),
    remembersTokens: given('CLOUD_TEST_REMEMBERS_TOKENS') === '1',
    botPort: Number(given('CLOUD_TEST_BOT_PORT')) || null,
    outages: given('CLOUD_TEST_OUTAGES'),
  };
}

/** What the bot is told of a cloud and of the identity provider. People's passwords are not among it. */
const PASSED_ON =
  /^(OS_(AUTH_URL|REGION_NAME|INTERFACE|CACERT|IDENTITY_PROVIDER|PROTOCOL|COMPUTE_API_VERSION|CLOUD_PROFILE|ENDPOINT_OVERRIDE_\w+)|OIDC_\w+|ALLOW_HTTP|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS)$/i;

/** The variables of a bot that stands before the cloud which these name. */
export function botEnvironment(variables: Variables): Record<string, string> {
  const given = Object.entries(variables).filter(([name, value]) => PASSED_ON.test(name) && value);
  return Object.fromEntries(given) as Record<string, string>;
}

function withVersion(address: string): string {
  return `${address.replace(/\/+$/, '').replace(/\/v3$/, '')}/v3`;
}

function login(written: string | null): Login | null {
  if (written === null) return null;
  const colon = written.indexOf(':');
  if (colon < 1) throw new Error('people are given as name:password');
  return { name: written.slice(0, colon), password: written.slice(colon + 1) };
}

function oneOf<W extends string>(written: string | null, words: W[]): W | null {
  const found = words.find((word) => word === written) ?? null;
  if (written !== null && found === null) throw new Error(`${written} is none of ${words.join(', ')}`);
  return found;
}

function pair(written: string | null): [string, string] | null {
  const [first = '', second = ''] = written?.split(',').map((part) => part.trim()) ?? [];
  return first === '' || second === '' ? null : [first, second];
}
