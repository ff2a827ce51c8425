// The ten shapes in which services say no (ecs-api E), read into a code and a sentence. Pure; takes any text.
import { isObject, list, object, text, type Json } from './json.ts';

export type ErrorBody = {
  /** A service's code (`Ecs.0100`), a fault name (`conflictingRequest`) or a title (`Unauthorized`). */
  code: string | null;
  /** Hostile text: markup removed, cut. */
  message: string;
  requestId: string | null;
  /** `fault`: Nova or Cinder itself said so, not what stands before it. */
  from: 'fault' | 'other';
};

/** Long enough for the longest policy message, short enough for a log line and a Slack message. */
const LONGEST_MESSAGE = 500;

/** No service has a longer one. */
const LONGEST_CODE = 100;

/** `Ecs.0100`, `APIGW.0301`, `Common.0024`. */
const NATIVE_CODE = /^[A-Za-z]+\.\d{3,}$/;

/**
 * `body` is the parsed JSON, undefined when `raw` is none. `cover` takes secrets out of a text: before anything is cut or
 * changed in it, for half a secret would not be found.
 */
export function readErrorBody(raw: string, body: unknown, cover: (text: string) => string): ErrorBody {
  if (!isObject(body)) return { code: null, message: tidy(readText(raw, body, cover)), requestId: null, from: 'other' };
  const read = readObject(body);
  return {
    ...read,
    code: read.code === null ? null : cover(read.code).slice(0, LONGEST_CODE),
    message: tidy(cover(read.message).replaceAll(/<br ?\/?>/gi, ' ')),
  };
}

/** Other JSON than an object, or the beginning of one, is no sentence. */
function readText(raw: string, body: unknown, cover: (text: string) => string): string {
  if (typeof body === 'string') return cover(body);
  if (body !== undefined || /^\s*[{[]/.test(raw)) return '';
  return cover(withoutMarkup(cover(raw)));
}

/**
 * Whether a 2xx answer is a refusal all the same: Huawei's flow limit comes as a 202. Finished jobs also hold an
 * `error_code`, but no `error_msg`, and are answers.
 */
export function isRefusal(body: unknown): boolean {
  const wire = object(body);
  if (text(wire['error_code']) !== null && text(wire['error_msg']) !== null) return true;
  const error = object(wire['error']);
  if (text(error['message']) !== null) return true;
  // Either may stand in the place of the other.
  const [code, message] = [text(wire['code']), text(wire['message'])];
  return code !== null && message !== null && (NATIVE_CODE.test(code) || NATIVE_CODE.test(message));
}

function readObject(body: Json): ErrorBody {
  if (isObject(body['error'])) return readErrorObject(body['error'], body);
  if (body['error_code'] !== undefined || body['error_msg'] !== undefined) {
    return { ...told(body['error_code'], body['error_msg']), requestId: text(body['request_id']) };
  }
  if (body['NeutronError'] !== undefined) return readNeutronError(body['NeutronError']);
  if (Array.isArray(body['errors'])) return readErrorList(body['errors']);
  const [name, fault] = Object.entries(body)[0] ?? [];
  if (isObject(fault) && fault['message'] !== undefined) return { ...told(name, fault['message']), from: 'fault' };
  return { ...told(body['code'] ?? body['title'], body['message']), requestId: text(body['request_id']) };
}

/** Keystone, its middleware before other services, native ECS/EVS/IMS, and legacy IAM. */
function readErrorObject(error: Json, body: Json): ErrorBody {
  const read = told(typeof error['code'] === 'string' ? error['code'] : error['title'], error['message']);
  const parts = list(body['internalError']).map((part) => text(object(part)['error_message']));
  return { ...read, message: [read.message, ...parts].filter((part) => part !== null).join('; ') };
}

/** Older Neutrons send a plain string. */
function readNeutronError(error: unknown): ErrorBody {
  if (!isObject(error)) return told(null, error);
  const parts = [text(error['message']), text(error['detail'])].filter((part) => part !== null);
  return told(error['type'], parts.join(' '));
}

function readErrorList(errors: unknown[]): ErrorBody {
  const first = object(errors[0]);
  const read = told(first['code'] ?? first['title'], first['detail'] ?? first['title']);
  return { ...read, requestId: text(first['request_id']) };
}

/** Some native answers have code and message the wrong way round. */
function told(code: unknown, message: unknown): ErrorBody {
  const swapped = NATIVE_CODE.test(text(message) ?? '') && !NATIVE_CODE.test(text(code) ?? '');
  const [word, sentence] = swapped ? [message, code] : [code, message];
  const written = typeof word === 'number' ? String(word) : text(word);
  return { code: written, message: text(sentence) ?? '', requestId: null, from: 'other' };
}

/**
 * Load balancers and proxies answer in HTML. Each pattern also ends with the text: it would otherwise look for its end
 * again from every beginning, which takes minutes in a page that was made for it.
 */
function withoutMarkup(raw: string): string {
  if (!/<[a-z!/]/i.test(raw)) return raw;
  const shown = raw
    .replaceAll(/<(head|script|style)\b[^]*?(?:<\/\1>|$)/gi, ' ')
    .replaceAll(/<[^>]*(?:>|$)/g, ' ')
    .replaceAll(/&(lt|gt|quot|amp|#x27|#3[49]);/g, (written, name: string) => ENTITIES[name] ?? written);
  return shown.trim() === '' ? (/<title[^>]*(?:>|$)([^<]*)/i.exec(raw)?.[1] ?? '') : shown;
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&', '#x27': "'", '#39': "'", '#34': '"' };

function tidy(message: string): string {
  const line = message.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST_MESSAGE ? line : `${line.slice(0, LONGEST_MESSAGE - 1)}…`;
}
