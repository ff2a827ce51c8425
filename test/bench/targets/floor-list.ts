// The least a `list` can cost: ack, one read of Redis, one request to the cloud, one answer; over kept connections.
import { createHmac } from 'node:crypto';
import { Agent, createServer, request } from 'node:http';
import { Redis } from 'ioredis';

const { SLACK_SIGNING_SECRET = '', REDIS_URL = '', COMPUTE_URL = '', PORT } = process.env;
const agent = new Agent({ keepAlive: true });
const redis = new Redis(REDIS_URL);

createServer((incoming, response) => {
  void read(incoming).then((body) => {
    const signed = `v0:${String(incoming.headers['x-slack-request-timestamp'])}:${body}`;
    const expected = `v0=${createHmac('sha256', SLACK_SIGNING_SECRET).update(signed).digest('hex')}`;
    response.writeHead(expected === incoming.headers['x-slack-signature'] ? 200 : 401);
    response.end();
    const answerTo = new URLSearchParams(body).get('response_url');
    return answerTo === null ? undefined : list(answerTo);
  });
}).listen(Number(PORT), '127.0.0.1');

async function list(responseUrl: string): Promise<void> {
  const token = (await redis.get('session')) ?? 'token';
  const answer = await call(`${COMPUTE_URL}/servers/detail?limit=20`, { headers: { 'x-auth-token': token } });
  const { servers } = JSON.parse(answer) as { servers: { name: string; status: string }[] };
  const text = servers.map(({ name, status }) => `${name} ${status}`).join('\n');
  await call(
    responseUrl,
    { method: 'POST', headers: { 'content-type': 'application/json' } },
    JSON.stringify({ text }),
  );
}

function call(url: string, options: object, body = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, ...options }, (answer) => void read(answer).then(resolve, reject));
    sent.on('error', reject);
    sent.end(body);
  });
}

async function read(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

process.on('SIGTERM', () => process.exit(0));
