import { describe, expect, it } from 'vitest';
import { buttonsFor } from '../../src/commands/server/show-buttons.ts';
import { parseServer } from '../../src/openstack/server.ts';
import { request } from '../resize/house/requests.ts';

function offered(status: string, { task = null, locked = false }: { task?: string | null; locked?: boolean } = {}) {
  const wire = { id: 's-1', name: 'web-1', status, 'OS-EXT-STS:task_state': task, locked };
  const server = parseServer(wire);
  if (!server) throw new Error('no server');
  const waiting = request({ state: 'awaiting_confirmation' });
  return buttonsFor(server, waiting).flatMap((one) => (one.type === 'button' ? [one.text.text] : []));
}

describe('what a server’s page offers', () => {
  it('is to confirm or revert while its resize waits for that', () => {
    expect(offered('VERIFY_RESIZE')).toEqual(['Confirm', 'Revert']);
  });

  it('is nothing of the kind once more at the end of a revert, when it powers off', () => {
    expect(offered('VERIFY_RESIZE', { task: 'powering-off' })).toEqual([]);
    expect(offered('REVERT_RESIZE', { task: 'resize_reverting' })).toEqual([]);
  });

  it('is nothing that the cloud would refuse: not with a task under way, nor behind a lock', () => {
    expect(offered('ACTIVE')).toContain('Resize');
    expect(offered('ACTIVE', { task: 'image_snapshot' })).toEqual([]);
    expect(offered('ACTIVE', { locked: true })).toEqual([]);
  });
});
