import { generateKeyPairSync } from "node:crypto";
import path from "node:path";
import { goProgram } from "../../peers/go/programs.ts";
import { portForProgram } from "../loopback.ts";
import type { LabCa } from "../tls.ts";
import { type ApiClient, apiClient } from "./api-client.ts";
import { type BackgroundProgram, startInBackground } from "./background-program.ts";
import { privateFiles } from "./private-files.ts";

interface KubeApiserverOptions {
  /** The cluster's own: of servers and of clients. */
  readonly ca: LabCa;
  /** For its files. */
  readonly folder: string;
  /** Kubeconfigs of the two webhooks: who somebody is, and what the access policies say. */
  readonly authenticator: string;
  readonly accessPolicies: string;
}

/** The real kube-apiserver on a real etcd, set up as EKS does as far as that is known. */
export interface KubeApiserver {
  readonly port: number;
  readonly admin: ApiClient;
  /** A kubeconfig of a user in a group, by a client certificate. */
  kubeconfigOf(user: string, group?: string): Promise<string>;
  /** One JSON object a line, as the audit policy says. */
  readonly auditLog: string;
}

const ADMIN = { user: "lab-admin", group: "system:masters" };

/** Who did what, without bodies, once each. Source: kubernetes.io/docs, "Auditing". */
const AUDIT_POLICY = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [{ level: "Metadata" }],
};

/** Without a token only the probes answer, as in EKS from Kubernetes 1.32. Source: doctor/EKS-ACCESS.md, "Other ways in". */
const AUTHENTICATION = {
  apiVersion: "apiserver.config.k8s.io/v1",
  kind: "AuthenticationConfiguration",
  anonymous: { enabled: true, conditions: ["/healthz", "/livez", "/readyz"].map((one) => ({ path: one })) },
};

/** RBAC first, then the access policies; a webhook that is down has no opinion. */
function authorization(kubeConfigFile: string) {
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthorizationConfiguration",
    authorizers: [
      { type: "RBAC", name: "rbac" },
      {
        type: "Webhook",
        name: "eks-access-policies",
        webhook: {
          timeout: "3s",
          authorizedTTL: "1s",
          unauthorizedTTL: "1s",
          cacheAuthorizedRequests: false,
          cacheUnauthorizedRequests: false,
          subjectAccessReviewVersion: "v1",
          matchConditionSubjectAccessReviewVersion: "v1",
          failurePolicy: "NoOpinion",
          connectionInfo: { type: "KubeConfigFile", kubeConfigFile },
        },
      },
    ],
  };
}

/** Adds to `stops` how to stop it. */
export async function startKubeApiserver(
  options: KubeApiserverOptions,
  stops: (() => void | Promise<void>)[],
): Promise<KubeApiserver> {
  const { ca, folder } = options;
  const file = privateFiles(folder);
  const etcd = await startEtcd(folder);
  stops.push(() => etcd.program.stop());
  const port = await portForProgram();
  const own = await ca.issue(["127.0.0.1", "localhost", "kubernetes.default.svc", "10.0.0.1"]);
  const { publicKey, privateKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const auditLog = file("audit.log", "");
  const flags = {
    "etcd-servers": etcd.url,
    "bind-address": "127.0.0.1",
    "advertise-address": "127.0.0.1",
    "secure-port": String(port),
    "tls-cert-file": file("apiserver.crt", own.cert),
    "tls-private-key-file": file("apiserver.key", own.key),
    "client-ca-file": file("ca.crt", ca.cert),
    "service-cluster-ip-range": "10.0.0.0/24",
    "endpoint-reconciler-type": "none",
    "service-account-issuer": "https://kubernetes.default.svc",
    "service-account-key-file": file("sa.pub", publicKey),
    "service-account-signing-key-file": file("sa.key", privateKey),
    "authentication-config": file("authentication.yaml", AUTHENTICATION),
    "authentication-token-webhook-config-file": options.authenticator,
    "authentication-token-webhook-version": "v1beta1",
    "authentication-token-webhook-cache-ttl": "0s",
    "authorization-config": file("authorization.yaml", authorization(options.accessPolicies)),
    "audit-policy-file": file("audit-policy.yaml", AUDIT_POLICY),
    "audit-log-path": auditLog,
    // No controllers give pods their service account.
    "disable-admission-plugins": "ServiceAccount",
    "watch-cache": "false",
    profiling: "false",
  };
  const server = startInBackground(
    [goProgram("kube-apiserver"), ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)],
    { logFile: path.join(folder, "kube-apiserver.log"), cwd: folder },
  );
  stops.push(() => server.stop());
  const admin = apiClient(port, { ca: ca.cert, ...(await ca.issueClient(ADMIN.user, ADMIN.group)) });
  await server.until(() => isReady(admin), "becoming ready");

  return {
    port,
    admin,
    auditLog,
    kubeconfigOf: async (user, group) =>
      file(
        `${user.replaceAll(/\W/g, "-")}.kubeconfig`,
        kubeconfig(`https://127.0.0.1:${port}`, ca.cert, await ca.issueClient(user, group)),
      ),
  };
}

/** A kubeconfig of one user, with a certificate of theirs where they need one. Source: kubernetes.io/docs, "kubeconfig (v1)". */
export function kubeconfig(
  server: string,
  ca: string,
  client?: { readonly cert: string; readonly key: string },
) {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const user = client && {
    "client-certificate-data": base64(client.cert),
    "client-key-data": base64(client.key),
  };
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "lab",
    clusters: [{ name: "lab", cluster: { server, "certificate-authority-data": base64(ca) } }],
    users: [{ name: "lab", user: user ?? {} }],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "lab" } }],
  };
}

async function startEtcd(
  folder: string,
): Promise<{ readonly url: string; readonly program: BackgroundProgram }> {
  const [url, peers] = [
    `http://127.0.0.1:${await portForProgram()}`,
    `http://127.0.0.1:${await portForProgram()}`,
  ];
  const flags = {
    name: "lab",
    "data-dir": path.join(folder, "etcd"),
    "log-level": "warn",
    "listen-client-urls": url,
    "advertise-client-urls": url,
    "listen-peer-urls": peers,
    "initial-advertise-peer-urls": peers,
    "initial-cluster": `lab=${peers}`,
  };
  const words = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const program = startInBackground([goProgram("etcd"), "--unsafe-no-fsync", ...words], {
    logFile: path.join(folder, "etcd.log"),
    cwd: folder,
  });
  return { url, program };
}

async function isReady(admin: ApiClient): Promise<boolean> {
  try {
    await admin.ask("GET", "/readyz");
    return true;
  } catch {
    return false;
  }
}
