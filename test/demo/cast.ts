// Who plays in the demo on a real cloud: application credentials for Alice, Bob and Carol, deleted when it ends.
import type { Account, Credential } from '../cloud/support/cloud-under-test.ts';
import { createCredentials } from '../cloud/support/credentials.ts';
import type { Variables } from '../cloud/support/environment.ts';
import { enterOpenStack, type Entry } from '../cloud/support/openstack.ts';

/** Null where nobody's password is given (OS_USERNAME): people sign in as they can. */
export async function enterCast(variables: Variables): Promise<Entry | null> {
  return (variables['OS_USERNAME'] ?? '') === '' ? null : enterOpenStack(variables);
}

export type Keys = { told: string[]; remove(): Promise<void> };

/** Should the demo be killed, they do not outlive it for long. */
const KEYS_LAST_MS = 12 * 3_600_000;

/** One credential each. Without a colleague or a reader of their own, Bob is the same user of the cloud as Alice. */
export async function makeKeys({ env, access, people }: Entry): Promise<Keys> {
  const { addCredential, removeCredential } = createCredentials(access);
  const limits = { expiresAt: Date.now() + KEYS_LAST_MS };
  const bob = 'given' in people.colleague ? people.colleague.given : people.member;
  const parts: [who: string, account: Account][] = [
    ['Alice', people.member],
    ['Bob', bob],
  ];
  if ('given' in people.reader) parts.push(['Carol', people.reader.given]);
  const keys: Key[] = [];
  const remove = async (): Promise<void> => {
    for (const { account, credential } of keys.splice(0)) await removeCredential(account, credential.id);
  };
  try {
    for (const [who, account] of parts) keys.push({ who, account, credential: await addCredential(account, limits) });
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    told: [
      'Sign in with /ecs login --application-credential. These were made for this demo, and end with it:',
      ...keys.map(({ who, account, credential }) => line(who, `${account.name} in ${env.projectName}`, credential)),
    ],
    remove,
  };
}

type Key = { who: string; account: Account; credential: Credential };

function line(who: string, as: string, { id, secret }: Credential): string {
  return `  ${who.padEnd(5)} (${as})  ID ${id}  Secret ${secret}`;
}
