import { ours } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { VouchError } from "../errors/errors.ts";
import { isLoopbackHost, plainUrl } from "../net/web-address.ts";

/** The address of a Vouch server, in the exact spelling that its checks accept. */
export interface ServerUrl {
  /** Scheme, host and port, without a trailing slash: the audience of what we sign. */
  readonly base: string;
  /** Identifies the server in our files: the host, and the port if it is not the default one. */
  readonly key: string;
  /** The host alone, against which the security key's relying party is checked. */
  readonly host: string;
}

/**
 * Reads an address as typed by a user. The server compares it as text with its own, so the case of the host, the default port
 * and trailing slashes are normalized here. Plain http is only for this machine, and nothing can change that.
 */
export function serverUrl(text: string): ServerUrl {
  const url = parse(text.trim());
  if (url.username !== "" || url.password !== "") {
    throw invalid("The address of the Vouch server must not contain a user name or password.", url.origin);
  }
  if (url.pathname.replaceAll("/", "") !== "" || url.search !== "" || url.hash !== "") {
    throw invalid(`${url.origin} is a server, but the address continues after it.`, url.origin);
  }

  if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) {
    throw invalid(
      `${url.origin} is plain http, which anyone on the network path can read.`,
      `https://${url.hostname}`,
    );
  }
  return { base: url.origin, key: url.host, host: url.hostname };
}

/** `localhost:3000` parses as a scheme, so an address must contain http:// or https:// itself. */
function parse(text: string): URL {
  const url = plainUrl(text);
  if (url !== undefined) return url;

  const [, place] = /^(?:[a-z][a-z\d+-]*:\/\/)?([\w.-]+(?::\d+)?)\/*$/i.exec(text) ?? [];
  const guess = place === undefined ? undefined : plainUrl(`https://${place}`)?.origin;
  // What has other characters may hold a password, or be a command.
  const shown = /^[\w.:/+-]{1,200}$/.test(text)
    ? `The address of the Vouch server, ${text},`
    : "The address of the Vouch server";
  throw invalid(`${shown} is not an https address.`, guess);
}

function invalid(message: string, suggestion: string | undefined): VouchError {
  if (suggestion === undefined) return new VouchError("server-url-invalid", message);
  return new VouchError("server-url-invalid", message, {
    hint: withCommands`Use only the address of the server: ${ours("login", { server: suggestion })}.`,
  });
}
