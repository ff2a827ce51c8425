// What stands in the form of a new server, and what is wrong with it as far as can be told at once, inside the ack. Pure.
import { z } from 'zod';
import { type Facts, type Field, problemsOf, usualDisk } from '../../creation/check.ts';
import type { FormValues } from '../../slack/reply.ts';
import { shortName } from '../server/words.ts';
import type { Form } from '../command.ts';

/** Ids or what was typed in the line; `size` is what stands in its field, a number or not. Null: nothing. */
export type Filled = Record<Field, string | null>;

/** Instead of a disk type: no disk is made, the server gets what its flavor has. */
export const FLAVORS_OWN = 'flavor-disk';

const FIELDS: readonly Field[] = ['name', 'flavor', 'image', 'size', 'type', 'network', 'key', 'zone'];

export const NOTHING_FILLED: Filled = {
  name: null,
  flavor: null,
  image: null,
  size: null,
  type: null,
  network: null,
  key: null,
  zone: null,
};

export function formFields({ values }: Pick<Form, 'values'>): Filled {
  const filled = { ...NOTHING_FILLED };
  for (const field of FIELDS) filled[field] = textIn(values, field);
  return filled;
}

function textIn(values: FormValues, field: Field): string | null {
  const block = blockOf(values, field);
  const value = block === null ? null : values[block];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** Some blocks have what they depend on behind their name, so that they start anew with it. */
function blockOf(values: FormValues, field: Field): string | null {
  return Object.keys(values).find((block) => block === field || block.startsWith(`${field}:`)) ?? null;
}

/** Whole GiB; null for anything else. */
export function readSize(size: string | null): number | null {
  return size !== null && /^\d{1,7}$/.test(size) ? Number(size) : null;
}

const flavor = z.object({
  id: z.string(),
  name: z.string(),
  vcpus: z.number(),
  ramMiB: z.number(),
  diskGiB: z.number(),
});
const image = z.object({
  id: z.string(),
  name: z.string(),
  minDiskGiB: z.number(),
  minRamMiB: z.number(),
  sizeGiB: z.number(),
});
const left = z.number().nullable();
const formFacts = z.object({
  flavor: flavor.nullable(),
  image: image.nullable(),
  room: z.object({ servers: left, cores: left, ramMiB: left, disks: left, gigabytes: left }),
  rules: z.object({ plainServerNames: z.boolean(), largestBootDiskGiB: z.number().nullable() }),
  /** Whether a disk is made; else the flavor's own is taken. */
  disks: z.boolean(),
});

/** What the form was filled from, kept in it, so that it can be checked without asking the cloud. */
export type FormFacts = z.infer<typeof formFacts>;

/** Names are cut: private metadata has 3,000 characters. */
export function writeFacts(facts: FormFacts): string {
  const short = <T extends { name: string }>(one: T | null) => one && { ...one, name: shortName(one.name) };
  return JSON.stringify({ ...facts, flavor: short(facts.flavor), image: short(facts.image) });
}

export function readFacts(about: Readonly<Record<string, string>>): FormFacts | null {
  try {
    return formFacts.parse(JSON.parse(about['facts'] ?? 'null'));
  } catch {
    return null;
  }
}

/** Errors by block_id. Once the form has been filled from other choices than stand in it, the full check comes later. */
export function checkForm(form: Form): Record<string, string> {
  const filled = formFields(form);
  const errors: Record<string, string> = {};
  const complain = (field: Field, sentence: string) => {
    const block = blockOf(form.values, field) ?? 'name';
    errors[block] ??= sentence;
  };
  if (filled.name === null) complain('name', 'A server needs a name.');
  if (filled.flavor === null) complain('flavor', 'Choose a flavor.');
  if (filled.image === null) complain('image', 'Choose an image.');
  if (filled.size !== null && readSize(filled.size) === null) complain('size', 'A whole number of GiB, such as 40.');
  const facts = readFacts(form.about);
  if (facts) for (const { field, sentence } of problemsOf(known(filled, facts))) complain(field, sentence);
  return errors;
}

/** Of what was chosen since, nothing is known here. */
function known(filled: Filled, facts: FormFacts): Facts {
  const chosen = {
    flavor: facts.flavor?.id === filled.flavor ? facts.flavor : null,
    image: facts.image?.id === filled.image ? facts.image : null,
  };
  const { room, rules, disks } = facts;
  const sizeGiB = disks && filled.type !== FLAVORS_OWN ? (readSize(filled.size) ?? usualDisk(chosen)) : null;
  return { ...chosen, name: filled.name, sizeGiB, room, rules };
}
