import { AuthenticationV1Api, AuthorizationV1Api, KubeConfig } from "@kubernetes/client-node";
import { reasonOf, VouchError } from "../token/errors.ts";

/** How to reach a cluster: address and CA out of the kubeconfig, and a token of ours. */
export interface ClusterAccess {
  readonly context: string;
  readonly server: string;
  /** PEM in base64; undefined when the kubeconfig has none. */
  readonly caData: string | undefined;
  /** Name that the server's certificate must have; undefined: the host of `server`. */
  readonly tlsServerName?: string | undefined;
  readonly token: string;
}

/** Who the cluster takes us for. */
export interface KubernetesIdentity {
  readonly username: string;
  readonly groups: readonly string[];
}

/** One question: may I do this here? */
export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** Undefined asks about the cluster as a whole. */
  readonly namespace: string | undefined;
}

/** The two self-reviews that every authenticated person may ask for. */
export interface ClusterApi {
  whoami(): Promise<KubernetesIdentity>;
  can(question: AccessQuestion): Promise<boolean>;
}

/** Asks with our token and the kubeconfig's CA; client-node's own exec plugins and merging stay out of it. */
export function clusterApi(access: ClusterAccess): ClusterApi {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name: "cluster",
        server: access.server,
        skipTLSVerify: false,
        ...(access.caData === undefined ? {} : { caData: access.caData }),
        ...(access.tlsServerName === undefined ? {} : { tlsServerName: access.tlsServerName }),
      },
    ],
    users: [{ name: "user", token: access.token }],
    contexts: [{ name: "context", cluster: "cluster", user: "user" }],
    currentContext: "context",
  });
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw clusterError(error, access);
    }
  };
  return {
    whoami: () =>
      ask(async () => {
        const review = await config.makeApiClient(AuthenticationV1Api).createSelfSubjectReview({ body: {} });
        const { username = "", groups = [] } = review.status?.userInfo ?? {};
        return { username, groups };
      }),
    can: ({ verb, group, resource, namespace }) =>
      ask(async () => {
        const resourceAttributes = {
          verb,
          group,
          resource,
          ...(namespace === undefined ? {} : { namespace }),
        };
        const review = await config
          .makeApiClient(AuthorizationV1Api)
          .createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
        return review.status?.allowed === true;
      }),
  };
}

function clusterError(error: unknown, { context, server }: ClusterAccess): VouchError {
  const status = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (status === 401) {
    return new VouchError(
      "permission-denied",
      `The API server ${server} does not accept your identity (401 Unauthorized).`,
      {
        hint: `Ask an administrator whether the role has an access entry in this cluster: \`kubectl vouch status\` shows the role of ${context}.`,
      },
    );
  }
  if (typeof status === "number") {
    return new VouchError("permission-denied", `The API server ${server} answered ${status}.`);
  }
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return new VouchError(
    "server-unreachable",
    `The API server ${server} gives no answer: ${reasonOf(cause)}.`,
    { cause: error },
  );
}
