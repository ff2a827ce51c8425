// The card of an FPGA image that was associated, apart from any cloud.
import { expect, it } from 'vitest';
import { announce } from '../../src/commands/fpga/association.ts';
import type { Outgoing } from '../../src/slack/reply.ts';
import { FakeCloud } from './fake-cloud.ts';

it('shows the line that asks again as it can be typed, with nothing unseen before its slash', async () => {
  const posted: Outgoing[] = [];
  const facts = { description: null, status: 'active', sizeMB: 1, createdAt: null, associated: true, message: null };
  const fpga = { id: 'f1', name: 'כפל', ...facts };
  const image = { id: 'i1', name: 'web-golden' };
  const found = { cloud: new FakeCloud(), fpga, image, pair: { fpgaImageId: 'f1', imageId: 'i1' } };
  const ctx = {
    person: { teamId: 'T1', userId: 'UALICE' },
    channelId: 'C1',
    interactionId: 'i-1',
    slash: '/ecs',
    again: () => 'fpga associate כפל web-golden',
    project: async () => ({ id: 'p1', name: 'demo', domainName: null }),
    outbox: { put: async (messages: Outgoing[]) => void posted.push(...messages) },
  };
  await announce(found, { ctx, head: '✅ Associated', text: 'Every server may load it.', undo: [] });
  expect(JSON.stringify(posted)).toContain('Again: `/ecs fpga associate \u2068כפל\u2069 web-golden`');
});
