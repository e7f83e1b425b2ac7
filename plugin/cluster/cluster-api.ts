import type { AccessRequest } from "../../doctor/doctor.ts";
import { type KubeCalls, kubeCalls } from "../../doctor/probes/cluster/kube-calls.ts";
import { proxyFor } from "../../doctor/probes/network/cluster-address.ts";
import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import type { Env } from "../../token/env.ts";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import { isRecord } from "../../token/record.ts";
import type { BodyOf } from "../kinds/kinds.ts";

/** How to reach a cluster: address and CA from the kubeconfig, and a token of ours. */
export interface ClusterAccess {
  readonly context: string;
  /** The file of `--kubeconfig`. */
  readonly kubeconfig?: string | undefined;
  readonly server: string;
  /** PEM in base64; undefined when the kubeconfig has none. */
  readonly caData: string | undefined;
  /** Name that the server's certificate must have; undefined: the host of `server`. */
  readonly tlsServerName?: string | undefined;
  /** The entry's own proxy, which takes precedence over that of the environment. */
  readonly proxyUrl?: string | undefined;
  readonly env?: Env;
  readonly token: string;
}

/** Who we are to the cluster. */
export type KubernetesIdentity = BodyOf<"Whoami">["kubernetes"];

/** The calls of the doctor, with our token and the kubeconfig's CA. */
export function clusterCalls(access: ClusterAccess): KubeCalls {
  const { server, caData, tlsServerName: tlsName, proxyUrl, env = {}, token } = access;
  const ca = caData === undefined ? undefined : [Buffer.from(caData, "base64").toString("utf8")];
  const url = new URL(server);
  const proxy = proxyFor(url, proxyUrl, env);
  if (proxy?.url.protocol === "socks5:")
    throw new VouchError(
      "server-unreachable",
      `kubectl-vouch cannot connect to the API server ${server}: unlike kubectl, it does not support SOCKS proxies (${proxy.url.host}).`,
    );
  return kubeCalls({ address: { url, ca, tlsName, proxy }, token });
}

/** Asks who we are, and what we are allowed to do: every authenticated user can. */
export function clusterApi(access: ClusterAccess) {
  const kube = clusterCalls(access);
  const fail = (error: unknown): never => {
    throw clusterError(error, access);
  };
  return {
    async whoami(): Promise<KubernetesIdentity> {
      const { status } = await kube.whoami().catch(fail);
      const { username = "", groups = [] } = status.userInfo;
      return { username, groups };
    },
    async can(request: AccessRequest): Promise<boolean> {
      return (await kube.mayI(request).catch(fail)).status.allowed;
    },
  };
}

function clusterError(error: unknown, { context, kubeconfig, server }: ClusterAccess): VouchError {
  if (error instanceof VouchError) return error;
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const status = isRecord(cause) ? cause["code"] : undefined;
  if (status === 401) {
    return new VouchError(
      "permission-denied",
      `The API server ${server} does not accept your identity (401 Unauthorized).`,
      {
        hint: withCommands`For the reason and the fix: ${ours("doctor", { context, kubeconfig })}`,
      },
    );
  }
  if (typeof status === "number") {
    return new VouchError("permission-denied", `The API server ${server} returned ${status}.`);
  }
  return new VouchError("server-unreachable", `Cannot reach the API server ${server}: ${reasonOf(error)}.`, {
    cause: error,
  });
}
