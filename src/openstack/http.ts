// types first
export type HttpCall = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  /** Sent as JSON, also with DELETE. */
  body?: unknown;
  /** Strings that must not show up in errors, should a service echo them. */
  secrets?: string[];
  /** For a call that may be made twice without harm although it is no GET. */
  repeatAfterReset?: boolean;
};

/** A 2xx answer. `body` is parsed JSON, null when empty; `at` is the service's Date header in ms, else our clock. */
export type HttpAnswer = {
  status: number;
  body: unknown;
  requestId: string | null;
  at: number;
  header(name: string): string | null;
};

/** Resolves with 2xx answers only; everything else throws CloudError. */
export type Http = { send(call: HttpCall): Promise<HttpAnswer> };
