// JSON lines on stdout. Secrets are cut out by name here, whatever a caller passes.
import { pino, type Logger } from 'pino';

/** What modules take: facts first, then a fixed message. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** Field names that never reach a line, at any of the depths our facts have. */
const SECRET = [
  'token',
  'accessToken',
  'refreshToken',
  'idToken',
  'secret',
  'password',
  'adminPass',
  'private_key',
  'user_data',
  'authorization',
  'cookie',
  'responseUrl',
  'response_url',
];

const PATHS = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*["${name}"]`]);

export function createLog(level: string): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: [...new Set(PATHS)], censor: '[redacted]' },
    serializers: { err: pino.stdSerializers.errWithCause },
  });
}
