import { isIPv6 } from "node:net";
import { quoted } from "./go-text.ts";

/**
 * A URL as Go's parser takes it apart, in bytes (go-text.ts). Node's `URL` is not used: it would repair ports, case and
 * paths that the verifier compares as they stand.
 */
export interface GoUrl {
  readonly scheme: string;
  /** Unescaped, `user:password`; undefined if there is none. */
  readonly userInfo: string | undefined;
  readonly host: string;
  readonly path: string;
  /** As written. */
  readonly rawQuery: string;
}

/** Throws an Error with Go's text. Source: Go 1.26, net/url, `Parse`. */
export function parseUrl(text: string): GoUrl {
  const [withoutFragment, fragment] = cut(text, "#");
  const url = parseWithoutFragment(withoutFragment);
  unescaped(fragment);
  return url;
}

/** Throws an Error with Go's text for a broken escape. */
export function unescaped(text: string): string {
  const broken = text.search(/%(?![0-9A-Fa-f]{2})/);
  if (broken >= 0) throw invalidEscape(text.slice(broken, broken + 3));
  return text.replaceAll(/%(..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** Splits at the first separator. */
export function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

function parseWithoutFragment(text: string): GoUrl {
  if ([...text].some((byte) => byte < " " || byte === "\u007f")) {
    throw new Error("net/url: invalid control character in URL");
  }
  const { scheme, rest } = splitScheme(text);
  const [hierarchy, rawQuery] = cut(rest, "?");
  const plain = { scheme, userInfo: undefined, host: "", rawQuery };
  if (!hierarchy.startsWith("/")) {
    if (scheme !== "") return { ...plain, path: "" };
    if (cut(hierarchy, "/")[0].includes(":")) {
      throw new Error("first path segment in URL cannot contain colon");
    }
  }
  if (!hierarchy.startsWith("//") || (scheme === "" && hierarchy.startsWith("///"))) {
    return { ...plain, path: unescaped(hierarchy) };
  }
  const slash = hierarchy.indexOf("/", 2);
  const [authority, path] =
    slash < 0 ? [hierarchy.slice(2), ""] : [hierarchy.slice(2, slash), hierarchy.slice(slash)];
  return { ...plain, ...parseAuthority(authority), path: unescaped(path) };
}

function splitScheme(text: string): { scheme: string; rest: string } {
  if (text.startsWith(":")) throw new Error("missing protocol scheme");
  const [, scheme = ""] = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text) ?? [];
  return { scheme: scheme.toLowerCase(), rest: scheme === "" ? text : text.slice(scheme.length + 1) };
}

function parseAuthority(authority: string): Pick<GoUrl, "userInfo" | "host"> {
  const at = authority.lastIndexOf("@");
  const host = parseHost(authority.slice(at + 1));
  if (at < 0) return { userInfo: undefined, host };
  const userInfo = authority.slice(0, at);
  if (!/^[\w.~!$&'()*+,;=:@%-]*$/.test(userInfo)) throw new Error("net/url: invalid userinfo");
  return { userInfo: unescaped(userInfo.includes(":") ? userInfo : `${userInfo}:`), host };
}

function parseHost(host: string): string {
  const bracket = host.lastIndexOf("[");
  if (bracket > 0) throw new Error("invalid IP-literal");
  if (bracket === 0) return parseAddress(host);
  if (host.includes(":")) requirePort(host.slice(host.indexOf(":")));

  for (const [piece] of host.matchAll(/%.{0,2}|./gs)) {
    if (piece.startsWith("%")) {
      unescaped(piece);
      if (piece !== "%25" && /^%[0-7]/.test(piece)) throw invalidEscape(piece);
    } else if (piece < "\u0080" && !/[\w.~!$&'()*+,;=:[\]<>"-]/.test(piece)) {
      throw new Error(`invalid character ${quoted(piece)} in host name`);
    }
  }
  return unescaped(host);
}

/** `[::1]:443` */
function parseAddress(host: string): string {
  const end = host.lastIndexOf("]");
  if (end < 0) throw new Error("missing ']' in host");
  requirePort(host.slice(end + 1));
  const address = unescaped(host.slice(1, end));
  // Go then says what is wrong with it.
  if (!isIPv6(address)) throw new Error(`invalid host: ParseAddr(${quoted(address)})`);
  return `[${address}]${host.slice(end + 1)}`;
}

function requirePort(text: string): void {
  if (!/^(?::\d*)?$/.test(text)) throw new Error(`invalid port ${quoted(text)} after host`);
}

function invalidEscape(text: string): Error {
  return new Error(`invalid URL escape ${quoted(text)}`);
}
