import {
  AuthenticationV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  KubeConfig,
  RbacAuthorizationV1Api,
} from "@kubernetes/client-node";
import { isRecord } from "../../token/record.ts";
import type {
  AccessReviewJson,
  Attempt,
  ConfigMapJson,
  RbacObjectJson,
  SelfSubjectReviewJson,
} from "../evidence.ts";
import type { ClusterAddress } from "./cluster-address.ts";

/** What the doctor asks an API server, each answer in Kubernetes' own JSON. Throws the server's own sentence. */
export interface KubeCalls {
  whoami(): Promise<SelfSubjectReviewJson>;
  mayI(attempt: Attempt): Promise<AccessReviewJson>;
  /** Null: there is none. */
  awsAuth(): Promise<ConfigMapJson | null>;
  namespaces(): Promise<{ readonly items: readonly { readonly metadata: { readonly name: string } }[] }>;
  rbac(): Promise<{ readonly items: readonly RbacObjectJson[] }>;
}

/** Asks with this token and the kubeconfig's CA; client-node's own exec plugins and merging stay out of it. */
export function kubeCalls(address: ClusterAddress, token: string): KubeCalls {
  const config = kubeConfig(address, token);
  const authorization = config.makeApiClient(AuthorizationV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const rbac = config.makeApiClient(RbacAuthorizationV1Api);
  return {
    async whoami() {
      const api = config.makeApiClient(AuthenticationV1Api);
      const review = await told(api.createSelfSubjectReview({ body: {} }));
      return plain({ status: { userInfo: review.status?.userInfo ?? {} } });
    },
    async mayI(attempt) {
      const spec = reviewSpec(attempt);
      const { status } = await told(authorization.createSelfSubjectAccessReview({ body: { spec } }));
      return plain({ spec, status: { ...status, allowed: status?.allowed === true } });
    },
    async awsAuth() {
      const read = core.readNamespacedConfigMap({ name: "aws-auth", namespace: "kube-system" });
      const found = await read.catch((error: unknown) =>
        isNotFound(error) ? null : told(Promise.reject(error)),
      );
      return found === null ? null : plain({ data: found.data ?? {}, metadata: { name: "aws-auth" } });
    },
    async namespaces() {
      const { items } = await told(core.listNamespace({ limit: 500 }));
      return { items: items.map(({ metadata }) => ({ metadata: { name: metadata?.name ?? "" } })) };
    },
    async rbac() {
      const lists = await told(
        Promise.all([
          rbac.listClusterRole().then(({ items }) => ofKind("ClusterRole", items)),
          rbac.listClusterRoleBinding().then(({ items }) => ofKind("ClusterRoleBinding", items)),
          rbac.listRoleForAllNamespaces().then(({ items }) => ofKind("Role", items)),
          rbac.listRoleBindingForAllNamespaces().then(({ items }) => ofKind("RoleBinding", items)),
        ]),
      );
      return plain({ items: lists.flat() });
    },
  };
}

function kubeConfig({ url, ca, tlsName, proxy }: ClusterAddress, token: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name: "cluster",
        server: url.href.replace(/\/$/, ""),
        skipTLSVerify: false,
        ...(ca === undefined ? {} : { caData: Buffer.from(ca.join("\n")).toString("base64") }),
        ...(tlsName === undefined ? {} : { tlsServerName: tlsName }),
        ...(proxy === undefined ? {} : { proxyUrl: proxy.url.href }),
      },
    ],
    users: [{ name: "user", token }],
    contexts: [{ name: "context", cluster: "cluster", user: "user" }],
    currentContext: "context",
  });
  return config;
}

function reviewSpec({ verb, path, group = "", resource = "", ...more }: Attempt): AccessReviewJson["spec"] {
  if (path !== undefined) return { nonResourceAttributes: { verb, path } };
  return { resourceAttributes: { verb, group, resource, ...more } };
}

/** Items of a list have no kind of their own. Managed fields and annotations say nothing of rights. */
function ofKind<
  T extends { metadata?: { name?: string; namespace?: string; labels?: Record<string, string> } },
>(kind: string, items: readonly T[]): object[] {
  return items.map(({ metadata, ...rest }) => {
    const { name = "", namespace, labels } = metadata ?? {};
    return { ...rest, kind, metadata: { name, namespace, labels } };
  });
}

/** client-node's error holds the whole answer with its headers; the server's sentence is enough. */
async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new Error(sentence(error), { cause: error });
  }
}

function sentence(error: unknown): string {
  const { code, body } = isRecord(error) ? error : { code: undefined, body: undefined };
  if (typeof code !== "number") {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
  const status: unknown = typeof body === "string" ? parse(body) : body;
  const message = isRecord(status) && typeof status["message"] === "string" ? `: ${status["message"]}` : "";
  return `HTTP ${code}${message}`;
}

function isNotFound(error: unknown): boolean {
  return isRecord(error) && error["code"] === 404;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Without what is undefined, and dates as text. */
function plain<T>(value: object): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
