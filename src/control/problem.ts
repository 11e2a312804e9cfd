/** What a problem carries besides its status, code and detail. */
export interface ProblemExtras {
  /** Further members of the document. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is no success: thrown by routes, sent as RFC 9457 `application/problem+json`. */
export class Problem extends Error {
  readonly status: number;
  /** Stable, upper-case, for programs to compare. */
  readonly code: string;
  readonly members: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    detail: string,
    { members = {}, headers = {} }: ProblemExtras = {},
  ) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.members = members;
    this.headers = headers;
  }

  /** The same problem with further members. */
  with(members: Readonly<Record<string, unknown>>): Problem {
    const { status, code, message, headers } = this;
    return new Problem(status, code, message, { members: { ...this.members, ...members }, headers });
  }

  /** The document, never with a stack. */
  document(): Record<string, unknown> {
    const { status, code, message: detail, members } = this;
    return { type: "about:blank", title: TITLES[status] ?? "Error", status, detail, code, ...members };
  }

  response(): Response {
    return new Response(JSON.stringify(this.document()), {
      status: this.status,
      headers: { ...this.headers, "content-type": "application/problem+json", "cache-control": "no-store" },
    });
  }
}

/** For `about:blank` a title is the status's own phrase. */
const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};
