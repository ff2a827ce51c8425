// JSON lines on stdout. Secrets are cut out here, whatever a caller passes: facts lose them by name, and of an error only
// known facts are told.
import { pino, type DestinationStream, type Logger } from 'pino';

/** What modules take: facts first, then a fixed message. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** Names of what never reaches a line, in lower case and without - and _. */
const SECRET = new Set([
  'token',
  'xauthtoken',
  'xsubjecttoken',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'secret',
  'clientsecret',
  'password',
  'adminpass',
  'privatekey',
  'userdata',
  'authorization',
  'cookie',
  'setcookie',
  'responseurl',
]);

/** `sink`: stdout, unless told. */
export function createLog(level: string, sink: DestinationStream = pino.destination(1)): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // Not pino's own redaction: a path for each name and depth costs ten times as much, and knows no lists.
    formatters: { log: ({ err, ...facts }: Record<string, unknown>) => ({ ...withoutSecrets(facts, 0), err }) },
    serializers: { err: (err: unknown) => errorFacts(err, MOST_CAUSES) },
  };
  return pino(options, sink);
}

const DEEPEST = 8;

function withoutSecrets(facts: object, depth: number): Record<string, unknown> {
  const cleaned = Object.entries(facts).map(([name, value]: [string, unknown]) => [
    name,
    isSecret(name) ? '[redacted]' : cleanedValue(value, depth + 1),
  ]);
  return Object.fromEntries(cleaned) as Record<string, unknown>;
}

function isSecret(name: string): boolean {
  return SECRET.has(name.replaceAll(/[-_]/g, '').toLowerCase());
}

/** What says itself how it is written down does so. */
function cleanedValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => cleanedValue(item, depth + 1));
  if (value instanceof Error) return errorFacts(value, MOST_CAUSES);
  return 'toJSON' in value ? value : withoutSecrets(value, depth);
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
