/**
 * The `authenticator` of an EKS control plane: from a bearer token to a Kubernetes user, or a text for the log and a
 * bare 401. It caches nothing: each call asks STS. Written from the references alone and on purpose without any code
 * of token/, so that the two can judge each other.
 */
import type { LabClock } from "../../clock.ts";
import type { Cluster } from "../../model.ts";
import { callerIdentity, type StsAddress } from "./caller-identity.ts";
import { type KubeUser, kubeIdentity } from "./kube-identity.ts";
import { accessEntryMapper, awsAuthMapper, type Mapper } from "./mappers.ts";
import { readPresignedUrl } from "./presigned-url.ts";

interface AuthenticatorOptions {
  readonly clock: LabClock;
  readonly partition: string;
  readonly cluster: Cluster;
  readonly sts: Omit<StsAddress, "clusterName">;
  /** Where the texts go that an operator would read. */
  readonly log: (line: string) => void;
}

/** Rejects with a `Refusal`. */
export type Authenticate = (token: string) => Promise<KubeUser>;

export function makeAuthenticator(options: AuthenticatorOptions): Authenticate {
  const { clock, partition, cluster, sts, log } = options;
  const awsAuth = awsAuthReader(log);

  return async (token) => {
    const place = { partition, region: cluster.region };
    const url = readPresignedUrl(token, place, clock());
    const identity = await callerIdentity(url, { ...sts, clusterName: cluster.outpostId ?? cluster.name });
    return kubeIdentity(identity, mappersOf(cluster, awsAuth));
  };
}

/** The authentication mode is the list of backends. Source: doctor/EKS-ACCESS.md, "Caller to Kubernetes user". */
function mappersOf(cluster: Cluster, awsAuth: (data: Cluster["awsAuth"]) => Mapper): Mapper[] {
  const entries = accessEntryMapper(cluster.accessEntries.values());
  switch (cluster.authenticationMode) {
    case "API":
      return [entries];
    case "CONFIG_MAP":
      return [awsAuth(cluster.awsAuth)];
    case "API_AND_CONFIG_MAP":
      return [entries, awsAuth(cluster.awsAuth)];
  }
}

/** Logs parse errors once per content, as the authenticator does when it sees the ConfigMap change. */
function awsAuthReader(log: (line: string) => void): (data: Cluster["awsAuth"]) => Mapper {
  let seen: string | undefined;
  return (data) => {
    const mapper = awsAuthMapper(data ?? {});
    const content = JSON.stringify(data);
    if (content !== seen && mapper.errors.length > 0) {
      log(
        `There was an error parsing the config maps.  Only saving data that was good, error parsing config map: [${mapper.errors.join(" ")}]`,
      );
    }
    if (content === undefined && seen !== undefined) log("Resetting configmap on delete");
    seen = content;
    return mapper;
  };
}
