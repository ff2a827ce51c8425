// Small checks that compose into the schema of Block Kit; each reports where and why in Slack's own error shape.

/** One error of `blocks.validate` (https://docs.slack.dev/reference/methods/blocks.validate). */
export type Problem = {
  code: 'failed_constraint' | 'missing_field' | 'invalid_type' | 'unknown_field';
  message: string;
  /** JSON pointer (RFC 6901) from the root of what was checked. */
  pointer: string;
  constraint?: { type: string; expected: string[]; got?: string };
  field?: string;
};

export type Report = (problem: Problem) => void;
export type Check = (value: unknown, pointer: string, report: Report) => void;
export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Unicode code points: what Slack means by a character. */
export function codePoints(value: string): number {
  return Array.from(value).length;
}

/** Length after entity escaping: a bare `&` counts as `&amp;`; in plain text `<` and `>` count as entities too. */
export function weight(value: string, kind: 'mrkdwn' | 'plain' = 'mrkdwn'): number {
  const escaped = value.replace(/&(?!(?:amp|lt|gt);)/g, '&amp;');
  return codePoints(kind === 'plain' ? escaped.replace(/[<>]/g, '&lt;') : escaped);
}

export function failed(pointer: string, message: string, constraint?: Problem['constraint']): Problem {
  return { code: 'failed_constraint', message, pointer, ...(constraint === undefined ? {} : { constraint }) };
}

function wrongType(pointer: string, expected: string): Problem {
  return {
    code: 'invalid_type',
    message: `must provide ${article(expected)}`,
    pointer,
    constraint: { type: 'type', expected: [expected] },
  };
}

function article(noun: string): string {
  return `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

export function text(bounds: { max: number; min?: number; pattern?: RegExp; plain?: boolean }): Check {
  const min = bounds.min ?? 1;
  return (value, pointer, report) => {
    if (typeof value !== 'string') return report(wrongType(pointer, 'string'));
    const length = weight(value, bounds.plain === true ? 'plain' : 'mrkdwn');
    if (length < min) {
      report(
        failed(pointer, `must be more than ${min - 1} characters`, { type: 'min_length', expected: [String(min)] }),
      );
    }
    if (length > bounds.max) {
      const message = `must be less than ${bounds.max + 1} characters`;
      report(failed(pointer, message, { type: 'max_length', expected: [String(bounds.max)], got: String(length) }));
    }
    if (bounds.pattern !== undefined && !bounds.pattern.test(value)) {
      report(failed(pointer, 'failed to match pattern', { type: 'pattern', expected: [bounds.pattern.source] }));
    }
  };
}

/** A web address; `mailto:` and `slack:` are links Slack opens too. */
export function link(max: number): Check {
  const length = text({ max });
  return (value, pointer, report) => {
    length(value, pointer, report);
    if (typeof value === 'string' && !/^(?:https?|mailto|slack):\S+$/.test(value)) {
      report(failed(pointer, 'invalid url', { type: 'format', expected: ['url'] }));
    }
  };
}

export function integer(min: number, max: number): Check {
  return (value, pointer, report) => {
    if (!Number.isInteger(value)) return report(wrongType(pointer, 'integer'));
    if (Number(value) < min || Number(value) > max) {
      report(
        failed(pointer, `must be between ${min} and ${max}`, {
          type: 'range',
          expected: [`${min}`, `${max}`],
          got: String(value),
        }),
      );
    }
  };
}

export const flag: Check = (value, pointer, report) => {
  if (typeof value !== 'boolean') report(wrongType(pointer, 'boolean'));
};

export const number: Check = (value, pointer, report) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) report(wrongType(pointer, 'number'));
};

export const anything: Check = () => {};

export function oneOf(...allowed: (string | number)[]): Check {
  return (value, pointer, report) => {
    if (allowed.some((each) => each === value)) return;
    const expected = allowed.map(String);
    report(failed(pointer, `must be one of: ${expected.join(', ')}`, { type: 'enum', expected, got: String(value) }));
  };
}

export function list(item: Check, bounds: { min: number; max: number }): Check {
  return (value, pointer, report) => {
    if (!Array.isArray(value)) return report(wrongType(pointer, 'array'));
    if (value.length > bounds.max) {
      const constraint = { type: 'max_items', expected: [String(bounds.max)], got: String(value.length) };
      report(failed(pointer, `no more than ${bounds.max} items allowed`, constraint));
    }
    if (value.length < bounds.min) {
      const constraint = { type: 'min_items', expected: [String(bounds.min)], got: String(value.length) };
      report(failed(pointer, `no fewer than ${bounds.min} items allowed`, constraint));
    }
    for (const [index, each] of value.entries()) item(each, `${pointer}/${index}`, report);
  };
}

type Fields = Record<string, Check>;

/** An object with exactly these fields; anything else in it is refused, as Slack does. */
export function shape(required: Fields, optional: Fields = {}): Check {
  return (value, pointer, report) => {
    if (!isObject(value)) return report(wrongType(pointer, 'object'));
    for (const field of Object.keys(required)) {
      if (value[field] === undefined || value[field] === null) {
        report({ code: 'missing_field', message: `missing required field: ${field}`, pointer, field });
      }
    }
    for (const [field, each] of Object.entries(value)) {
      const check = own(required, field) ?? own(optional, field);
      if (check === undefined) {
        report({ code: 'unknown_field', message: `invalid additional property: ${field}`, pointer, field });
      } else if (each !== null && each !== undefined) {
        check(each, `${pointer}/${escapePointer(field)}`, report);
      }
    }
  };
}

function own(fields: Fields, field: string): Check | undefined {
  return Object.hasOwn(fields, field) ? fields[field] : undefined;
}

function escapePointer(field: string): string {
  return field.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Picks the check by the object's `type`; any other type is refused. */
export function byType(table: Fields): Check {
  return (value, pointer, report) => {
    if (!isObject(value)) return report(wrongType(pointer, 'object'));
    const type = value['type'];
    if (typeof type !== 'string') {
      return report({ code: 'missing_field', message: 'missing required field: type', pointer, field: 'type' });
    }
    const check = own(table, type);
    if (check !== undefined) return check(value, pointer, report);
    const constraint = { type: 'enum', expected: Object.keys(table), got: type };
    report(failed(`${pointer}/type`, `unsupported type: ${type}`, constraint));
  };
}

export function all(...checks: Check[]): Check {
  return (value, pointer, report) => {
    for (const check of checks) check(value, pointer, report);
  };
}

/** A rule over a whole object; not asked when the value is none. */
export function rule(judge: (value: Json, pointer: string, report: Report) => void): Check {
  return (value, pointer, report) => {
    if (isObject(value)) judge(value, pointer, report);
  };
}

/** For schemas that contain themselves. */
export function lazy(check: () => Check): Check {
  return (value, pointer, report) => check()(value, pointer, report);
}
