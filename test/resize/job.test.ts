import { describe, expect, it } from 'vitest';
import { advance } from '../../src/resize/advance.ts';
import { buttons } from '../../src/resize/card-buttons.ts';
import { actsFrom, requestOf } from '../../src/resize/calls.ts';
import type { JobSeen, Observation } from '../../src/resize/observation.ts';
import { drift, makePlan, type ServerSeen } from '../../src/resize/plan.ts';
import { preflight, preflightLines } from '../../src/resize/preflight.ts';
import type { Intention, ResizeRequest } from '../../src/resize/request.ts';
import { intention, LARGE, MINUTE, plan, request, server, shown, T0 } from './house/requests.ts';

const OFF = { status: 'SHUTOFF' };
const native = { ...plan(), backend: 'native' as const };

/** Stopped, and the order for the resize was taken at T0. */
function resizing(changes: Partial<Intention> = {}): ResizeRequest {
  const answer = { kind: 'accepted' as const, at: T0, requestId: 'req-1', said: null, jobId: 'job-1' };
  return request({ plan: native, state: 'resizing', intention: intention('resize', { answer, ...changes }), due: T0 });
}

function look(changes: Partial<ServerSeen>, job?: JobSeen): Observation {
  return { kind: 'server', at: T0 + 1, server: server(changes), actions: [], ...(job && { job }) };
}

const NEW = { ...OFF, flavor: shown(LARGE) };

describe('a resize that is one job', () => {
  it.each<[what: string, seen: [Partial<ServerSeen>, JobSeen], state: string]>([
    ['is done when job and server say so', [NEW, { kind: 'succeeded' }], 'starting'],
    ['is done when the server says so and the job is forgotten', [NEW, { kind: 'unknown' }], 'starting'],
    ['goes on while the job runs, whatever the server shows', [NEW, { kind: 'running' }], 'resizing'],
    ['goes on while the job has not begun', [OFF, { kind: 'running' }], 'resizing'],
    [
      'does not ask to confirm what the platform confirms',
      [{ status: 'VERIFY_RESIZE', vmState: 'resized', flavor: shown(LARGE) }, { kind: 'running' }],
      'resizing',
    ],
    [
      'goes on while the server moves',
      [{ status: 'RESIZE', taskState: 'resize_migrating' }, { kind: 'running' }],
      'resizing',
    ],
    ['waits a moment for a server that is late', [OFF, { kind: 'succeeded' }], 'resizing'],
    [
      'starts the server again when the job failed',
      [OFF, { kind: 'failed', code: 'Ecs.0319', reason: 'no room' }],
      'starting',
    ],
    [
      'ends when the job failed half-way',
      [
        { status: 'VERIFY_RESIZE', vmState: 'resized', flavor: shown(LARGE) },
        { kind: 'failed', code: 'Ecs.0209', reason: null },
      ],
      'failed',
    ],
    ['ends when the server broke', [{ status: 'ERROR' }, { kind: 'failed', code: null, reason: null }], 'failed'],
    [
      'leaves alone what somebody resized otherwise',
      [{ ...OFF, flavor: { name: 'other', vcpus: 9, ramMiB: 9, diskGiB: 9 } }, { kind: 'running' }],
      'starting',
    ],
  ])('%s', (_what, [changes, job], state) => {
    const step = advance(resizing(), look(changes, job), T0 + 10);
    expect(step.do).not.toBe('look');
    expect(step).toMatchObject({ request: { state } });
  });

  it('asks for the job before it makes anything of an idle server', () => {
    expect(advance(resizing(), look(OFF), T0 + 10)).toMatchObject({ do: 'look', look: { kind: 'server' } });
    expect(advance(resizing(), look(NEW), T0 + 10)).toMatchObject({ do: 'look' });
  });

  it('says in words what the job failed of, and which flavor the server has', () => {
    const step = advance(
      resizing(),
      look(OFF, { kind: 'failed', code: 'Ecs.0319', reason: 'no <b>room</b>' }),
      T0 + 10,
    );
    expect(step).toMatchObject({
      request: {
        outcome: {
          state: 'failed',
          said: expect.stringMatching(
            /there is no room for this flavor \(Ecs\.0319\)\. It said: “no <b>room<\/b>” web-1 keeps flavor s2\.small/,
          ) as string,
        },
      },
    });
  });

  it('gives up when the job is done and the server never shows it', () => {
    const waiting = advance(resizing(), look(OFF, { kind: 'succeeded' }), T0 + 10);
    if (waiting.do !== 'rest') throw new Error(waiting.do);
    const late = { ...look(OFF, { kind: 'succeeded' as const }), at: T0 + 2 * MINUTE };
    const step = advance(waiting.request, late, T0 + 2 * MINUTE);
    expect(step).toMatchObject({ request: { state: 'starting', outcome: { state: 'failed' } } });
  });

  it('gives up when the job is forgotten and the server never shows it, and orders nothing again', () => {
    const waiting = advance(resizing(), look(OFF, { kind: 'unknown' }), T0 + 10);
    expect(waiting).toMatchObject({ do: 'rest', request: { state: 'resizing', note: { kind: 'uncertain' } } });
    if (waiting.do !== 'rest') throw new Error(waiting.do);
    const late = { ...look(OFF, { kind: 'unknown' as const }), at: T0 + 2 * MINUTE };
    const step = advance(waiting.request, late, T0 + 2 * MINUTE);
    expect(step).toMatchObject({ do: 'act', act: 'start', request: { outcome: { state: 'failed' } } });
    expect(step.do === 'act' && step.request.outcome?.said).toContain('web-1 has not changed since');
  });

  it('believes the record of a failure when the job is forgotten', () => {
    const failed = [{ act: 'resize', requestId: 'req-1', failed: true, failedEvent: null }];
    const waiting = advance(resizing(), look(OFF, { kind: 'unknown' }), T0 + 10);
    if (waiting.do !== 'rest') throw new Error(waiting.do);
    const late = { ...look(OFF, { kind: 'unknown' as const }), at: T0 + 2 * MINUTE, actions: failed } as Observation;
    const step = advance(waiting.request, late, T0 + 2 * MINUTE);
    expect(step.do === 'act' && step.request.outcome?.said).toContain('and gave it up');
  });

  it('says “still” after ten minutes and goes on', () => {
    const seen = { ...look(OFF, { kind: 'running' as const }), at: T0 + 11 * MINUTE };
    expect(advance(resizing(), seen, T0 + 11 * MINUTE)).toMatchObject({
      do: 'rest',
      request: { state: 'resizing', note: { kind: 'slow' } },
    });
  });

  it('looks for what became of an order whose answer got lost, before it repeats it', () => {
    const lost = resizing({ answer: { kind: 'lost', at: T0, requestId: null, said: null } });
    const taken = {
      ...look(OFF),
      actions: [{ act: 'resize', requestId: 'req-9', failed: false, failedEvent: null }],
    } as Observation;
    expect(advance(lost, taken, T0 + 10)).toMatchObject({
      do: 'rest',
      request: { intention: { answer: { kind: 'accepted', requestId: 'req-9' } } },
    });
    expect(advance(lost, look(NEW), T0 + 10)).toMatchObject({
      request: { state: 'starting', outcome: { state: 'succeeded' } },
    });
    expect(advance(lost, look(OFF), T0 + 10)).toMatchObject({ do: 'rest' });
    expect(advance(lost, { ...look(OFF), at: T0 + 2 * MINUTE }, T0 + 2 * MINUTE)).toMatchObject({ do: 'act' });
  });
});

describe('the native backend', () => {
  it('is one call without confirm and revert', () => {
    expect(actsFrom('approve', native)).toEqual(['stop', 'resize', 'start']);
    expect(requestOf(native, 'resize')).toMatchObject({
      service: 'ecs',
      method: 'POST',
      body: { resize: { flavorRef: LARGE.id } },
    });
  });

  it('is part of what is approved', () => {
    const { project, region, from, to } = plan();
    const other = makePlan({ project, region, from, to, server: server(), backend: 'native' });
    expect(other.hash).not.toBe(plan().hash);
    expect(drift(plan(), other).join()).toContain('without a step to confirm');
  });

  it('says before the approval that there is nothing to confirm', () => {
    expect(
      preflightLines({ plan: native, server: server() })
        .map(({ text }) => text)
        .join(),
    ).toContain('has no step to confirm');
    expect(
      preflightLines({ plan: plan(), server: server() })
        .map(({ text }) => text)
        .join(),
    ).not.toContain('step to confirm');
  });

  it('offers a reverse resize by that name once it is done, and no revert', () => {
    const done = JSON.stringify(buttons(request({ plan: native, state: 'succeeded' })));
    expect(done).toContain('Reverse resize');
    expect(done).not.toContain('Revert');
    expect(buttons(request({ state: 'succeeded' }))).toBeNull();
  });
});

describe('what the cloud offers', () => {
  const limits = { cores: { used: null, max: null }, ramMiB: { used: null, max: null } } as never;
  const flavor = (parts: object) => ({
    ...LARGE,
    ephemeralGiB: 0,
    swapMiB: 0,
    disabled: false,
    isPublic: true,
    description: null,
    extraSpecs: null,
    ...parts,
  });
  const check = (offered: ReturnType<typeof flavor>[] | null, zone: string | null = null) =>
    preflight({ plan: plan(), server: server({ zone }), targetDisabled: false, limits, offered }).objection?.sentence ??
    null;

  it.each<[string, ReturnType<typeof flavor>[] | null, RegExp | null]>([
    ['nothing said', null, null],
    ['the target', [flavor({})], null],
    [
      'others',
      [flavor({ id: 'x', name: 'm3.large' })],
      /does not resize web-1 to c1\.large\. Possible are m3\.large\./,
    ],
    ['no other at all', [], /It offers no other one just now/],
    [
      'the target, sold out',
      [flavor({ extraSpecs: { 'cond:operation:status': 'sellout' } })],
      /c1\.large is sold out\. Choose/,
    ],
  ])('decides with %s', (_what, offered, sentence) => {
    if (sentence === null) expect(check(offered)).toBeNull();
    else expect(check(offered)).toMatch(sentence);
  });

  it('knows what is sold out in the server’s own zone', () => {
    const offered = [flavor({ extraSpecs: { 'cond:operation:az': 'eu-de-01(sellout), eu-de-02(normal)' } })];
    expect(check(offered, 'eu-de-01')).toContain('sold out in zone eu-de-01');
    expect(check(offered, 'eu-de-02')).toBeNull();
  });
});
