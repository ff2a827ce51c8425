// The one kind of failure whose text people may read as it stands.

/** Stable names of the refusals; tests and `switch` use these, never the sentence. */
export type RefusalCode =
  | 'not_signed_in'
  | 'sign_in_failed'
  | 'bad_usage'
  | 'unknown_word'
  | 'not_found'
  | 'ambiguous'
  | 'not_allowed'
  | 'wrong_state'
  | 'already_done'
  | 'expired'
  | 'quota'
  | 'busy'
  | 'unavailable'
  | 'unsupported';

/**
 * A refusal: `message` is a full sentence for the person, saying what happened and what to do next.
 * Plain text, not mrkdwn: whoever renders it escapes it.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: RefusalCode;
  /** The same sentence as escaped mrkdwn, where it mentions people or times (shown in the reader's zone); else null. */
  readonly mrkdwn: string | null;
  /** The command's argument that it is about, by its name, e.g. `flavor`: a form says it at that field. */
  readonly about: string | null;

  constructor(code: RefusalCode, sentence: string, options?: ErrorOptions & { mrkdwn?: string; about?: string }) {
    super(sentence, options);
    this.code = code;
    this.mrkdwn = options?.mrkdwn ?? null;
    this.about = options?.about ?? null;
  }
}

/** Ends an exhaustive `switch`: adding a case to the union then breaks the build here. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
