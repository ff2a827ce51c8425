// What passed between the app and the workspace, kept for assertions.

/** One call of the app: a Web API method, or `response_url`. */
export type Call = {
  method: string;
  /** Parsed arguments without the token: `blocks`, `view` and `metadata` are objects, all else as sent. */
  args: Record<string, unknown>;
  at: number;
  /** Null while it is being answered; the error string of a refusal; '' when it went well. */
  error: string | null;
};

/** One HTTP delivery attempt (or socket envelope) to the app. */
export type Delivery = {
  kind: 'command' | 'interaction' | 'options' | 'event';
  body: Record<string, unknown>;
  at: number;
  attempt: number;
  /** HTTP status; 0 = no connection or reset; null = no answer yet, or none within the limit. */
  status: number | null;
};

/** Something the workspace refused: a test may insist that there was nothing. */
export type Refusal = { where: string; error: string; details: string[]; at: number };
