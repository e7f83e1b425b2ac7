import type { ClusterRefusal } from "../../token/hot/cluster-record.ts";

/** `spec.cluster` of KUBERNETES_EXEC_INFO. */
export type ClusterInfo = Readonly<Record<string, unknown>>;

const pem = (certificate: string) =>
  `-----BEGIN CERTIFICATE-----\n${certificate.repeat(16)}\n-----END CERTIFICATE-----\n`;
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** An endpoint in EKS's capitals. */
const HOST = "0A1B2C3D4E5F60718293A4B5C6D7E8F9.gr7.us-east-1.eks.amazonaws.com";
const OWN_CA = pem("MIIDBTCCAe2gAwIBAgIIZoYlZ3Fy1hQwDQYJKoZIhvcNAQELBQAwFTETMBEGA1UE\n");
const OTHER_CA = pem("MIIBszCCAVmgAwIBAgIUQ0FOQVJZLW90aGVyLWNhMAoGCCqGSM49BAMCMBUxEzAR\n");

/** What setup recorded of the cluster. */
export const RECORD = { host: HOST.toLowerCase(), caData: base64(OWN_CA) };

/** How client-go describes it. */
export const ITS_INFO: ClusterInfo = {
  server: `https://${HOST}`,
  "certificate-authority-data": RECORD.caData,
  config: null,
};

/** One `spec.cluster`, and what it is refused for, compared with {@link RECORD}. */
export interface ClusterInfoCase {
  readonly name: string;
  readonly asked: unknown;
  readonly refusal: ClusterRefusal | undefined;
}

function its(fields: ClusterInfo): ClusterInfo {
  return { ...ITS_INFO, ...fields };
}

function without(name: string): ClusterInfo {
  return Object.fromEntries(Object.entries(ITS_INFO).filter(([field]) => field !== name));
}

const TUNNEL = "https://localhost:8443";

const SAME: Readonly<Record<string, unknown>> = {
  "the recorded cluster": ITS_INFO,
  "the recorded cluster, with port and slash": its({ server: `https://${HOST}:443/` }),
  "the recorded cluster, with a path": its({ server: `https://${HOST}/k8s/clusters/lab?x#y` }),
  "the recorded cluster, in small letters": its({ server: `HTTPS://${HOST.toLowerCase()}` }),
  "the recorded cluster through a tunnel": its({ server: TUNNEL, "tls-server-name": HOST }),
  "the recorded cluster through a tunnel of IPv6": its({
    server: "https://[::1]:8443",
    "tls-server-name": HOST.toLowerCase(),
  }),
  "an empty tls-server-name": its({ "tls-server-name": "" }),
  "a proxy on the way": its({ "proxy-url": "http://proxy.example:3128", "disable-compression": true }),
  "certificates that are checked, said": its({ "insecure-skip-tls-verify": false }),
  "settings for the plugin": its({ config: { audience: "x".repeat(20_000), deep: [[[[{}]]]] } }),
  "no cluster": undefined,
  "a cluster that is null": null,
};

const OTHER_HOST: Readonly<Record<string, unknown>> = {
  "another host": its({ server: "https://evil.example" }),
  "a host that ends in ours": its({ server: `https://x${HOST}` }),
  "a host that begins with ours": its({ server: `https://${HOST}.evil.example` }),
  "our host as a user": its({ server: `https://${HOST}@evil.example` }),
  "our host and port as a user": its({ server: `https://${HOST}:443@evil.example/` }),
  "our host as a path": its({ server: `https://evil.example/${HOST}` }),
  "our host before a backslash": its({ server: `https://${HOST}\\@evil.example` }),
  "our host, percent-encoded": its({ server: `https://${HOST.replace(".", "%2e")}` }),
  "our host with a dot at its end": its({ server: `https://${HOST}.` }),
  "our host after a blank": its({ server: ` https://${HOST}` }),
  "our host before a line break": its({ server: `https://${HOST}\n` }),
  "our host without a scheme": its({ server: HOST }),
  "our host over plain http": its({ server: `http://${HOST}` }),
  "our host over plain http, named": its({ server: "http://evil.example", "tls-server-name": HOST }),
  "a port that is none": its({ server: `https://${HOST}:x` }),
  "letters that only look like ours": its({ server: `https://${HOST.replace("A", "\u0410")}` }),
  "no server": without("server"),
  "a server that is no text": its({ server: [`https://${HOST}`] }),
  "an empty server": its({ server: "" }),
  "another tls-server-name": its({ "tls-server-name": "evil.example" }),
  "a tunnel without tls-server-name": its({ server: TUNNEL }),
  "a tls-server-name that is no text": its({ server: TUNNEL, "tls-server-name": [HOST] }),
  "a cluster that is text": `https://${HOST}`,
  "a cluster that is a list": [ITS_INFO],
  "a cluster that is a number": 1,
  "a cluster that is true": true,
  "an empty cluster": {},
};

const OTHER_AUTHORITY: Readonly<Record<string, unknown>> = {
  "another CA": its({ "certificate-authority-data": base64(OTHER_CA) }),
  "another CA beside the recorded one": its({ "certificate-authority-data": base64(OWN_CA + OTHER_CA) }),
  "another CA before the recorded one": its({ "certificate-authority-data": base64(OTHER_CA + OWN_CA) }),
  "the recorded CA twice": its({ "certificate-authority-data": base64(OWN_CA + OWN_CA) }),
  "half the recorded CA": its({ "certificate-authority-data": RECORD.caData.slice(0, 400) }),
  "the recorded CA, not encoded": its({ "certificate-authority-data": OWN_CA }),
  "the CAs of the system": without("certificate-authority-data"),
  "a CA that is null": its({ "certificate-authority-data": null }),
  "a CA that is no text": its({ "certificate-authority-data": [RECORD.caData] }),
};

const UNCHECKED: Readonly<Record<string, unknown>> = {
  "no check of certificates": its({ "insecure-skip-tls-verify": true }),
  "no check of certificates, said strangely": its({ "insecure-skip-tls-verify": "true" }),
  "no check of certificates, and another host": its({
    server: "https://evil.example",
    "insecure-skip-tls-verify": true,
  }),
};

function cases(all: Readonly<Record<string, unknown>>, refusal: ClusterRefusal | undefined) {
  return Object.entries(all).map(([name, asked]): ClusterInfoCase => ({ name, asked, refusal }));
}

/** All the ways in which the requested cluster can be the recorded one, or another. */
export const CLUSTER_INFO_CASES: readonly ClusterInfoCase[] = [
  ...cases(SAME, undefined),
  ...cases(OTHER_HOST, "host"),
  ...cases(OTHER_AUTHORITY, "authority"),
  ...cases(UNCHECKED, "unchecked"),
];

/** KUBERNETES_EXEC_INFO as kubectl 1.28 to 1.36 write it. `asked` undefined: the entry has no `provideClusterInfo`. */
export function execInfoFor(asked: unknown, apiVersion = "client.authentication.k8s.io/v1"): string {
  const spec = { ...(asked === undefined ? {} : { cluster: asked }), interactive: false };
  return `${JSON.stringify({ kind: "ExecCredential", apiVersion, spec })}\n`;
}
