// The NICs of a server: attaching takes as long as the host does, and may have happened although nobody said so.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import { isAmbiguous } from '../../src/openstack/errors.ts';
import {
  attachInterface,
  attachInterfaceRequest,
  detachInterface,
  listInterfaces,
} from '../../src/openstack/interfaces.ts';
import { CLOUD, connect, recorded, thrown, useNock } from './edge.ts';

useNock();

const NICS = '/v2.1/servers/s1/os-interface';
const PORT = '11a53a59-baf6-485a-95c9-31c6597f5a5d';

describe('a server’s NICs', () => {
  test('are listed with their addresses', async () => {
    nock(CLOUD)
      .get(NICS)
      .reply(200, recorded('os-interface') as nock.Body);
    const [first, second] = await listInterfaces(connect(), 's1');
    expect(first).toEqual({
      portId: PORT,
      networkId: '413fb1cc-cff7-46b1-9f79-2aff0edf6b02',
      mac: 'fa:16:3e:32:b3:f0',
      state: 'ACTIVE',
      addresses: [{ address: '10.9.0.245', subnetId: '99f75f4a-cc81-476b-9cb2-0b9cee341b48' }],
    });
    expect(second?.addresses[0]?.address).toBe('10.0.0.32');
  });

  test('get one more, not wired yet', async () => {
    nock(CLOUD)
      .post(NICS, { interfaceAttachment: { port_id: PORT } })
      .reply(200, recorded('interface-attach') as nock.Body);
    expect(await attachInterface(connect(), 's1', { portId: PORT })).toMatchObject({ portId: PORT, state: 'DOWN' });
  });

  test('are given minutes, not seconds', () => {
    expect(attachInterfaceRequest('s1', { portId: PORT }).timeoutMs).toBe(120_000);
  });

  test.each([
    [{ networkId: 'n1' }, { net_id: 'n1' }],
    [
      { networkId: 'n1', address: '10.9.0.7' },
      { net_id: 'n1', fixed_ips: [{ ip_address: '10.9.0.7' }] },
    ],
    [{ portId: 'p1' }, { port_id: 'p1' }],
  ])('are asked for by port or by network, never by both: %j', (order, expected) => {
    expect(attachInterfaceRequest('s1', order).body).toEqual({ interfaceAttachment: expected });
  });

  test('lose one', async () => {
    nock(CLOUD).delete(`${NICS}/p1`).reply(202);
    await detachInterface(connect(), 's1', 'p1');
  });
});

describe('a lost answer about a NIC', () => {
  test.each([
    ['the gateway gave up', (reply: nock.Interceptor) => reply.reply(504, '')],
    ['the connection died', (reply: nock.Interceptor) => reply.replyWithError(reset())],
    ['the host failed', (reply: nock.Interceptor) => reply.reply(500, { computeFault: { code: 500, message: 'x' } })],
  ])('is no failure when the server has it by then: %s', async (_words, lose) => {
    lose(nock(CLOUD).post(NICS));
    nock(CLOUD)
      .get(NICS)
      .reply(200, recorded('os-interface') as nock.Body);
    expect(await attachInterface(connect(), 's1', { portId: PORT })).toMatchObject({ portId: PORT });
  });

  test('is told as it was when the server does not have it', async () => {
    nock(CLOUD).post(NICS).reply(504, '');
    nock(CLOUD)
      .get(NICS)
      .reply(200, recorded('os-interface') as nock.Body);
    expect(isAmbiguous(await thrown(attachInterface(connect(), 's1', { portId: 'other' })))).toBe(true);
  });

  test('is told as it was when nobody can say which NIC would be the one', async () => {
    nock(CLOUD).post(NICS).reply(504, '');
    expect(isAmbiguous(await thrown(attachInterface(connect(), 's1', { networkId: 'n1' })))).toBe(true);
  });

  test('is told as it was when the cloud cannot be looked at either', async () => {
    nock(CLOUD).post(NICS).reply(504, '');
    nock(CLOUD).get(NICS).times(3).reply(503, {});
    expect(await thrown(attachInterface(connect(), 's1', { portId: PORT }))).toMatchObject({ status: 504 });
  });

  test.each([
    [409, { conflictingRequest: { code: 409, message: `Port ${PORT} is still in use.` } }, 'conflict'],
    [400, { badRequest: { code: 400, message: 'Must not input both network_id and port_id' } }, 'bad_request'],
    [403, { forbidden: { code: 403, message: 'Quota exceeded: Maximum number of ports exceeded' } }, 'quota'],
  ])('is not what a refusal is: %s', async (status, body, kind) => {
    nock(CLOUD).post(NICS).reply(status, body);
    expect(await thrown(attachInterface(connect(), 's1', { portId: PORT }))).toMatchObject({ kind });
  });
});

function reset(): Error {
  return Object.assign(new Error('reset'), { code: 'ECONNRESET' });
}
