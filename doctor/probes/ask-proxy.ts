import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { reasonOf } from "../../token/errors.ts";

/** How long a proxy may take, in milliseconds. */
const ANSWER_MS = 5000;

/**
 * Asks a proxy for a tunnel, and keeps the first line of what it answers; with the connection when it dug one. What does
 * not answer like a proxy says so with Node's own words.
 */
export function askProxy(
  proxy: URL,
  target: string,
  signal: AbortSignal,
): Promise<{ readonly answer: string | undefined; readonly socket: Socket | undefined }> {
  const { username, password, hostname, port, protocol } = proxy;
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const start = protocol === "https:" ? https.request : http.request;
  return new Promise((resolve) => {
    const request = start({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
      method: "CONNECT",
      path: target,
      headers: {
        Host: target,
        ...(username === ""
          ? {}
          : { "Proxy-Authorization": `Basic ${Buffer.from(login).toString("base64")}` }),
      },
      timeout: ANSWER_MS,
      signal,
    });
    request.once("timeout", () =>
      request.destroy(new Error(`no answer to CONNECT within ${ANSWER_MS / 1000} s`)),
    );
    request.once("error", (error) => resolve({ answer: reasonOf(error), socket: undefined }));
    request.once("response", ({ statusCode, statusMessage }) => {
      request.destroy();
      resolve({ answer: `HTTP/1.1 ${statusCode} ${statusMessage}`, socket: undefined });
    });
    request.once("connect", ({ statusCode = 0, statusMessage }, socket: Socket) => {
      const answer = `HTTP/1.1 ${statusCode} ${statusMessage}`;
      if (statusCode >= 200 && statusCode < 300) return resolve({ answer, socket });
      socket.destroy();
      resolve({ answer, socket: undefined });
    });
    request.end();
  });
}
