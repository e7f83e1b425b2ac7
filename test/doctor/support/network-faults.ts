import type { ClusterJson, DoctorEvidence, NetworkFacts } from "../../../doctor/evidence/evidence.ts";
import { ACCOUNT, AWS_EXEC, ENDPOINT, healthyBundle, kubeconfigText } from "./bundle.ts";

export const HOST = ENDPOINT.replace("https://", "");
export const OLD_HOST = "FEDCBA9876543210FEDCBA9876543210.gr7.eu-west-1.eks.amazonaws.com";
/** Another cluster's CA, in the form of the healthy bundle's. */
export const OTHER_CA = btoa("-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n");
const UNKNOWN_AUTHORITY =
  "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority\n";

/** The kubeconfig of the healthy bundle, with the lines of its cluster entry changed. */
export function clusterEntry(change: (text: string) => string): Pick<DoctorEvidence, "kubeconfig"> {
  return {
    kubeconfig: { files: [{ path: "/home/ada/.kube/config", text: change(kubeconfigText(AWS_EXEC)) }] },
  };
}

/** The healthy bundle's cluster, changed. */
export function cluster(changes: Partial<ClusterJson>): Pick<DoctorEvidence, "cluster"> {
  const part = healthyBundle().cluster;
  if (part === undefined || "failed" in part) throw new Error("the healthy bundle has a cluster");
  return { cluster: { cluster: { ...part.cluster, ...changes } } };
}

/** Its network, after nothing but a TCP connection was tried. */
export function network(changes: Partial<NetworkFacts>): Pick<DoctorEvidence, "network"> {
  return { network: { host: HOST, port: 443, ...changes } };
}

/** A healthy bundle whose API server gave no HTTP answer; the client said this. */
export function noAnswer(stderr: string, changes: Partial<DoctorEvidence>): DoctorEvidence {
  return healthyBundle({
    question: { command: "kubectl get pods -n web", exitCode: 1, stderr },
    apiServer: { failed: "no HTTP answer" },
    selfSubjectReview: { failed: "no HTTP answer" },
    accessReviews: { failed: "no HTTP answer" },
    clocks: [{ peer: "sts.eu-west-1.amazonaws.com", aheadSeconds: 0 }],
    ...changes,
  });
}

export const DEAD_PROXY_URL = "http://127.0.0.1:8888";

/** Our words of a call through it. */
export const DEAD_PROXY_WORDS = `The proxy ${DEAD_PROXY_URL} of proxy-url in the kubeconfig does not answer: connection refused`;

/** A kubeconfig whose proxy-url is down. */
export function throughProxyUrl(changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return noAnswer(`${DEAD_PROXY_WORDS}\n`, {
    ...clusterEntry((text) =>
      text.replace(
        "    certificate-authority-data",
        `    proxy-url: ${DEAD_PROXY_URL}\n    certificate-authority-data`,
      ),
    ),
    network: { failed: "not asked" },
    ...changes,
  });
}

/** What `kubectl` says of a name that does not exist. Source: plugin/KUBECTL.md, "Words of kubectl". */
export function noSuchHost(host: string): string {
  return `Unable to connect to the server: dial tcp: lookup ${host} on 127.0.0.53:53: no such host\n`;
}

export function ioTimeout(address: string): string {
  return `Unable to connect to the server: dial tcp ${address}:443: i/o timeout\n`;
}

const vpc = { clusterSecurityGroupId: "sg-0123456789abcdef0", vpcId: "vpc-0123456789abcdef0" };
export const PRIVATE = {
  ...vpc,
  endpointPublicAccess: false,
  endpointPrivateAccess: true,
  publicAccessCidrs: [],
};
const BOTH = {
  ...vpc,
  endpointPublicAccess: true,
  endpointPrivateAccess: true,
  publicAccessCidrs: ["0.0.0.0/0"],
};
export const FEW = {
  ...vpc,
  endpointPublicAccess: true,
  endpointPrivateAccess: false,
  publicAccessCidrs: ["198.51.100.0/24"],
};

/** One broken thing each, by the row that names it. */
export const NETWORK_FAULTS: Readonly<Record<string, DoctorEvidence>> = {
  N1: noAnswer(noSuchHost(OLD_HOST), {
    ...clusterEntry((text) => text.replace(ENDPOINT, `https://${OLD_HOST}`)),
    ...network({ host: OLD_HOST, dnsError: "ENOTFOUND" }),
  }),
  N2: noAnswer(ioTimeout("10.0.3.4"), {
    ...cluster({ resourcesVpcConfig: PRIVATE }),
    ...network({ addresses: ["10.0.3.4", "10.0.7.9"], tcp: "timeout" }),
  }),
  N3: noAnswer(ioTimeout("203.0.113.10"), {
    ...cluster({ resourcesVpcConfig: FEW }),
    ...network({ addresses: ["203.0.113.10"], tcp: "timeout", egressAddress: "192.0.2.7" }),
  }),
  N4: noAnswer(ioTimeout("10.0.3.4"), {
    ...cluster({ resourcesVpcConfig: BOTH }),
    ...network({ addresses: ["10.0.3.4"], tcp: "timeout" }),
  }),
  N5: noAnswer(noSuchHost(HOST), {
    ...cluster({ resourcesVpcConfig: PRIVATE }),
    ...network({ dnsError: "ENOTFOUND" }),
  }),
  N6: noAnswer(UNKNOWN_AUTHORITY, {
    ...cluster({ certificateAuthority: { data: OTHER_CA } }),
    ...network({
      addresses: ["203.0.113.10"],
      tcp: "open",
      tls: { ok: false, error: "unable to verify the first certificate", issuer: "kubernetes" },
    }),
  }),
  N7: noAnswer(UNKNOWN_AUTHORITY, {
    ...network({
      addresses: ["203.0.113.10"],
      tcp: "open",
      tls: {
        ok: false,
        error: "self-signed certificate in certificate chain",
        issuer: "Example Corp Proxy CA",
      },
    }),
  }),
  N8: noAnswer("Unable to connect to the server: Forbidden\n", {
    environment: {
      HOME: "/home/ada",
      PATH: "/usr/bin:/bin",
      HTTPS_PROXY: "http://ada:canary-password@proxy.example.com:3128",
    },
    ...network({
      proxy: {
        url: "http://ada:canary-password@proxy.example.com:3128",
        origin: "HTTPS_PROXY",
        answer: "HTTP/1.1 403 Forbidden",
      },
    }),
  }),
  N9: noAnswer(
    `Unable to connect to the server: tls: failed to verify certificate: x509: certificate is valid for ${HOST}, kubernetes, kubernetes.default, not localhost\n`,
    {
      ...clusterEntry((text) => text.replace(ENDPOINT, "https://localhost:8443")),
      ...network({ host: "localhost", port: 8443, addresses: ["127.0.0.1"], tcp: "open" }),
    },
  ),
  N10: noAnswer("Cluster status is CREATING\n", {
    question: {
      command: "aws eks update-kubeconfig --name lab --region eu-west-1",
      exitCode: 255,
      stderr: "Cluster status is CREATING\n",
    },
    ...cluster({ status: "CREATING", certificateAuthority: {} }),
    ...network({ dnsError: "ENOTFOUND" }),
  }),
  N14: healthyBundle({
    question: { command: "kubectl get nodes", stderr: "ip-10-0-0-7.ec2.internal   NotReady   <none>   3d" },
    ...cluster({
      roleArn: `arn:aws:iam::${ACCOUNT}:role/lab-cluster`,
      health: { issues: [{ code: "IamRoleNotFound", message: "The role of the cluster was not found." }] },
    }),
  }),
  N11: healthyBundle({
    question: {
      command: "aws eks update-kubeconfig --name Lab --region eu-west-1",
      exitCode: 254,
      stderr:
        "\nAn error occurred (ResourceNotFoundException) when calling the DescribeCluster operation: No cluster found for name: Lab.\n",
    },
    cluster: { failed: "ResourceNotFoundException: No cluster found for name: Lab." },
    apiServer: { failed: "not asked" },
    selfSubjectReview: { failed: "not asked" },
    accessReviews: { failed: "not asked" },
  }),
  N12: noAnswer(`Unable to connect to the server: tls: first record does not look like a TLS handshake\n`, {
    environment: { HOME: "/home/ada", PATH: "/usr/bin:/bin", HTTPS_PROXY: "http://localhost:8443" },
    network: { failed: "no answer within 5 s" },
  }),
  N13: noAnswer(
    "Unable to connect to the server: dial tcp 203.0.113.10:443: connect: network is unreachable\n",
    {
      ...unreachedAws("connect ENETUNREACH 203.0.113.5:443 - Local (0.0.0.0:0)"),
      ...network({ addresses: ["203.0.113.10"], tcp: "unreachable" }),
    },
  ),
};

/** What there is of AWS where no call to it was answered. */
export function unreachedAws(words: string): Partial<DoctorEvidence> {
  const silent = { failed: words };
  const asked = ["callerIdentity", "cluster", "clusters", "accessEntries", "accessEntryDetails"] as const;
  const more = ["associatedPolicies", "tokenNames", "role", "identityProviders"] as const;
  return {
    ...Object.fromEntries([...asked, ...more].map((part) => [part, silent])),
    clocks: { failed: "no server returned its time" },
  };
}

/** The bundle of one row. */
export function networkFault(row: string): DoctorEvidence {
  const bundle = NETWORK_FAULTS[row];
  if (bundle === undefined) throw new Error(`no bundle for ${row}`);
  return bundle;
}
