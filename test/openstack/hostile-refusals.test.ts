// Refusals written to hurt: secrets quoted back, pages that never end, and text that is no sentence.
import { describe, expect, test } from 'vitest';
import type { CloudError } from '../../src/openstack/errors.ts';
import { toCloudError } from '../../src/openstack/refusal.ts';
import { NOW } from './edge.ts';

const TOKEN = `gAAAAAB${'q'.repeat(183)}`;
const KEY = '-----BEGIN KEY-----\nabc\ndef\n-----END KEY-----';

function refusal(raw: string, secrets: string[] = [], status = 400): CloudError {
  const asked = { method: 'POST', url: 'https://cloud.example.test/', secrets };
  return toCloudError(asked, { status, header: () => null, raw, json: parsed(raw) }, NOW);
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

function told({ message, serviceMessage, code }: CloudError): string {
  return [message, serviceMessage, code].join('\n');
}

describe('a secret that a service quotes', () => {
  test('is covered also where the sentence is cut in the middle of it', () => {
    const message = `${'x'.repeat(400)} ${TOKEN} is not valid`;
    const error = refusal(JSON.stringify({ error: { code: 401, message } }), [TOKEN]);
    expect(error.serviceMessage).toContain('xx [secret] is not valid');
    expect(told(error)).not.toContain(TOKEN.slice(0, 20));
  });

  test('is covered when it is longer than any sentence we keep', () => {
    const long = 'M'.repeat(4096);
    expect(told(refusal(JSON.stringify({ error_code: 'IAM.0011', error_msg: long }), [long]))).not.toContain('MMMM');
  });

  test('is covered although it has line breaks, which are taken out of sentences', () => {
    const body = { badRequest: { code: 400, message: `Invalid input: ${KEY}` } };
    expect(refusal(JSON.stringify(body), [KEY]).serviceMessage).toBe('Invalid input: [secret]');
  });

  test.each([
    ['text', (secret: string) => `cannot use ${secret}`],
    ['HTML', (secret: string) => `<html><body>cannot use <b>${secret}</b></body></html>`],
    ['escaped HTML', () => '<html><body>cannot use p&lt;w&gt;&quot;&#x27;&amp;rd</body></html>'],
  ])('is covered in %s', (_what, write) => {
    const secret = 'p<w>"\'&rd';
    const error = refusal(write(secret), [secret], 502);
    expect(error.serviceMessage).toMatch(/cannot use\s+\[secret\]/);
  });

  test('is covered where the code should stand', () => {
    const error = refusal(JSON.stringify({ error: { code: TOKEN, message: 'is not valid' } }), [TOKEN]);
    expect(error.code).toBe('[secret]');
    expect(told(error)).not.toContain(TOKEN);
  });
});

describe('what is no sentence', () => {
  test.each([
    ['JSON that was cut off', '{"badRequest": {"code": 400, "message": "Flavor is n'],
    ['a list', '[1,null]'],
    ['a list that was cut off', ' [{"code":'],
    ['a number', '42'],
  ])('is not quoted: %s', (_what, raw) => {
    expect(refusal(raw).serviceMessage).toBe('');
  });

  test('is not a sentence in quotation marks, which is quoted without them', () => {
    expect(refusal('"Not today."').serviceMessage).toBe('Not today.');
  });

  test('is a code of a thousand letters, of which the beginning will do', () => {
    expect(refusal(JSON.stringify({ code: 'x'.repeat(1000), message: 'No.' })).code).toHaveLength(100);
  });
});

describe('a page that does not end', () => {
  // Read once for every beginning, any of these would take minutes, in which nobody else is answered.
  test.each(['<head ', '<script>', '<title ', '<'])('is read in one go: nothing but %s', (beginning) => {
    expect(refusal(beginning.repeat(500_000), [], 502)).toMatchObject({ kind: 'unavailable' });
  });

  test('leaves what stands before the part that was cut off', () => {
    expect(refusal('<h1>502 Bad Gateway</h1><script>let a = 1;', [], 502).serviceMessage).toBe('502 Bad Gateway');
    expect(refusal('<h1>502 Bad Gateway</h1><a href="https://', [], 502).serviceMessage).toBe('502 Bad Gateway');
  });
});

test('the id of a request is not longer than such ids are', () => {
  const body = { error_code: 'APIGW.0101', error_msg: 'None.', request_id: 'r'.repeat(10_000) };
  expect(refusal(JSON.stringify(body)).requestId).toHaveLength(200);
});

test('the id of the request is found inside a list of errors', () => {
  const errors = [{ status: 400, title: 'Bad Request', detail: 'Wrong name', request_id: 'req-8' }];
  const error = refusal(JSON.stringify({ errors }));
  expect(error).toMatchObject({ serviceMessage: 'Wrong name', requestId: 'req-8' });
});
