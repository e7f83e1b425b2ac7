/** The only path that AWS sends a browser back to on the person's own machine. Source: fwdcloudsec/granted#779. */
const CALLBACK = "/oauth/callback";

const LOOPBACK: readonly string[] = ["127.0.0.1", "[::1]", "localhost"];

/** Undefined for anything but plain http on loopback with AWS's path. */
function loopbackUri(text: string): URL | undefined {
  const uri = URL.parse(text);
  const good =
    uri?.protocol === "http:" &&
    LOOPBACK.includes(uri.hostname) &&
    uri.pathname === CALLBACK &&
    text === `http://${uri.host}${CALLBACK}`;
  return good ? uri : undefined;
}

export function isLoopbackUri(text: string): boolean {
  return loopbackUri(text) !== undefined;
}

/** One registered without a port takes any port. Source: RFC 8252, 7.3. */
export function fitsRegistered(registered: readonly string[], text: string): boolean {
  const asked = loopbackUri(text);
  if (!asked) return false;
  return registered.some((one) => {
    const known = loopbackUri(one);
    return known?.hostname === asked.hostname && (known.port === "" || known.port === asked.port);
  });
}
