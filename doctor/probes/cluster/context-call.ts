import { textMember } from "../../../token/record.ts";
import { textsOf } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { type DoctorEvidence, failureOf } from "../../evidence/evidence.ts";
import { type CalledContext, readCalledContext } from "../called-context.ts";
import { type ClusterAddress, clusterAddress } from "../network/cluster-address.ts";
import type { Asking, ProbeSecrets } from "../probe.ts";
import type { ProbeHost } from "../probe-host.ts";
import { readNamed, requireUsableCluster, usableClientCertificate } from "../refused-entry.ts";

/** How the context calls the API server, and as whom. */
interface ContextCall {
  readonly call: CalledContext;
  readonly address: ClusterAddress;
  /** The caller's credentials. */
  readonly headers: Headers;
  /** Whom the context impersonates; without these headers, the call is the caller's own. */
  readonly impersonation: Headers;
}

type Headers = Readonly<Record<string, string | string[]>>;

/**
 * Everything in the context that changes how kubectl calls the API server: address, proxy, certificates, credentials,
 * impersonation. All calls of the doctor to an API server are made with it. Undefined if there is no cluster to call. Throws if
 * kubectl would call nothing, or if the context says something that we do not do: then nothing is called, and no rule can pass.
 */
export function contextCall({
  evidence,
  host,
  secrets,
}: Pick<Asking, "evidence" | "host" | "secrets">): ContextCall | undefined {
  const call = readCalledContext(evidence, host);
  if (call === undefined) return undefined;
  requireUsableCluster(call, host);
  const address = clusterAddress(call, host);
  if (address === undefined) return undefined;
  const client = usableClientCertificate(call, host);
  const headers = ownCredentials(call, host) ?? (client ? {} : pluginToken(evidence, call, secrets));
  requireTried(address);
  return { call, address: { ...address, client }, headers, impersonation: impersonation(call) };
}

/**
 * A token is not sent to a server whose certificate is not verified, nor without TLS; and what we cannot do as the context says is
 * not done in another way.
 */
export function requireTried({ skipsVerification, url, proxy }: ClusterAddress): void {
  if (url.protocol !== "https:")
    throw new Error(
      `not called: the kubeconfig's server is ${url.origin}, but tokens are sent only over TLS`,
    );
  if (skipsVerification)
    throw new Error("not called: the kubeconfig disables certificate verification, so the token is not sent");
  if (proxy?.url.protocol === "socks5:")
    throw new Error(
      `not called: the kubeconfig uses the SOCKS proxy ${proxy.url.host}, which kubectl-vouch does not support`,
    );
}

/** Credentials in the entry, with which kubectl never starts the plugin. A token takes precedence over a token file. */
function ownCredentials({ user }: CalledContext, host: ProbeHost): Headers | undefined {
  const [token, file, name] = [
    textMember(user, "token"),
    textMember(user, "tokenFile"),
    textMember(user, "username"),
  ];
  if (token !== undefined || file !== undefined)
    return bearer(token ?? readNamed(file ?? "", host, (why) => `error: ${why}`).trim());
  if (name === undefined) return undefined;
  const login = Buffer.from(`${name}:${textMember(user, "password") ?? ""}`).toString("base64");
  return { Authorization: `Basic ${login}` };
}

function pluginToken(evidence: DoctorEvidence, { exec }: CalledContext, { token }: ProbeSecrets): Headers {
  if (token !== undefined) return bearer(token);
  const refusal = failureOf(evidence.pluginRun);
  if (refusal !== undefined) throw new Error(`the plugin was not run: ${refusal}`);
  throw new Error(
    exec === undefined ? "the context has neither a token nor a plugin" : "the plugin did not return a token",
  );
}

function bearer(token: string): Headers {
  return { Authorization: `Bearer ${token}` };
}

/** Source: client-go, transport/round_trippers.go, `impersonatingRoundTripper`, `headerKeyEscape`. */
function impersonation({ user }: CalledContext): Headers {
  const as = textMember(user, "as");
  if (as === undefined) return {};
  const uid = textMember(user, "as-uid");
  const groups = textsOf(user["as-groups"]);
  const extra = Object.entries((user["as-user-extra"] ?? {}) as object).map(
    ([key, values]) => [`Impersonate-Extra-${headerKey(key)}`, textsOf(values)] as const,
  );
  return {
    "Impersonate-User": as,
    ...(uid === undefined ? {} : { "Impersonate-Uid": uid }),
    ...(groups.length === 0 ? {} : { "Impersonate-Group": groups }),
    ...Object.fromEntries(extra.filter(([, values]) => values.length > 0)),
  };
}

function headerKey(key: string): string {
  return [...Buffer.from(key)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[\w!#$&'*+.^`|~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}
