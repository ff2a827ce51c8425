// Names of key pairs: how they are asked for, checked and found out to be taken.
import type { InputBlock } from '@slack/types';
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { isCloudError } from '../../openstack/errors.ts';
import { keyNameProblem, type KeyPair, showKeyPair } from '../../openstack/keypairs.ts';
import { input, textInput } from '../../slack/inputs.ts';
import type { Form } from '../command.ts';
import { textIn } from '../forms.ts';
import { shortName } from '../server/words.ts';

export const keyNameArg = { kind: 'text', positional: true, summary: 'name of the new key pair' } as const;

/** Throws UserError `bad_usage`. */
export function checkedName(typed: string, how: 'generate' | 'import'): string {
  const wanted = typed.trim();
  const problem = keyNameProblem(wanted, how);
  if (problem !== null) throw new UserError('bad_usage', problem);
  return wanted;
}

export function keyNameInput(initial: string | null): InputBlock {
  const element = textInput({ actionId: 'keypair:name', maxLength: 255, ...(initial !== null && { initial }) });
  return input({ blockId: 'name', label: 'Name', element });
}

/** By block_id. */
export function keyNameErrors(form: Form, how: 'generate' | 'import'): Record<string, string> {
  const problem = keyNameProblem(textIn(form.values, 'name') ?? '', how);
  return problem === null ? {} : { name: problem };
}

/** The cloud is in trouble and may tell in a minute. */
const PASSING: ReadonlySet<string> = new Set(['throttled', 'unavailable', 'timeout', 'network']);

/** Null: there is none, or the cloud does not let this person look. Throws CloudError where it cannot answer at the moment. */
export async function knownKey(cloud: Cloud, name: string): Promise<KeyPair | null> {
  try {
    return await showKeyPair(cloud, name);
  } catch (error) {
    if (isCloudError(error) && !PASSING.has(error.kind)) return null;
    throw error;
  }
}

/** Key pairs count for the person, whatever the project. */
export function tooMany(cause: unknown): UserError {
  const sentence = 'You may have no more key pairs. Delete one that you do not need, or have the quota raised.';
  return new UserError('quota', sentence, { cause });
}

export function taken(name: string, cause: unknown): UserError {
  const sentence = `You have a key pair called ${shortName(name)} already. Take another name, or delete that one first.`;
  return new UserError('already_done', sentence, { cause, about: 'name' });
}
