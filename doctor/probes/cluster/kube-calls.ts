import {
  AuthenticationV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  RbacAuthorizationV1Api,
} from "@kubernetes/client-node";
import { VouchError } from "../../../token/errors/errors.ts";
import { allPages } from "../../../token/net/limits.ts";
import { defined, isRecord, jsonRecord } from "../../../token/record.ts";
import type {
  AccessRequest,
  AccessReviewJson,
  ConfigMapJson,
  RbacObjectJson,
  SelfSubjectReviewJson,
} from "../../evidence/evidence.ts";
import { type KubeAccess, kubeConfiguration } from "./kube-transport.ts";

/** The calls that the doctor makes to an API server; each answer is Kubernetes' own JSON. Throws the server's own message. */
export interface KubeCalls {
  whoami(): Promise<SelfSubjectReviewJson>;
  mayI(attempt: AccessRequest): Promise<AccessReviewJson>;
  /** Null: it does not exist. */
  awsAuth(): Promise<ConfigMapJson | null>;
  namespaces(): Promise<{ readonly items: readonly { readonly metadata: { readonly name: string } }[] }>;
  rbac(): Promise<{ readonly items: readonly RbacObjectJson[] }>;
}

/** Objects per page of a list. */
const PAGE_SIZE = 500;

/**
 * Calls with this token and the kubeconfig's CA, without client-node's own transport, exec plugins and merging. An answer without
 * the requested content is an error.
 */
export function kubeCalls(access: KubeAccess): KubeCalls {
  const configuration = kubeConfiguration(access);
  const authorization = new AuthorizationV1Api(configuration);
  const core = new CoreV1Api(configuration);
  const rbac = new RbacAuthorizationV1Api(configuration);
  const { host } = access.address.url;
  const list = <T extends KubeObject>(read: (page: PageQuery) => Promise<ListAnswer<T>>): Promise<T[]> =>
    allPages(host, async (token) => {
      const page = await told(read(defined({ limit: PAGE_SIZE, _continue: token })));
      if (
        !Array.isArray(page?.items) ||
        !page.items.every((item) => typeof item?.metadata?.name === "string")
      )
        throw notAnswered(host, "a valid list");
      return { items: page.items, next: page.metadata?._continue };
    });
  return {
    async whoami() {
      const api = new AuthenticationV1Api(configuration);
      const review = await told(api.createSelfSubjectReview({ body: {} }));
      const userInfo = review?.status?.userInfo;
      if (typeof userInfo?.username !== "string" || userInfo.username === "")
        throw notAnswered(host, "the caller's username");
      return plain({ status: { userInfo } });
    },
    async mayI(attempt) {
      const spec = reviewSpec(attempt);
      const review = await told(authorization.createSelfSubjectAccessReview({ body: { spec } }));
      if (typeof review?.status?.allowed !== "boolean")
        throw notAnswered(host, "whether the request is allowed");
      return plain({ spec, status: review.status });
    },
    async awsAuth() {
      const read = core.readNamespacedConfigMap({ name: "aws-auth", namespace: "kube-system" });
      const found = await read.catch((error: unknown) =>
        isRecord(error) && error["code"] === 404 ? null : told(Promise.reject(error)),
      );
      if (found === null) return null;
      if (found?.kind !== "ConfigMap") throw notAnswered(host, "aws-auth");
      const { resourceVersion } = found.metadata ?? {};
      return plain({ data: found.data ?? {}, metadata: { name: "aws-auth", resourceVersion } });
    },
    async namespaces() {
      const items = await list((page) => core.listNamespace(page));
      return { items: items.map(({ metadata }) => ({ metadata: { name: metadata?.name ?? "" } })) };
    },
    async rbac() {
      const [clusterRoles, clusterBindings, roles, bindings] = await Promise.all([
        list((page) => rbac.listClusterRole(page)),
        list((page) => rbac.listClusterRoleBinding(page)),
        list((page) => rbac.listRoleForAllNamespaces(page)),
        list((page) => rbac.listRoleBindingForAllNamespaces(page)),
      ]);
      return plain({
        items: [
          ...ofKind("ClusterRole", clusterRoles),
          ...ofKind("ClusterRoleBinding", clusterBindings),
          ...ofKind("Role", roles),
          ...ofKind("RoleBinding", bindings),
        ],
      });
    },
  };
}

interface PageQuery {
  readonly limit: number;
  readonly _continue?: string;
}

interface ListAnswer<T> {
  readonly items: T[];
  readonly metadata?: { readonly _continue?: string } | undefined;
}

interface KubeObject {
  readonly metadata?:
    | {
        readonly name?: string;
        readonly namespace?: string;
        readonly labels?: Readonly<Record<string, string>>;
        readonly creationTimestamp?: Date;
      }
    | undefined;
}

function notAnswered(host: string, what: string): Error {
  return new Error(`${host} answered, but did not return ${what}`);
}

function reviewSpec({
  verb,
  path,
  group = "",
  resource = "",
  ...more
}: AccessRequest): AccessReviewJson["spec"] {
  if (path !== undefined) return { nonResourceAttributes: { verb, path } };
  return { resourceAttributes: { verb, group, resource, ...more } };
}

/** Items of a list have no kind of their own. Managed fields and annotations do not affect permissions. */
function ofKind(kind: string, items: readonly KubeObject[]): object[] {
  return items.map(({ metadata, ...rest }) => {
    const { name = "", namespace, labels, creationTimestamp } = metadata ?? {};
    return { ...rest, kind, metadata: { name, namespace, labels, creationTimestamp } };
  });
}

/** client-node's error contains the whole answer with its headers; the server's message is enough. */
async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof VouchError) throw error;
    throw new Error(sentence(error), { cause: error });
  }
}

function sentence(error: unknown): string {
  const { code, body } = isRecord(error) ? error : { code: undefined, body: undefined };
  if (typeof code !== "number") {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
  const status: unknown = typeof body === "string" ? jsonRecord(body) : body;
  const message = isRecord(status) && typeof status["message"] === "string" ? `: ${status["message"]}` : "";
  return `HTTP ${code}${message}`;
}

/** Without undefined fields, and with dates as text. */
function plain<T>(value: object): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
