import type { IncomingMessage } from "node:http";

/** One request as it came over the wire: nothing decoded, since signatures cover the raw text. */
export interface AwsRequest {
  readonly method: string;
  /** Percent signs and all. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface AwsReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Largest form that the real endpoint reads; the stand-in needs far less. */
const BODY_LIMIT_BYTES = 1_000_000;

export async function readRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_LIMIT_BYTES)
      throw new Error(`the request body is larger than ${BODY_LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  const target = incoming.url ?? "/";
  const mark = target.indexOf("?");
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);

  return {
    method: incoming.method ?? "GET",
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? "" : target.slice(mark + 1),
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  };
}

/** Names and values of a query string or form, decoded, in wire order. A plus sign is a blank. */
export function decodedPairs(text: string): [name: string, value: string][] {
  if (text === "") return [];
  return text.split("&").map((pair) => {
    const equals = pair.indexOf("=");
    return equals < 0
      ? [decoded(pair), ""]
      : [decoded(pair.slice(0, equals)), decoded(pair.slice(equals + 1))];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
