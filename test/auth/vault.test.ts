// Sealed values: readable for the same person and purpose only, with any key that is still listed.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVault, parseTokenKeys, personContext, VaultError } from '../../src/auth/vault.ts';

const bytes = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const ALICE = personContext({ teamId: 'T1', userId: 'UALICE' }, 'session');
const BOB = personContext({ teamId: 'T1', userId: 'UBOB' }, 'session');
const vault = createVault(parseTokenKeys(`k1:${bytes(1)}`));

describe('a vault', () => {
  it('gives back whatever was sealed, under the same context', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
        expect(vault.open(vault.seal(plain, context), context)).toBe(plain);
      }),
    );
  });

  it('refuses a value that was moved to another person or purpose', () => {
    const sealed = vault.seal('token', ALICE);
    expect(() => vault.open(sealed, BOB)).toThrow(VaultError);
    expect(() => vault.open(sealed, personContext({ teamId: 'T1', userId: 'UALICE' }, 'login'))).toThrow(VaultError);
  });

  it('refuses a value with any part changed, cut or added', () => {
    const sealed = vault.seal('a secret of some length', ALICE);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom('A', 'b', '.', '-', ''), (at, other) => {
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
        // The last character of base64 has spare bits, which mean nothing.
        fc.pre(Buffer.from(changed, 'base64url').compare(Buffer.from(sealed, 'base64url')) !== 0);
        expect(() => vault.open(changed, ALICE)).toThrow(VaultError);
      }),
    );
  });

  it.each(['', 'v1', 'v1.k1', 'v1.k1.', 'v1.k1.AAAA', 'v2.k1.AAAA', '{}', 'v1.k1.AAAA.AAAA', 'v1.__proto__.AAAA'])(
    'refuses %j with the one error',
    (garbage) => {
      expect(() => vault.open(garbage, ALICE)).toThrow('a sealed value cannot be opened');
    },
  );

  it('never seals the same text to the same value', () => {
    expect(vault.seal('x', ALICE)).not.toBe(vault.seal('x', ALICE));
  });

  it('says nothing about the value in its error', () => {
    const sealed = vault.seal('the-secret', ALICE);
    const error = errorOf(() => vault.open(sealed, BOB));
    const told = JSON.stringify([error.message, error.stack, error.cause, Object.entries(error)]);
    expect(told).not.toContain('the-secret');
    expect(told).not.toContain(sealed.split('.')[2]);
    expect(error.cause).toBeUndefined();
  });
});

describe('changing keys', () => {
  const old = createVault(parseTokenKeys(`k1:${bytes(1)}`));
  const both = createVault(parseTokenKeys(`k2:${bytes(2)}, k1:${bytes(1)}`));
  const after = createVault(parseTokenKeys(`k2:${bytes(2)}`));

  it('opens what an earlier key sealed, and seals with the first', () => {
    expect(both.open(old.seal('x', ALICE), ALICE)).toBe('x');
    expect(both.seal('x', ALICE)).toMatch(/^v1\.k2\./);
    expect(after.open(both.seal('x', ALICE), ALICE)).toBe('x');
  });

  it('does not open what a withdrawn key sealed', () => {
    expect(() => after.open(old.seal('x', ALICE), ALICE)).toThrow(VaultError);
  });

  it('does not take another key of the same name for the right one', () => {
    const namesake = createVault(parseTokenKeys(`k1:${bytes(9)}`));
    expect(() => namesake.open(old.seal('x', ALICE), ALICE)).toThrow(VaultError);
  });
});

describe('TOKEN_KEYS', () => {
  it.each([
    ['', 'at least one key'],
    [' , ', 'at least one key'],
    [bytes(1), 'entry 1 has no key id'],
    [`:${bytes(1)}`, 'entry 1 has no key id'],
    [`a.b:${bytes(1)}`, 'entry 1 has no key id'],
    [`k1:${bytes(1)},k2:c2hvcnQ=`, 'entry 2 is not 32 bytes'],
    [`k1:${bytes(1)},k1:${bytes(2)}`, 'one key id twice'],
  ])('%j is refused: %s', (text, complaint) => {
    const error = errorOf(() => parseTokenKeys(text));
    expect(error.message).toContain(complaint);
    expect(error.message).not.toContain(bytes(1));
  });
});

function errorOf(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('expected an error');
}
