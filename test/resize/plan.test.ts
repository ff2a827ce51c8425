import { describe, expect, it } from 'vitest';
import { capacity, drift, flavorShown, shrinks } from '../../src/resize/plan.ts';
import { preflight } from '../../src/resize/preflight.ts';
import { LARGE, plan, server, shown, SMALL } from './house/requests.ts';

describe('the plan that is approved', () => {
  it('is the same for everybody, whatever form their cloud shows flavors in', () => {
    expect(plan({ from: { ...SMALL, id: null } }).hash).toBe(plan().hash);
    expect(plan({ server: { volumeIds: ['b', 'a'] } }).hash).toBe(plan({ server: { volumeIds: ['a', 'b'] } }).hash);
  });

  it.each([
    ['its name', { server: { name: 'web-2' } }, 'The server was called web-1 and is now called web-2.'],
    ['whether it runs', { server: { status: 'SHUTOFF' } }, 'The server was running and is now shut off.'],
    ['its flavor', { from: LARGE }, 'Its flavor was s2.small (1 vCPU, 1 GiB, 10 GiB disk) and is now c1.large'],
    ['the target', { to: { ...LARGE, ramMiB: 4096 } }, 'The target flavor was c1.large (4 vCPU, 8 GiB'],
    ['its disks', { server: { volumeIds: ['a', 'b'] } }, 'It had 0 disks attached and now has 2 disks (2 added).'],
  ])('says what has changed: %s', (_what, changes, sentence) => {
    expect(drift(plan(), plan(changes)).join(' ')).toContain(sentence);
  });

  it('has not changed when nothing has', () => {
    expect(drift(plan(), plan())).toEqual([]);
  });

  it('knows the flavor a server shows by id, by facts, or not at all', () => {
    expect(flavorShown({ flavor: { id: '13' } }, [SMALL, LARGE])).toEqual(LARGE);
    expect(flavorShown({ flavor: shown(LARGE) }, [SMALL, LARGE])).toEqual(LARGE);
    expect(flavorShown({ flavor: shown(LARGE) }, [])).toEqual({ ...LARGE, id: null });
    expect(flavorShown({ flavor: { id: '99' } }, [SMALL])).toBeNull();
  });

  it('counts a drop of either processors or memory as smaller', () => {
    expect(shrinks(plan())).toBe(false);
    expect(shrinks(plan({ from: LARGE, to: SMALL }))).toBe(true);
    expect(shrinks(plan({ to: { ...LARGE, ramMiB: 512 } }))).toBe(true);
    expect(capacity({ ...SMALL, ramMiB: 1536 })).toBe('1 vCPU, 1.5 GiB');
  });
});

describe('preflight', () => {
  const unlimited = { servers: none(), cores: none(), ramMiB: none() };
  function none() {
    return { used: null, max: null };
  }
  const check = (changes: Parameters<typeof plan>[0], more: Partial<Parameters<typeof preflight>[0]> = {}) =>
    preflight({
      plan: plan(changes),
      server: server(changes?.server),
      targetDisabled: false,
      limits: unlimited,
      ...more,
    });

  it.each([
    ['ACTIVE', null],
    ['SHUTOFF', null],
    ['PAUSED', 'wrong_state'],
    ['ERROR', 'wrong_state'],
    ['BUILD', 'wrong_state'],
    ['VERIFY_RESIZE', 'wrong_state'],
  ])('of a server that is %s: %s', (status, code) => {
    expect(check({ server: { status } }).objection?.code ?? null).toBe(code);
  });

  it('knows the flavor it has by its name where the cloud tells no id', () => {
    const from = { ...LARGE, id: null };
    expect(check({ from }).objection).toEqual({
      code: 'already_done',
      sentence: 'web-1 already has flavor c1.large. Choose another one.',
    });
    expect(check({ from: { ...SMALL, id: null } }).objection).toBeNull();
  });

  it('refuses a disabled flavor, which is shown and not listed', () => {
    expect(check({}, { targetDisabled: true }).objection).toEqual({
      code: 'unsupported',
      sentence: 'Flavor c1.large is disabled in this cloud. Choose another one.',
    });
  });

  it('lets a server that boots from a volume take a flavor with a smaller disk', () => {
    const to = { ...LARGE, diskGiB: 0 };
    expect(check({ to }).objection?.code).toBe('unsupported');
    expect(check({ to, server: { imageId: null } }).objection).toBeNull();
  });

  it.each([
    ['enough', { used: 17, max: 20 }, null],
    ['one core too few', { used: 18, max: 20 }, 'it lacks 1 more core (18 of 20 are used)'],
    ['already above it', { used: 30, max: 20 }, 'it lacks 13 more cores (30 of 20 are used)'],
    ['no limit', { used: 1_000, max: null }, null],
  ])('of a quota that has %s', (_name, cores, said) => {
    const { objection } = check({}, { limits: { ...unlimited, cores } });
    if (said === null) expect(objection).toBeNull();
    else expect(objection).toMatchObject({ code: 'quota', sentence: expect.stringContaining(said) });
  });

  it('never counts a smaller flavor against the quota, not even one that is exceeded by far', () => {
    const full = { ...unlimited, cores: { used: 40, max: 20 }, ramMiB: { used: 99_999, max: 1 } };
    const result = check({ from: LARGE, to: SMALL }, { limits: full });

    expect(result.objection).toBeNull();
    expect(result.lines).toContainEqual({
      level: 'warning',
      text: 'The new flavor is smaller (4 vCPU, 8 GiB to 1 vCPU, 1 GiB): performance drops',
    });
  });
});
