import { ours } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { VouchError } from "../errors/errors.ts";
import { isLoopbackHost } from "../net/loopback.ts";

/** The address of a Vouch server, in the one spelling that its checks accept. */
export interface ServerUrl {
  /** Scheme, host and port, without a trailing slash: the audience of what we sign. */
  readonly base: string;
  /** Names the server in our files: the host, and the port when it is not the usual one. */
  readonly key: string;
  /** The host alone: what the security key's relying party is held against. */
  readonly host: string;
}

/**
 * Reads an address as a person types it. The server compares it as text with its own, so the case of the host, the
 * usual port and trailing slashes are put right here. Plain http reaches this machine alone, and nothing allows more.
 */
export function serverUrl(text: string): ServerUrl {
  const url = parse(text.trim());
  if (url.username !== "" || url.password !== "") {
    throw invalid("The address of the Vouch server must not hold a user name or password.", url.origin);
  }
  if (url.pathname.replaceAll("/", "") !== "" || url.search !== "" || url.hash !== "") {
    throw invalid(`${url.origin} is a server, but the address goes on after it.`, url.origin);
  }

  if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) {
    throw invalid(
      `${url.origin} is plain http, which anybody on the way can read.`,
      `https://${url.hostname}`,
    );
  }
  return { base: url.origin, key: url.host, host: url.hostname };
}

/**
 * An http or https address whose host is letters, digits, dots and dashes, or an IPv6 address. URL itself lets
 * backquotes and more into a host, and ours get into commands to paste.
 */
export function plainUrl(text: string): URL | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return /^(?:[\w.-]+|\[[\da-f:.]+\])$/.test(url.hostname) ? url : undefined;
}

/** `localhost:3000` reads as a scheme; so an address must say http:// or https:// itself. */
function parse(text: string): URL {
  const url = plainUrl(text);
  if (url !== undefined) return url;

  const guess = /^[\w.-]+(?::\d+)?\/*$/.test(text) ? plainUrl(`https://${text}`)?.origin : undefined;
  throw invalid("The address of the Vouch server is not an https address.", guess);
}

function invalid(message: string, suggestion: string | undefined): VouchError {
  if (suggestion === undefined) return new VouchError("server-url-invalid", message);
  return new VouchError("server-url-invalid", message, {
    hint: withCommands`Give the address of the server alone: ${ours("login", { server: suggestion })}.`,
  });
}
