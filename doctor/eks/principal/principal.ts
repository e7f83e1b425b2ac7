import { partitionById } from "../../../token/hot/partition.ts";
import type { CallerIdentity } from "../../evidence/evidence.ts";

/** The caller as EKS sees it. Source: doctor/EKS-ACCESS.md, "Caller to Kubernetes user". */
export interface Principal {
  /** As STS gives it: `arn:aws:sts::111122223333:assumed-role/Dev/ada@example.com`. */
  readonly arn: string;
  /** What mappings are compared with: `arn:aws:iam::111122223333:role/Dev`, without a role's path; users keep theirs. */
  readonly canonicalArn: string;
  readonly partition: string;
  readonly account: string;
  readonly kind: "role" | "user" | "root" | "federated";
  /** The last part of the name: `Dev`. */
  readonly name: string;
  readonly sessionName: string | undefined;
  /** `AROA…` or `AIDA…`. */
  readonly uniqueId: string | undefined;
}

/** The caller of `aws sts get-caller-identity`; undefined if no verifier accepts its ARN. */
export function principalOf(identity: CallerIdentity): Principal | undefined {
  const principal = principalOfArn(identity.Arn);
  if (principal === undefined) return undefined;
  return {
    ...principal,
    get uniqueId() {
      return uniqueIdIn(identity, principal.kind);
    },
  };
}

function uniqueIdIn({ UserId = "" }: CallerIdentity, kind: Principal["kind"]): string | undefined {
  const [uniqueId = "", ...session] = UserId.split(":");
  const isMalformed = kind === "role" && session.length !== 1;
  return isMalformed || uniqueId === "" ? undefined : uniqueId;
}

/**
 * The principal that an ARN names: a session of a role, a role, a user, root, a federated user. A role's path is dropped, as STS
 * does. Undefined for anything else, and for partitions without EKS.
 */
export function principalOfArn(arn: string): Principal | undefined {
  const [, partition = "", service, account = "", resource = ""] =
    /^arn:([a-z-]+):(iam|sts)::(\d{12}):(\S+)$/.exec(arn) ?? [];
  if (partitionById(partition) === undefined) return undefined;
  const [type = "", ...names] = resource.split("/");
  const base = { arn, canonicalArn: arn, partition, account, sessionName: undefined, uniqueId: undefined };
  const [last = "", ...others] = names.toReversed();
  const role = (name: string) => `arn:${partition}:iam::${account}:role/${name}`;

  switch (`${service} ${type}`) {
    case "sts assumed-role": {
      const [name = ""] = others;
      if (name === "") return undefined;
      const canonicalArn = role(others.toReversed().join("/"));
      return { ...base, kind: "role", name, canonicalArn, sessionName: last };
    }
    case "iam role":
      return last === "" ? undefined : { ...base, kind: "role", name: last, canonicalArn: role(last) };
    case "iam user":
      return last === "" ? undefined : { ...base, kind: "user", name: last };
    case "sts federated-user":
      return last === "" ? undefined : { ...base, kind: "federated", name: last };
    case "iam root":
      return names.length > 0 ? undefined : { ...base, kind: "root", name: "root" };
    default:
      return undefined;
  }
}

/** Whether two ARNs mean the same principal. A session of a role counts as the role, and a role's path is ignored. */
export function isSamePrincipal(one: string, other: string): boolean {
  const [a, b] = [principalOfArn(one), principalOfArn(other)];
  return a !== undefined && a.canonicalArn.toLowerCase() === b?.canonicalArn.toLowerCase();
}
