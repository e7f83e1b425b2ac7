import { timingSafeEqual } from "node:crypto";
import type http from "node:http";
import { reasonOf, VouchError } from "../../errors/errors.ts";
import { BROWSER_HEADERS, type BrowserServer, serveBrowser } from "../../net/browser-server.ts";
import { systemTimers, unlessInterrupted } from "../../timers.ts";
import { CALLBACK_PATH } from "./oidc-calls.ts";

/** How long a user may take for all steps in the browser, in milliseconds. Source: AWS CLI 2.36.7, AuthCodeFetcher. */
export const BROWSER_MS = 10 * 60 * 1000;

const HEADERS = { "content-type": "text/html; charset=utf-8", ...BROWSER_HEADERS };

/** What the browser brings back: a code, which is a secret, or why there is none. */
type Callback = { readonly code: string } | { readonly refused: string };

/** A server for one answer, on 127.0.0.1. */
export interface CallbackServer {
  /** With its port. */
  readonly redirectUri: string;
  /** The answer that carries this server's state; undefined if there is none within `ms`. Throws `interrupted`. */
  wait(options: { readonly ms: number; readonly signal: AbortSignal }): Promise<Callback | undefined>;
  /** Shows the waiting browser how the login ended, and stops the server. */
  close(page: CallbackPage): Promise<void>;
}

/**
 * Listens on a port that the system chooses unless one is given. Accepts one GET at AWS's path with the state, and a code or an error, from a program
 * of this user; everything else is refused and changes nothing. The browser that sent it waits for its page until the login has
 * ended.
 */
export async function startCallbackServer(state: string, port?: number): Promise<CallbackServer> {
  const { promise: answered, resolve: answer } = Promise.withResolvers<Callback>();
  let waiting: http.ServerResponse | undefined;
  const served: BrowserServer = await serveBrowser<Callback>(
    (request) => (waiting === undefined ? callbackIn(request, { state, host: served.host }) : undefined),
    (response, { brought, isForeign }) => {
      if (brought === undefined) return show(response, isForeign ? "foreign" : "refused");
      waiting = response;
      answer(brought);
    },
    port,
  ).catch((error: unknown) => {
    throw port === undefined ? error : portTaken(port, error);
  });
  const { server, host } = served;
  return {
    redirectUri: `http://${host}${CALLBACK_PATH}`,
    wait: ({ ms, signal }) => inTime(answered, { ms, signal }),
    async close(page) {
      if (!server.listening) return;
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      const browser = waiting;
      if (browser !== undefined) await new Promise<void>((resolve) => show(browser, page, resolve));
      server.closeAllConnections();
      await ended;
    },
  };
}

function portTaken(port: number, error: unknown): VouchError {
  return new VouchError("usage", `Cannot listen on 127.0.0.1:${port}: ${reasonOf(error)}.`, {
    cause: error,
    hint: "Use a different --callback-port, and forward that one.",
  });
}

/** Calls `done` when the browser has received its page, or has disconnected. */
function show(response: http.ServerResponse, page: CallbackPage, done: () => void = () => undefined): void {
  if (response.closed) {
    done();
    return;
  }
  response.once("close", done);
  response.writeHead(["refused", "foreign"].includes(page) ? 400 : 200, HEADERS).end(callbackPage(page));
}

/** Undefined if the request is no answer to our question; also if a foreign page calls this port under another host name. */
function callbackIn(
  { method, url = "", headers }: http.IncomingMessage,
  { state, host }: { readonly state: string; readonly host: string },
): Callback | undefined {
  const [path, query = ""] = url.split("?", 2);
  if (method !== "GET" || path !== CALLBACK_PATH || headers.host !== host) return undefined;
  const given = new URLSearchParams(query);
  if (!isSame(only(given, "state") ?? "", state)) return undefined;
  const code = only(given, "code");
  if (code !== undefined && code !== "") return { code };
  const error = only(given, "error");
  return error === undefined ? undefined : { refused: error };
}

/** The value of a parameter that occurs exactly once. */
function only(given: URLSearchParams, name: string): string | undefined {
  const values = given.getAll(name);
  return values.length === 1 ? values[0] : undefined;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function inTime<T>(
  answered: Promise<T>,
  { ms, signal }: { readonly ms: number; readonly signal: AbortSignal },
): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const stop = systemTimers.after(ms, () => late.resolve(undefined));
  try {
    return await unlessInterrupted(Promise.race([answered, late.promise]), signal);
  } finally {
    stop();
  }
}

/** The page that the browser shows in the end. It contains no text from outside. */
export type CallbackPage = "done" | "failed" | "refused" | "foreign";

const WORDS: Readonly<Record<CallbackPage, readonly [title: string, text: string]>> = {
  done: ["You are logged in", "You can close this window and return to the terminal."],
  failed: ["You are not logged in", "The terminal shows the reason. You can close this window."],
  foreign: ["This login belongs to a different user", "Run the login as the user who owns this browser."],
  refused: ["No login is waiting", "This address accepts the response to a single login, once."],
};

/** The page, as HTML. */
function callbackPage(page: CallbackPage): string {
  const [title, text] = WORDS[page];
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>\n`;
}
