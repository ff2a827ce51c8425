// The least an ack can cost: node:http, the signature, 200.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const secret = process.env.SLACK_SIGNING_SECRET ?? '';

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const signed = `v0:${String(request.headers['x-slack-request-timestamp'])}:${Buffer.concat(chunks).toString('utf8')}`;
    const expected = Buffer.from(`v0=${createHmac('sha256', secret).update(signed).digest('hex')}`);
    const given = Buffer.from(String(request.headers['x-slack-signature']));
    response.writeHead(expected.length === given.length && timingSafeEqual(expected, given) ? 200 : 401);
    response.end();
  });
}).listen(Number(process.env.PORT), '127.0.0.1');

process.on('SIGTERM', () => process.exit(0));
