/** What goes back to the client. Header names are written as they go over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Headers = Readonly<Record<string, string>>;

/** On every answer that carries a token. Source: token/vouch/VOUCH-PROTOCOL.md, "Headers". */
export const NO_STORE = {
  "Cache-Control": "no-cache, no-store, must-revalidate",
  Pragma: "no-cache",
  Expires: "0",
} as const;

export function jsonReply(status: number, value: unknown, headers: Headers = {}): Reply {
  return { status, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(value) };
}

export function textReply(status: number, body: string, headers: Headers = {}): Reply {
  return { status, headers: { "Content-Type": "text/plain; charset=utf-8", ...headers }, body };
}

export function emptyReply(status: number, headers: Headers = {}): Reply {
  return { status, headers, body: "" };
}
