import { createSecureContext } from "node:tls";
import { reasonOf } from "../../token/errors/errors.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { resolvedBody } from "../../token/kubeconfig/kubeconfig-files.ts";
import type { ClientCertificate } from "../../token/net/trusted-roots.ts";
import { textMember } from "../../token/record.ts";
import { withoutPassword } from "../derive/network/proxy.ts";
import type { CalledContext } from "./called-context.ts";
import type { ProbeHost } from "./probe-host.ts";

/**
 * Throws if kubectl does not accept the cluster's entry and calls nothing, with kubectl's own words. Source: client-go,
 * tools/clientcmd/validation.go, `validateClusterInfo`; transport/transport.go, `TLSConfigFor`; measured with kubectl 1.36.
 */
export function requireUsableCluster(call: CalledContext, host: ProbeHost): void {
  const { context, cluster } = call;
  if (context.cluster === undefined) return;
  requireUsableProxy(call);
  const body = resolvedBody("clusters", context.cluster);
  const entry = { field: "certificate-authority", word: "certificate-authority", name: context.clusterName };
  const ca = contentOf(body, { ...entry, host });
  if (ca !== undefined && cluster?.skipsVerification === true)
    throw new Error("specifying a root certificates file with the insecure flag is not allowed");
}

/** The same for its `proxy-url` alone. */
export function requireUsableProxy({ context, cluster }: CalledContext): void {
  const { proxyUrl } = cluster ?? {};
  if (proxyUrl !== undefined && !(/^(?:https?|socks5):\/\/[^/]/i.test(proxyUrl) && URL.canParse(proxyUrl)))
    throw new Error(
      `invalid 'proxy-url' "${withoutPassword(proxyUrl)}" for cluster "${context.clusterName}": must be http://HOST:PORT, https://… or socks5://…`,
    );
}

/**
 * The certificate of the context's user. Throws if kubectl does not accept the user's entry and calls nothing, with kubectl's own
 * words. Source: client-go, tools/clientcmd/validation.go, `validateAuthInfo`; Go, crypto/tls, `X509KeyPair`.
 */
export function usableClientCertificate(
  { context: { userName: name }, user }: CalledContext,
  host: ProbeHost,
): ClientCertificate | undefined {
  const has = (field: string) => textMember(user, field) !== undefined;
  if (!has("as") && (has("as-uid") || !isEmpty(user["as-groups"]) || !isEmpty(user["as-user-extra"])))
    throw new Error(`requesting uid, groups or user-extra for ${name} without impersonating a user`);
  if (has("username") && (has("token") || has("tokenFile")))
    throw new Error(
      `more than one authentication method found for ${name}; found [token basicAuth], only one is allowed`,
    );
  if (!has("client-certificate") && !has("client-certificate-data")) return undefined;
  if (!has("client-key") && !has("client-key-data"))
    throw new Error(
      `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`,
    );
  const cert = contentOf(user, { field: "client-certificate", word: "client-cert", name, host }) ?? "";
  const key = contentOf(user, { field: "client-key", word: "client-key", name, host }) ?? "";
  return requireKeyPair({ cert, key });
}

function requireKeyPair(pair: ClientCertificate): ClientCertificate {
  for (const [input, pem] of [
    ["certificate", pair.cert],
    ["key", pair.key],
  ] as const)
    if (!pem.includes("-----BEGIN ")) throw new Error(`tls: failed to find any PEM data in ${input} input`);
  try {
    createSecureContext(pair);
  } catch (error) {
    const isMismatch =
      error instanceof Error && "code" in error && error.code === "ERR_OSSL_X509_KEY_VALUES_MISMATCH";
    throw new Error(
      isMismatch ? "tls: private key does not match public key" : "tls: failed to parse private key",
    );
  }
  return pair;
}

interface Asked {
  /** `client-key`; its data is in `client-key-data`. */
  readonly field: string;
  /** How kubectl calls it. */
  readonly word: string;
  /** The entry. */
  readonly name: string;
  readonly host: ProbeHost;
}

/** What a field of an entry holds, or the file that it names; undefined if neither is set. */
function contentOf(body: KubeRecord, { field, word, name, host }: Asked): string | undefined {
  const [data, file] = [textMember(body, `${field}-data`), textMember(body, field)];
  if (data !== undefined && file !== undefined)
    throw new Error(`${word}-data and ${word} are both specified for ${name}`);
  if (file === undefined) return data && Buffer.from(data, "base64").toString();
  return readNamed(file, host, (why) => `unable to read ${word} ${file} for ${name} due to ${why}`);
}

/** The text of a file that an entry names. Throws kubectl's words if it cannot be read. */
export function readNamed(file: string, host: ProbeHost, words: (why: string) => string): string {
  let text: string | undefined;
  try {
    text = host.readText(file);
  } catch (error) {
    const [, why = ""] = /: (it is (?:a|an) [a-z -]{3,40}(?:, not a file)?)\./.exec(reasonOf(error)) ?? [];
    throw new Error(words(why === "" ? `open ${file}: permission denied` : why));
  }
  if (text === undefined) throw new Error(words(`open ${file}: no such file or directory`));
  return text;
}

function isEmpty(value: unknown): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length === 0;
}
