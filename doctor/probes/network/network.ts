import { lookup } from "node:dns/promises";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { checkServerIdentity, connect as connectTls, type PeerCertificate, type TLSSocket } from "node:tls";
import { reasonOf } from "../../../token/errors/errors.ts";
import { chosenProxy } from "../../../token/net/chosen-proxy.ts";
import { trustedRoots } from "../../../token/net/trusted-roots.ts";
import { openTunnel } from "../../../token/net/tunnel-agent.ts";
import { defined } from "../../../token/record.ts";
import type { NetworkFacts } from "../../evidence/evidence.ts";
import { readCalledContext } from "../called-context.ts";
import type { Probes } from "../probe.ts";
import type { ProbeHost } from "../probe-host.ts";
import { type ClusterAddress, clusterAddress } from "./cluster-address.ts";
import { getOverTls } from "./get-over-tls.ts";

/** How long one connection may take, in milliseconds, before it counts as a timeout. */
const CONNECT_MS = 5000;

export const NETWORK_PROBE = {
  /** The path to the API server, step by step: its name, a connection, TLS, and the proxy in between. */
  network: {
    needs: ["kubeconfig"],
    doing: "testing the connection to the API server",
    ask: async ({ evidence, host, signal }) => {
      const call = readCalledContext(evidence, host);
      const address = call && clusterAddress(call, host);
      if (address === undefined) return undefined;
      const facts = await walk(address, signal);
      const isBlocked = facts.tcp === "timeout" && facts.proxy === undefined;
      const egress = isBlocked ? await egressAddress(host, signal) : undefined;
      return egress === undefined ? facts : { ...facts, egressAddress: egress };
    },
  },
} satisfies Probes;

async function walk(address: ClusterAddress, signal: AbortSignal): Promise<NetworkFacts> {
  const { url, proxy } = address;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? (url.protocol === "http:" ? 80 : 443) : Number(url.port);
  const start = { host, port, ...(await namesOf(host)) };
  if (proxy !== undefined) return { ...start, ...(await throughProxy(address, { host, port, signal })) };
  if (start.dnsError !== undefined) return start;
  const { state, socket } = await tryTcp(host, port, signal);
  if (socket === undefined || url.protocol !== "https:") {
    socket?.destroy();
    return { ...start, tcp: state };
  }
  return { ...start, tcp: state, tls: await tryTls(socket, { ...address, host }) };
}

async function namesOf(host: string): Promise<Pick<NetworkFacts, "addresses" | "dnsError">> {
  if (isIP(host) !== 0) return { addresses: [host] };
  try {
    const found = await lookup(host, { all: true });
    return { addresses: found.map(({ address }) => address) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return {
      dnsError: code === "ENOTFOUND" ? `no such host (${code})` : `${code} ${reasonOf(error)}`.trim(),
    };
  }
}

async function throughProxy(
  address: ClusterAddress,
  { host, port, signal }: { readonly host: string; readonly port: number; readonly signal: AbortSignal },
): Promise<Pick<NetworkFacts, "proxy" | "tls">> {
  const { proxy } = address;
  if (proxy === undefined) return {};
  const { answer, socket } =
    proxy.url.protocol === "socks5:"
      ? await askSocksProxy(proxy.url, signal)
      : await askProxy(proxy.url, `${host}:${port}`, signal);
  const shown = new URL(proxy.url);
  shown.password = "";
  shown.username = "";
  const told = defined({ url: shown.href, origin: proxy.origin, answer });
  return socket === undefined
    ? { proxy: told }
    : { proxy: told, tls: await tryTls(socket, { ...address, host }) };
}

/** Only whether it takes connections: we do not speak its protocol. Source: Go, net/http, the usual port of socks5. */
async function askSocksProxy({ hostname, port }: URL, signal: AbortSignal) {
  const { state, socket } = await tryTcp(hostname, port === "" ? 1080 : Number(port), signal);
  socket?.destroy();
  return { answer: state === "open" ? undefined : SOCKS_ANSWERS[state], socket: undefined };
}

const SOCKS_ANSWERS = {
  refused: "connect ECONNREFUSED",
  timeout: "connect ETIMEDOUT",
  unreachable: "connect EHOSTUNREACH",
} as const;

const TCP_STATES: Readonly<Record<string, NonNullable<NetworkFacts["tcp"]>>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "refused",
  ETIMEDOUT: "timeout",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
};

function tryTcp(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<{ readonly state: NonNullable<NetworkFacts["tcp"]>; readonly socket: Socket | undefined }> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host, port, timeout: CONNECT_MS, signal });
    const end = (state: NonNullable<NetworkFacts["tcp"]>) => {
      socket.destroy();
      resolve({ state, socket: undefined });
    };
    socket.once("timeout", () => end("timeout"));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      end(TCP_STATES[error.code ?? ""] ?? "unreachable"),
    );
    socket.once("connect", () => {
      socket.removeAllListeners("timeout").removeAllListeners("error").setTimeout(0);
      resolve({ state: "open", socket });
    });
  });
}

/** The handshake is completed even if the certificate is refused, since it matters most whose it is. */
function tryTls(
  socket: Socket,
  { host, tlsName, ca, skipsVerification }: ClusterAddress & { readonly host: string },
): Promise<NonNullable<NetworkFacts["tls"]>> {
  const name = tlsName ?? host;
  return new Promise((resolve) => {
    const secure = connectTls({
      socket,
      host: name,
      servername: isIP(name) === 0 ? name : "",
      rejectUnauthorized: false,
      ...(ca === undefined ? {} : { ca }),
    });
    const late = setTimeout(() => end({ ok: false, error: "TLS handshake timeout" }), CONNECT_MS);
    const end = (tls: NonNullable<NetworkFacts["tls"]>) => {
      clearTimeout(late);
      secure.destroy();
      resolve(tls);
    };
    secure.once("error", (error: NodeJS.ErrnoException) =>
      end({ ok: false, error: `${error.code ?? ""} ${reasonOf(error)}`.trim() }),
    );
    secure.once("secureConnect", () => end(readTls(secure, { name, skipsVerification })));
    secure.once("close", () =>
      end({ ok: false, error: "unexpected EOF: the connection was closed during the TLS handshake" }),
    );
  });
}

/** Source: Node, tls, "checkServerIdentity". */
const WRONG_NAME = "ERR_TLS_CERT_ALTNAME_INVALID";

function readTls(
  secure: TLSSocket,
  { name, skipsVerification }: { readonly name: string; readonly skipsVerification: boolean },
): NonNullable<NetworkFacts["tls"]> {
  const certificate: PeerCertificate = secure.getPeerCertificate();
  const issuer = certificate.issuer?.CN ?? certificate.issuer?.O;
  const names = (certificate.subjectaltname ?? "")
    .split(", ")
    .map((entry) => entry.replace(/^(?:DNS|IP Address):/, ""))
    .filter((entry) => entry !== "");
  // Node's types say that it is an Error, but it is a code.
  const code = String(secure.authorizationError);
  const error = code === WRONG_NAME ? checkServerIdentity(name, certificate)?.message : code;
  return {
    ok: secure.authorized || skipsVerification,
    ...(secure.authorized ? {} : { error: error ?? code }),
    ...(issuer === undefined ? {} : { issuer: String(issuer) }),
    subjectAltNames: names,
  };
}

/** How long a proxy may take to answer, in milliseconds. */
const ANSWER_MS = 5000;

/**
 * Asks a proxy for a tunnel, and returns the first line of its answer, and the connection if the tunnel was opened. If the other
 * side does not answer like a proxy, the answer is Node's own error.
 */
export async function askProxy(
  proxy: URL,
  target: string,
  signal: AbortSignal,
): Promise<{ readonly answer: string | undefined; readonly socket: Socket | undefined }> {
  const limit = AbortSignal.timeout(ANSWER_MS);
  try {
    const { status, reason, socket } = await openTunnel(proxy, target, {
      ca: trustedRoots(undefined),
      signal: AbortSignal.any([signal, limit]),
    });
    return { answer: `HTTP/1.1 ${status} ${reason}`, socket };
  } catch (error) {
    const late = `no answer to CONNECT within ${ANSWER_MS / 1000} s`;
    return { answer: limit.aborted ? late : reasonOf(error), socket: undefined };
  }
}

/**
 * AWS's service that answers with the caller's address; called only if a connection gets no answer. Source: doctor/EKS-ACCESS.md,
 * "Cluster and network".
 */
const CHECK_IP = "https://checkip.amazonaws.com/";

/** The public address of this machine; undefined if it could not be determined. */
async function egressAddress({ env, clock }: ProbeHost, signal: AbortSignal): Promise<string | undefined> {
  const url = new URL(CHECK_IP);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(3000)]);
  try {
    const { status, body } = await getOverTls({
      url,
      headers: {},
      ca: undefined,
      proxy: chosenProxy(url, env),
      clock,
      signal: limit,
    });
    return status === 200 && isIP(body.trim()) !== 0 ? body.trim() : undefined;
  } catch {
    return undefined;
  }
}
