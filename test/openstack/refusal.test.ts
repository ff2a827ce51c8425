// Every shape in which a cloud says no becomes one typed error.
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CloudError, isAmbiguous, type CloudErrorFacts, type CloudErrorKind } from '../../src/openstack/errors.ts';
import { toCloudError } from '../../src/openstack/refusal.ts';
import { NOW, recorded } from './edge.ts';

type Recorded = { status: number; headers: string[]; body: unknown };

function refusal(status: number, body: unknown, headers: Record<string, string> = {}): CloudError {
  const raw = typeof body === 'string' ? body : JSON.stringify(body);
  const json = typeof body === 'string' ? undefined : body;
  const asked = { method: 'POST', url: 'https://cloud.example.test/v2.1/servers', secrets: ['hunter2'] };
  const header = (name: string): string | null => headers[name] ?? null;
  return toCloudError(asked, { status, header, raw, json }, NOW);
}

function replay(name: string): CloudError {
  const { status, headers, body } = recorded(`errors/${name}`) as Recorded;
  const pairs = headers.slice(1).map((line) => line.split(/: (.*)/s).slice(0, 2));
  return refusal(status, body, Object.fromEntries(pairs.map(([key, value]) => [key?.toLowerCase(), value])));
}

describe('what a real OpenStack answered', () => {
  const kinds: Record<string, CloudErrorKind> = {
    'nova-expired-token-401': 'unauthorized',
    'nova-no-token-401': 'unauthorized',
    'keystone-wrong-password-401': 'unauthorized',
    'keystone-no-role-401': 'unauthorized',
    'keystone-appcred-token-after-delete': 'not_found',
    'keystone-validate-revoked-404': 'not_found',
    'keystone-appcred-rescope': 'forbidden',
    'nova-forbidden-policy-403': 'forbidden',
    'nova-forbidden-reader-resize-403': 'forbidden',
    'nova-all-tenants-403': 'forbidden',
    'nova-unscoped-token': 'forbidden',
    'nova-quota-exceeded-403': 'quota',
    'nova-quota-exceeded-create-403': 'quota',
    'nova-unknown-server-404': 'not_found',
    'nova-other-project-action-404': 'not_found',
    'nova-unknown-resource-404': 'not_found',
    'glance-unknown-image-404': 'not_found',
    'nova-resize-while-resizing-409': 'conflict',
    'nova-resize-locked-409': 'conflict',
    'nova-confirm-not-verify': 'conflict',
    'nova-stop-stopped-409': 'conflict',
    'nova-resize-same-flavor-400': 'bad_request',
    'nova-resize-unknown-flavor': 'bad_request',
    'nova-invalid-marker-400': 'bad_request',
    'nova-bad-microversion-406': 'bad_request',
    'cinder-delete-in-use-400': 'bad_request',
    'nova-resize-race-500': 'unavailable',
  };

  test.each(Object.entries(kinds))('%s is %s', (name, kind) => {
    expect(replay(name).kind).toBe(kind);
  });

  test('nothing recorded is left without a kind and a sentence', () => {
    const folder = new URL('../fixtures/openstack/edge/errors/', import.meta.url);
    const refused = readdirSync(folder)
      .map((file) => file.replace('.json', ''))
      .filter((name) => (recorded(`errors/${name}`) as Recorded).status >= 400);
    expect(refused.length).toBeGreaterThan(40);
    for (const name of refused) {
      const error = replay(name);
      expect(error.kind, name).not.toBe('unexpected');
      expect(error.serviceMessage, name).not.toBe('');
    }
  });

  test('the cloud’s request id and its own words are kept', () => {
    const error = replay('nova-quota-exceeded-403');
    expect(error).toMatchObject({
      status: 403,
      code: 'forbidden',
      serviceMessage: 'Quota exceeded for cores: Requested 7, but already used 5 of 6 cores',
      requestId: 'req-4a6b34e3-b3ad-4bf4-8814-1ef0b98ab404',
    });
    expect(error.message).toContain('req-4a6b34e3-b3ad-4bf4-8814-1ef0b98ab404');
  });

  test('line breaks in HTML are taken out of a sentence, class names are not', () => {
    expect(replay('nova-unknown-resource-404').serviceMessage).toBe('The resource could not be found.');
    expect(replay('nova-resize-race-500').serviceMessage).toContain(
      "<class 'nova.exception.UnexpectedTaskStateError'>",
    );
  });
});

describe('the other shapes', () => {
  type Case = [shape: string, status: number, body: unknown, expected: Partial<CloudErrorFacts>];
  const cases: Case[] = [
    [
      'Keystone',
      401,
      { error: { code: 401, message: 'No.', title: 'Unauthorized' } },
      { kind: 'unauthorized', code: 'Unauthorized', serviceMessage: 'No.' },
    ],
    [
      'Nova fault',
      409,
      { conflictingRequest: { code: 409, message: 'Locked' } },
      { kind: 'conflict', code: 'conflictingRequest' },
    ],
    [
      'Neutron',
      404,
      { NeutronError: { type: 'PortNotFound', message: 'No port', detail: '' } },
      { kind: 'not_found', code: 'PortNotFound', serviceMessage: 'No port' },
    ],
    [
      'Neutron quota',
      409,
      { NeutronError: { type: 'OverQuota', message: 'Quota exceeded', detail: '' } },
      { kind: 'quota' },
    ],
    ['old Neutron', 400, { NeutronError: 'bad port' }, { kind: 'bad_request', serviceMessage: 'bad port' }],
    [
      'native ECS',
      400,
      { error: { code: 'Ecs.0100', message: 'The server must be stopped.' } },
      { kind: 'conflict', code: 'Ecs.0100' },
    ],
    [
      'native ECS, swapped',
      400,
      { error: { code: 'The server must be stopped.', message: 'Ecs.0100' } },
      { kind: 'conflict', code: 'Ecs.0100', serviceMessage: 'The server must be stopped.' },
    ],
    [
      'native batch',
      400,
      {
        error: { code: 'Ecs.0611', message: 'Batch failed' },
        internalError: [{ id: 's1', error_code: 'Ecs.0100', error_message: 's1 runs' }],
      },
      { code: 'Ecs.0611', serviceMessage: 'Batch failed; s1 runs' },
    ],
    ['native quota', 400, { error: { code: 'Ecs.0001', message: 'Too many cores' } }, { kind: 'quota' }],
    [
      'gateway',
      401,
      { error_msg: 'The token must be updated.', error_code: 'APIG.0307', request_id: 'abc' },
      { kind: 'unauthorized', code: 'APIG.0307', requestId: 'abc' },
    ],
    [
      'gateway throttle',
      429,
      { error_msg: 'Slow down', error_code: 'APIGW.0308', request_id: 'abc' },
      { kind: 'throttled' },
    ],
    [
      'gateway, unknown API',
      404,
      { error_msg: 'The API does not exist', error_code: 'APIGW.0101' },
      { kind: 'not_found' },
    ],
    [
      'IAM',
      404,
      { error_msg: 'No such provider', error_code: 'IAM.0004' },
      { kind: 'not_found', code: 'IAM.0004', serviceMessage: 'No such provider' },
    ],
    ['legacy IAM', 400, { error: { code: '1101', message: 'Bad name' } }, { kind: 'bad_request', code: '1101' }],
    [
      'flow limit inside a 202',
      202,
      { error: { code: 'Common.0024', message: 'exceeds flow over limit' } },
      { kind: 'throttled', code: 'Common.0024' },
    ],
    [
      'Glance',
      404,
      { message: 'No image<br /><br />\n\n', code: '404 Not Found', title: 'Not Found' },
      { kind: 'not_found', serviceMessage: 'No image' },
    ],
    [
      'error list',
      400,
      { errors: [{ status: 400, title: 'Bad Request', detail: 'Wrong name', code: 'placement.x' }] },
      { code: 'placement.x', serviceMessage: 'Wrong name' },
    ],
    [
      'VPC',
      404,
      { code: 'VPC.0101', message: 'No vpc' },
      { kind: 'not_found', code: 'VPC.0101', serviceMessage: 'No vpc' },
    ],
    [
      'HTML',
      502,
      '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>',
      { kind: 'unavailable', serviceMessage: '502 Bad Gateway nginx' },
    ],
    ['empty', 503, '', { kind: 'unavailable', code: null, serviceMessage: '' }],
    ['truncated JSON', 500, '{"computeFault": {"code": 500, "mess', { kind: 'unavailable' }],
    ['text', 504, 'upstream request timeout', { kind: 'unavailable', serviceMessage: 'upstream request timeout' }],
    ['a redirect', 302, '', { kind: 'unexpected' }],
    ['nonsense', 400, [1, null], { kind: 'bad_request' }],
    ['an empty object', 400, {}, { kind: 'bad_request', code: null, serviceMessage: '' }],
    [
      'as many disks as a server may have',
      403,
      {
        forbidden: {
          code: 403,
          message: 'The maximum allowed number of disk devices (26) to attach to a single instance has been exceeded.',
        },
      },
      { kind: 'quota' },
    ],
    [
      'as many ports as there may be',
      403,
      { forbidden: { code: 403, message: 'Maximum number of ports exceeded' } },
      { kind: 'quota' },
    ],
    [
      'a rule about quotas',
      403,
      { forbidden: { code: 403, message: "Policy doesn't allow os_compute_api:os-quota-sets:show to be performed." } },
      { kind: 'forbidden' },
    ],
    [
      'an image the person may not use',
      401,
      { unauthorized: { code: 401, message: 'Not authorized for image x.' } },
      { kind: 'forbidden' },
    ],
  ];

  const rows = cases.map(([shape, status, body, expected]) => ({ shape, status, body, expected }));

  test.each(rows)('$shape ($status)', ({ status, body, expected }) => {
    expect(refusal(status, body)).toMatchObject(expected);
  });

  test('a Cinder 413 with Retry-After 0 is about quota, one with a real wait about throttling', () => {
    const body = { overLimit: { code: 413, message: 'This request was rate-limited.', retryAfter: '0' } };
    expect(refusal(413, body, { 'retry-after': '0' }).kind).toBe('quota');
    expect(refusal(413, body, { 'retry-after': '30' })).toMatchObject({ kind: 'throttled', retryAfterMs: 30_000 });
    expect(refusal(413, { error_msg: 'body too large', error_code: 'APIGW.0201' }).kind).toBe('bad_request');
  });

  test('a missing second factor is told apart from a wrong password', () => {
    const body = { receipt: { methods: ['password'] }, required_auth_methods: [['password', 'totp']] };
    expect(refusal(401, body, { 'openstack-auth-receipt': 'r1' }).kind).toBe('mfa_required');
  });

  test.each([
    ['7', 7000],
    ['0', 0],
    ['Fri, 20 Nov 2026 21:01:30 GMT', 90_000],
    ['Fri, 20 Nov 2026 20:00:00 GMT', 0],
    ['99999999999', 3_600_000],
    ['soon', null],
    ['-5', null],
    ['', null],
  ])('Retry-After “%s” means a wait of %s ms', (header, wait) => {
    expect(refusal(429, '', { 'retry-after': header }).retryAfterMs).toBe(wait);
  });

  test('without the header, Nova’s retryAfter in the body counts', () => {
    const body = { overLimit: { code: 429, message: 'Slow down', retryAfter: '12' } };
    expect(refusal(429, body).retryAfterMs).toBe(12_000);
  });

  test.each(['x-openstack-request-id', 'x-compute-request-id', 'x-iam-trace-id', 'x-request-id'])(
    'the request id is found in %s',
    (name) => {
      expect(refusal(500, '', { [name]: 'req-1' }).requestId).toBe('req-1');
    },
  );

  test('a service that quotes a secret does not get it into our logs', () => {
    const error = refusal(400, { error: { code: 400, message: "'hunter2' is too short", title: 'Bad Request' } });
    expect(error.message).toContain("'[secret]' is too short");
    expect(error.message).not.toContain('hunter2');
  });

  test('a sentence without end is cut', () => {
    expect(refusal(400, 'x'.repeat(100_000)).serviceMessage).toHaveLength(500);
  });

  test('a code that every object knows means nothing', () => {
    expect(refusal(400, { error_code: 'constructor', error_msg: 'odd' }).kind).toBe('bad_request');
    expect(refusal(409, { error_code: '__proto__', error_msg: 'odd' }).kind).toBe('conflict');
  });
});

describe('whether a change may have been made although the call failed', () => {
  const facts: CloudErrorFacts = {
    kind: 'unavailable',
    method: 'POST',
    url: 'https://cloud.example.test/',
    status: 500,
    code: null,
    serviceMessage: '',
    requestId: null,
    retryAfterMs: null,
    unsent: false,
  };
  const cases: [what: string, facts: Partial<CloudErrorFacts>, ambiguous: boolean][] = [
    ['500: two resizes at once', {}, true],
    ['502', { status: 502 }, true],
    ['504', { status: 504 }, true],
    ['a time limit', { kind: 'timeout', status: null }, true],
    ['a reset connection', { kind: 'network', status: null, code: 'ECONNRESET' }, true],
    ['an accepted call with a broken body', { kind: 'network', status: 202 }, true],
    ['an accepted call with HTML', { kind: 'unexpected', status: 202 }, true],
    ['a connection that was never made', { kind: 'network', status: null, code: 'ECONNREFUSED', unsent: true }, false],
    ['503: refused before the service', { status: 503 }, false],
    ['409', { kind: 'conflict', status: 409 }, false],
    ['the flow limit inside a 202', { kind: 'throttled', status: 202 }, false],
    ['a 500 on reading', { method: 'GET' }, false],
  ];

  test.each(cases)('%s', (_what, change, ambiguous) => {
    expect(isAmbiguous(new CloudError({ ...facts, ...change }))).toBe(ambiguous);
  });

  test('errors of other kinds say nothing about it', () => {
    expect(isAmbiguous(new Error('bug'))).toBe(false);
  });
});
