// The shape of our own web pages and probes, free of any server library.

/** A request to one of our routes, its body read and bounded. */
export type HttpRequest = {
  method: string;
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: string;
};

export type HttpResponse = { status: number; headers: Record<string, string>; body: string };

/** `path` takes `:name` parameters, e.g. `/login/:ticket`. */
export type HttpRoute = {
  method: 'GET' | 'POST';
  path: string;
  handle(request: HttpRequest): Promise<HttpResponse>;
};
