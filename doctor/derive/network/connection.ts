import { type DoctorEvidence, knownValue, type NetworkFacts } from "../../evidence/evidence.ts";
import { isLoopbackHost } from "../../evidence/ip-address.ts";
import { note } from "../../evidence/reads.ts";
import { type FailureCase, isOtherPrincipal, type Symptom } from "../failure/symptom.ts";
import type { EffectiveContext } from "../kubeconfig/effective-context.ts";
import { addressOf, type KubeconfigCluster, kubeconfigCluster } from "../kubeconfig/kubeconfig-cluster.ts";
import { plainText } from "../pasted-text.ts";
import { ownNetwork } from "./own-network.ts";
import { environmentProxy, PROXY_URL_ORIGIN, type ProxyInForce, withoutPassword } from "./proxy.ts";

/**
 * The state of the connection to the API server, from the pasted error and from a probe. Each fault is the sentence that shows
 * it, or undefined. If the API server returned an HTTP answer, there is no fault; errors about another host, such as a chart
 * repository, do not count.
 */
export interface Connection {
  /** Its name does not exist, according to the resolver; a resolver that does not answer does not count. */
  readonly unknownName: string | undefined;
  /** The resolver does not answer at all. */
  readonly silentResolver: string | undefined;
  readonly timeout: string | undefined;
  readonly refused: string | undefined;
  /** Its certificate is not signed by anyone whom this client trusts. */
  readonly untrusted: string | undefined;
  readonly wrongName: { readonly shown: string; readonly validFor: readonly string[] } | undefined;
  /** What answers does not speak TLS, hangs up during the handshake, or accepts the connection and stays silent. */
  readonly noTls: string | undefined;
  /** A proxy on the path refuses or fails. */
  readonly proxyFault: string | undefined;
  /** Addresses that its name resolves to, or that were called. */
  readonly addresses: readonly string[];
  /** Common name of the issuer of the served certificate. */
  readonly issuer: string | undefined;
  readonly proxy: ProxyInForce | undefined;
}

/** Determines the state of the connection; undefined if no one tried it. */
export function connectionOf({
  evidence,
  symptom,
  context,
}: FailureCase & { readonly context: EffectiveContext | undefined }): Connection | undefined {
  // How this machine reaches the cluster says nothing about another user.
  const isOther = isOtherPrincipal({ evidence });
  const network = ownNetwork(evidence);
  if (symptom === undefined && network === undefined) return undefined;
  const entry = isOther ? undefined : kubeconfigCluster(context);
  const host = entry?.host ?? network?.host.toLowerCase();
  const text = failureText(symptom, host);
  const hasAnswer = ["none", "unauthorized", "forbidden"].includes(symptom?.kind ?? "");
  const shown = hasAnswer ? faults(undefined, undefined) : faults(text, network);
  return {
    ...shown,
    addresses: network?.addresses ?? calledAddresses(text),
    issuer: network?.tls?.issuer,
    get proxy() {
      return isOther ? undefined : proxyInForce(evidence, entry, host);
    },
  };
}

/** The proxy that the probe used; otherwise the one in the kubeconfig, which overrides the environment. */
function proxyInForce(
  evidence: DoctorEvidence,
  entry: KubeconfigCluster | undefined,
  host: string | undefined,
): ProxyInForce | undefined {
  const probed = knownValue(evidence.network)?.proxy;
  if (probed !== undefined) return { url: withoutPassword(probed.url), origin: probed.origin };
  if (entry?.proxyUrl === undefined) return environmentProxy(evidence, host);
  return { url: withoutPassword(entry.proxyUrl), origin: PROXY_URL_ORIGIN };
}

type Faults = Omit<Connection, "addresses" | "issuer" | "proxy">;

/**
 * Messages of Go's and Node's resolvers for a name that does not exist. Source: plugin/KUBECTL.md, "Words of kubectl"; Node,
 * errors, ENOTFOUND.
 */
const UNKNOWN_NAME =
  /lookup \S+(?: on \S+)?: no such host|no such host|\bENOTFOUND\b|NXDOMAIN|Name or service not known/;
/** Messages of Go's and Node's resolvers, and of dig, for a resolver that does not answer. */
const SILENT_RESOLVER =
  /lookup \S+(?: on \S+)? (?:read udp \S+ i\/o timeout|server misbehaving)|lookup \S+(?: on \S+)?: (?:read udp \S+ i\/o timeout|server misbehaving)|Temporary failure in name resolution|\bEAI_AGAIN\b|\bETIMEOUT\b|no servers could be reached|SERVFAIL/;
const TIMEOUT =
  /dial tcp (?:\S+|<[^<>\n]{1,60}>:\d+:) i\/o timeout|dial tcp \S+ connect: (?:operation timed out|connection timed out|no route to host|network is unreachable)|TLS handshake timeout|\b(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)\b|(?:context deadline exceeded|Client\.Timeout exceeded)[^:]*/;
const REFUSED =
  /The connection to the server \S+ was refused|dial tcp \S+ connect: connection refused|\bECONNREFUSED\b/;
const UNTRUSTED =
  /certificate signed by unknown authority|unable to verify the first certificate|unable to get (?:local )?issuer certificate|self[- ]signed certificate|CERTIFICATE_VERIFY_FAILED|certificate signature failure|\b(?:CERT_SIGNATURE_FAILURE|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT\w*))\b/;
const WRONG_NAME =
  /x509: certificate is not valid for any names, but wanted to match \S+|x509: certificate is (?:not )?valid for ([^\s,]+(?:, (?!not )[^\s,]+)*), not \S+|x509: cannot validate certificate for \S+ because it doesn't contain any IP SANs|Hostname\/IP does not match certificate's altnames[^"]*/;
const NO_TLS =
  /tls: first record does not look like a TLS handshake|http: server gave HTTP response to HTTPS client|tls: (?:handshake failure|internal error)|remote error: tls: \S+(?: \w+)*|malformed HTTP response|unexpected EOF|connection reset by peer|\b(?:EPROTO|ECONNRESET)\b|wrong version number/;
/** A message of the probe, which waits for TLS only once the connection is accepted. */
const SILENT_TLS = /^TLS handshake timeout$/;
/** A proxy's own refusal; kubectl shows only its status line. Source: doctor/EKS-ACCESS.md, "Cluster and network". */
const PROXY_FAULT =
  /proxyconnect tcp: [^"]+|The proxy \S{1,300} of [\w -]{1,40} (?:does not answer:|answered) [^"\n]{1,300}|Unable to connect to the server: (?:Bad Request|Forbidden|Proxy Authentication Required|Bad Gateway|Service Unavailable|Gateway Timeout|Method Not Allowed|Not Found)(?=$| )|HTTP 40[37](?=:|$)|tunneling socket could not be established[^"]*/;

function faults(text: string | undefined, network: NetworkFacts | undefined): Faults {
  const said = (pattern: RegExp) => {
    const [words] = pattern.exec(text ?? "") ?? [];
    return words === undefined ? undefined : `The client reports “${words}”.`;
  };
  const tls = network?.tls;
  const probed = (pattern: RegExp) =>
    tls?.ok === false && pattern.test(tls.error ?? "")
      ? `The doctor's TLS connection fails: “${tls.error}”.`
      : undefined;
  /** Then it is the proxy that was not reached, and nothing is known about what is behind it. */
  const isProxys = /proxyconnect|The proxy \S{1,300} of /.test(text ?? "");
  const direct = isProxys ? () => undefined : said;
  const name = WRONG_NAME.exec(text ?? "") ?? (tls?.ok === false ? WRONG_NAME.exec(tls.error ?? "") : null);
  return {
    unknownName: direct(UNKNOWN_NAME) ?? probedName(network, UNKNOWN_NAME),
    silentResolver: direct(SILENT_RESOLVER) ?? probedName(network, SILENT_RESOLVER),
    get timeout() {
      if (network !== undefined && isTcpLeftOut(network)) note("network");
      return network?.tcp === "open"
        ? undefined
        : (direct(TIMEOUT) ?? probedTcp(network, ["timeout", "unreachable"]));
    },
    refused: direct(REFUSED) ?? probedTcp(network, ["refused"]),
    untrusted: said(UNTRUSTED) ?? probed(UNTRUSTED),
    wrongName:
      name === null
        ? undefined
        : {
            shown: `The TLS handshake fails: “${name[0]}”.`,
            validFor: name[1]?.split(", ") ?? tls?.subjectAltNames ?? [],
          },
    noTls: said(NO_TLS) ?? probed(NO_TLS) ?? probed(SILENT_TLS),
    proxyFault: said(PROXY_FAULT) ?? probedProxy(network),
  };
}

/** Whether it is not said how a connection ended that must have been tried, since the name resolves and there is no proxy. */
function isTcpLeftOut({ tcp, dnsError, proxy }: NetworkFacts): boolean {
  return tcp === undefined && dnsError === undefined && proxy === undefined;
}

function probedName(network: NetworkFacts | undefined, words: RegExp): string | undefined {
  const error = network?.dnsError;
  return error !== undefined && words.test(error)
    ? `${network?.host} does not resolve: ${error}.`
    : undefined;
}

function probedTcp(
  network: NetworkFacts | undefined,
  states: readonly NonNullable<NetworkFacts["tcp"]>[],
): string | undefined {
  const { host, port, tcp } = network ?? {};
  if (tcp === undefined || !states.includes(tcp)) return undefined;
  const outcome = {
    open: "is open",
    refused: "is refused",
    timeout: "times out",
    unreachable: "fails: no route to host",
  }[tcp];
  return `A TCP connection to ${host}:${port} ${outcome}.`;
}

/**
 * A 2xx answer to CONNECT, such as `HTTP/1.1 200 Connection established`, is the only one without a fault. Source: RFC 9110,
 * 9.3.6.
 */
function probedProxy(network: NetworkFacts | undefined): string | undefined {
  const answer = network?.proxy?.answer;
  if (answer === undefined || /^(?:HTTP\/[\d.]+ )?2\d\d\b/.test(answer)) return undefined;
  const outcome = /^HTTP\//.test(answer) ? "returns" : "fails:";
  return `The proxy ${withoutPassword(network?.proxy?.url ?? "")} ${outcome} “${answer}”.`;
}

/** The text of the failure, unless all of it is about other hosts. */
function failureText(symptom: Symptom | undefined, host: string | undefined): string | undefined {
  const text = symptom !== undefined && "text" in symptom ? plainText(symptom.text) : "";
  const isOfCall = symptom?.kind === "unreachable" || symptom?.kind === "other";
  if (!isOfCall && !text.includes(`of ${PROXY_URL_ORIGIN} does not answer`)) return undefined;
  if (host === undefined) return text;
  /** The rest of the text is about the proxy. */
  const [about = ""] = text.replace(/The proxy \S{1,300} of /g, "").split("proxyconnect");
  const named = [...about.matchAll(/https?:\/\/(?:\[([^[\]]+)\]|([^/\s":]+))|lookup (\S+?)(?: on|:)/g)].map(
    ([, v6, plain, looked]) => (v6 ?? plain ?? looked ?? "").toLowerCase(),
  );
  return named.length === 0 || named.includes(host) ? text : undefined;
}

function calledAddresses(text: string | undefined): string[] {
  if (text?.includes("proxyconnect")) return [];
  return [...(text ?? "").matchAll(/dial tcp (?:\[([0-9a-f:]+)\]|(\d+(?:\.\d+){3})):\d+/gi)].map(
    ([, v6, v4]) => v6 ?? v4 ?? "",
  );
}

/**
 * What a proxy's client sees when a plain tunnel passes its CONNECT on to a TLS server: bytes of TLS, a hang-up, or the 400 with
 * which Go's servers (such as the API server) answer plain HTTP. In the wording of Go, Node and ours. Silence is no such sign: a proxy
 * may be silent, too.
 */
const TALKS_PAST =
  /malformed HTTP|unexpected EOF|\bEOF\b|first record|\\x15|connection reset|ECONNRESET|closed the connection|Parse Error|is not HTTP|hang up|\b400\b|: Bad Request/i;

/** What shows that the proxy in force is the local end of a plain TCP tunnel; undefined if nothing does. */
export function plainTunnel({ proxy, wrongName, noTls, proxyFault }: Connection): string | undefined {
  const host = addressOf(proxy?.url)?.host;
  if (host === undefined || !isLoopbackHost(host)) return undefined;
  const talksPast = proxyFault !== undefined && TALKS_PAST.test(proxyFault) ? proxyFault : undefined;
  return wrongName?.shown ?? noTls ?? talksPast;
}
