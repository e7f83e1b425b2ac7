import type { Socket } from "node:net";
import { HOSTILE_ANSWERS } from "../support/hostile-server.ts";

export type Service = "vouch" | "sts" | "eks" | "iam" | "kube";

/** Writes one answer to a request that has been read, on the connection itself. */
export type Behaviour = (socket: Socket, service: Service) => void;

/** What a server does that takes as long as the client lets it. */
export const WAITS: Readonly<Record<string, Behaviour>> = pick([
  "says nothing",
  "sends a body byte by byte",
  "sends headers byte by byte",
  "says for ever that it goes on",
]);

/** So deep that a parser which calls itself runs out of stack. */
const DEPTH = 100_000;

/** Words of an error that nobody should be shown whole. */
const LONG = "no ".repeat(200_000);

const STATUSES = [401, 403, 404, 429, 500, 503];

/** Answers that are finished and wrong. */
export const LIES: Readonly<Record<string, Behaviour>> = {
  ...Object.fromEntries(
    Object.entries(HOSTILE_ANSWERS)
      .filter(([name]) => !(name in WAITS))
      .map(([name, answer]): [string, Behaviour] => [name, (socket) => answer(socket, "{}")]),
  ),
  "cuts the connection": (socket) => socket.destroy(),
  "answers with nothing": (socket) => reply(socket, { body: "" }),
  "answers with an empty object": (socket, service) =>
    reply(socket, { body: isXml(service) ? "<r/>" : "{}" }),
  "answers with null": (socket) => reply(socket, { body: "null" }),
  "redirects to itself": (socket) => reply(socket, { status: 307, headers: ["Location: /again"], body: "" }),
  "nests deeply": (socket, service) =>
    reply(socket, {
      body: isXml(service)
        ? `${"<a>".repeat(DEPTH)}${"</a>".repeat(DEPTH)}`
        : `${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}`,
    }),
  "answers with a long error": (socket, service) =>
    reply(socket, { status: 400, body: errorBody(service, LONG.slice(0, 190_000)) }),
  "answers with control characters": (socket, service) =>
    reply(socket, { status: 400, body: errorBody(service, "\u001b[2J\u009b31m\u202eevil\u0007") }),
  "lists without end": (socket, service) => reply(socket, { body: endlessPage(service) }),
  "expands entities": (socket) => reply(socket, { body: BILLION_LAUGHS }),
  ...Object.fromEntries(
    STATUSES.map((status): [string, Behaviour] => [
      `answers ${status}`,
      (socket, service) =>
        reply(socket, { status, headers: ["Retry-After: 86400"], body: errorBody(service, "no") }),
    ]),
  ),
};

const BILLION_LAUGHS = `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "ha">${Array.from(
  { length: 30 },
  (_, n) => `<!ENTITY a${n + 1} "&a${n};&a${n};">`,
).join("")}]><r>&a30;</r>`;

function pick(names: readonly (keyof typeof HOSTILE_ANSWERS)[]): Record<string, Behaviour> {
  return Object.fromEntries(
    names.map((name) => [name, (socket: Socket) => HOSTILE_ANSWERS[name](socket, "{}")]),
  );
}

/** STS and IAM answer in XML. */
function isXml(service: Service): boolean {
  return service === "sts" || service === "iam";
}

function endlessPage(service: Service): string {
  switch (service) {
    case "eks":
      return '{"clusters":["lab"],"accessEntries":["arn:aws:iam::111122223333:role/x"],"associatedAccessPolicies":[],"nextToken":"more"}';
    case "kube":
      return '{"kind":"List","apiVersion":"v1","items":[],"metadata":{"continue":"more"}}';
    default:
      return "<r><IsTruncated>true</IsTruncated><Marker>more</Marker></r>";
  }
}

function errorBody(service: Service, message: string): string {
  if (isXml(service))
    return `<ErrorResponse><Error><Code>No</Code><Message>${message}</Message></Error></ErrorResponse>`;
  return JSON.stringify({ kind: "Status", code: "no", error: "no", error_description: message, message });
}

interface RawReply {
  readonly status?: number;
  readonly headers?: readonly string[];
  readonly body: string;
}

function reply(socket: Socket, { status = 200, headers = [], body }: RawReply): void {
  const bytes = Buffer.from(body);
  const type = body.startsWith("<") ? "text/xml" : "application/json";
  const lines = [
    `HTTP/1.1 ${status} As it is`,
    `Content-Type: ${type}`,
    `Content-Length: ${bytes.length}`,
    ...headers,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  socket.write(bytes);
}
