// JSON lines on stdout. Secrets are cut out here, whatever a caller passes: facts lose them by name, and of an error only
// known facts are told.
import { pino, type DestinationStream, type Logger } from 'pino';

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

/** `sink`: stdout, unless told. */
export function createLog(level: string, sink: DestinationStream = pino.destination(1)): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: [...new Set(PATHS)], censor: '[redacted]' },
    serializers: { err: (err: unknown) => errorFacts(err, MOST_CAUSES) },
  };
  return pino(options, sink);
}

const MOST_CAUSES = 5;

/** What our own errors, Node's and the libraries' say about themselves in single words and numbers. */
const ERROR_FACTS = [
  'code',
  'kind',
  'reason',
  'status',
  'statusCode',
  'retryAfter',
  'method',
  'url',
  'requestId',
  'syscall',
  'address',
  'port',
];

/**
 * Never whatever else hangs on an error: ioredis puts the refused command there with its arguments, the password in AUTH
 * included; HTTP libraries put whole answers there.
 */
function errorFacts(thrown: unknown, causes: number): Record<string, unknown> {
  if (!(thrown instanceof Error)) return { type: Object.prototype.toString.call(thrown).slice(8, -1) };
  const { message, stack, cause } = thrown;
  return {
    type: thrown.constructor.name,
    message,
    stack,
    ...Object.fromEntries(Object.entries(thrown).filter(([name, value]) => isFact(name, value))),
    ...(causes > 0 && cause instanceof Error && { cause: errorFacts(cause, causes - 1) }),
    ...(causes > 0 && thrown instanceof AggregateError && { errors: attempts(thrown, causes - 1) }),
  };
}

function isFact(name: string, value: unknown): boolean {
  return ERROR_FACTS.includes(name) && (typeof value === 'string' || typeof value === 'number');
}

/** A connection is tried at each address of a name. */
function attempts({ errors }: AggregateError, causes: number): unknown[] {
  return errors.map((error: unknown) => errorFacts(error, causes));
}
