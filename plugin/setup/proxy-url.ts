import { VouchError } from "../../token/errors/errors.ts";

/** Throws `usage` for a proxy that kubectl does not accept. Source: client-go, tools/clientcmd/validation.go, `parseProxyURL`. */
export function requireProxyUrl(proxy: string | undefined): void {
  if (proxy === undefined) return;
  if (!/^(?:https?|socks5):\/\/[^/]/i.test(proxy) || !URL.canParse(proxy))
    throw new VouchError("usage", `${shownProxy(proxy)} is not a proxy that kubectl accepts.`, {
      hint: "It must be http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT.",
    });
  if (new URL(proxy).password === "") return;
  throw new VouchError(
    "usage",
    "--proxy-url must not contain a password: others can read the arguments of a program.",
    { hint: "Leave it out and add it to the kubeconfig with an editor; later setups keep it." },
  );
}

/** A proxy's address without its user and password, which may contain any character. */
export function shownProxy(proxy: string): string {
  return proxy.replace(/^([a-z0-9]+:\/\/)?.*@/is, "$1***@");
}
