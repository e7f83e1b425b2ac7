/** The URL inside a token, in its parts as written. */
export interface PresignedUrl {
  readonly scheme: string;
  /** Empty if the URL has none. */
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

const URL_PARTS = /^([a-z][a-z0-9+.-]*):([^?]*)(?:\?(.*))?$/is;
const AUTHORITY = /^\/\/([^/]*)(|\/.*)$/s;
/** Unlike `\p{Cc}`, only those of ASCII. */
const CONTROLS = /[^ -~\u0080-\uffff]/;
const BROKEN_ESCAPE = /%(?![0-9a-f]{2})/i;
const USER_INFO = /^[\w.~!$&'()*+,;=:@%-]*$/;
/** In a host, only non-ASCII characters and the percent sign may be escaped. */
const HOST = /^(?:[\w.~!$&'()*+,;=<>"\]\u0080-\uffff-]|%(?:25|[89a-f][0-9a-f]))*(?::\d*)?$/i;

/**
 * Splits a URL as a verifier does, whose parser is Go's net/url; undefined if that refuses it. The class `URL` repairs what a
 * verifier refuses: it drops port 443, adds a path, and lower-cases the host.
 *
 * Source: Go 1.26, net/url, `Parse`.
 */
export function readPresignedUrl(text: string): PresignedUrl | undefined {
  const end = text.indexOf("#");
  const [url, fragment] = end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end + 1)];
  if (CONTROLS.test(url) || BROKEN_ESCAPE.test(fragment)) return undefined;
  const [, scheme, hierarchy = "", query = ""] = URL_PARTS.exec(url) ?? [];
  const [, authority = "", path = hierarchy] = AUTHORITY.exec(hierarchy) ?? [];
  // After a scheme without a slash, everything is opaque.
  if (scheme === undefined || (path.startsWith("/") && BROKEN_ESCAPE.test(path))) return undefined;

  const at = authority.lastIndexOf("@");
  const userInfo = authority.slice(0, Math.max(0, at));
  const host = authority.slice(at + 1);
  if (!USER_INFO.test(userInfo) || BROKEN_ESCAPE.test(userInfo) || !isHost(host)) return undefined;
  return { scheme: scheme.toLowerCase(), host, path, query };
}

function isHost(host: string): boolean {
  if (!host.startsWith("[")) return HOST.test(host);
  const [, address = ""] = /^\[([^\]%]*)(?:%25[^\]]+)?\](?::\d*)?$/.exec(host) ?? [];
  return URL.canParse(`http://[${address}]`);
}
