import { vouchStanza } from "../../../token/kubeconfig/exec-stanza.ts";
import { ownedCluster } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { principalOfArn } from "../../eks/principal/principal.ts";
import type { DoctorEvidence } from "../../evidence/evidence.ts";
import type { Facts } from "../facts.ts";
import { awsProfiles } from "../identity/aws-profile-chain.ts";
import { knownRoleArns } from "../identity/principal-arn.ts";
import { clusterByName, type TargetCluster } from "../target/target-cluster.ts";
import type { EffectiveContext } from "./effective-context.ts";
import type { ExecBlock } from "./exec-block.ts";

/** ARN of the cluster for which setup wrote a context, as recorded in the context or its cluster entry. */
export function ownerOf(context: EffectiveContext | undefined): string | undefined {
  return (context && ownedCluster(context.body)) ?? (context?.cluster && ownedCluster(context.cluster.body));
}

/** The options with which setup wrote a context. */
export type Written = Pick<ExecBlock, "role" | "via" | "sessionName" | "server" | "profile" | "isAmbient">;

/**
 * The options of a context of ours, from its exec block; if that is gone, from another user of ours for the same cluster and from
 * the name of the context's user entry. The name ends in the name of the role (`vouch-eks/ACCOUNT/REGION/CLUSTER/ROLE`); for an
 * AWS profile in `profile:NAME` or `profile:NAME:ROLE`, for the caller's own credentials in `ambient:`.
 *
 * Source: plugin/setup/context-name.ts.
 */
export function writtenWith(facts: Pick<Facts, "evidence" | "kubeconfig" | "context" | "exec">): Written {
  const { exec, context, evidence } = facts;
  if (exec !== undefined) return { ...exec, role: exec.userRole };
  const cluster = clusterByName(ownerOf(context));
  const others = usersOf(facts, cluster);
  const [, ending = ""] = /^vouch-eks\/[^/]+\/[^/]+\/[^/]+\/([^/]+)/.exec(context?.userName ?? "") ?? [];
  if (/^(?:profile|ambient):/.test(ending)) return writtenByProfile(ending, evidence, cluster);
  const name = ending === "" || ending.includes(":") ? undefined : ending;
  if (name === undefined) return others.length === 1 ? (others[0] ?? NOBODY) : NOBODY;
  const roles = [...others.flatMap(({ role }) => role ?? []), ...knownRoleArns(evidence)];
  const role = roleNamed(name, roles, cluster);
  return others.find((other) => other.role === role) ?? { ...NOBODY, role };
}

function writtenByProfile(ending: string, evidence: DoctorEvidence, cluster: Cluster): Written {
  const [kind, word = "", role] = ending.split(":");
  return {
    ...NOBODY,
    profile:
      kind === "profile" ? named(word, [...awsProfiles(evidence).byName.keys()], "PROFILE") : undefined,
    isAmbient: kind === "ambient",
    role: role && roleNamed(role, knownRoleArns(evidence), cluster),
  };
}

type Cluster = Partial<TargetCluster> | undefined;

/** ARN of the role with a name, from the known ones; otherwise in the cluster's account. */
function roleNamed(word: string, arns: readonly string[], cluster: Cluster): string | undefined {
  const nameOf = (arn: string) => principalOfArn(arn)?.name ?? "";
  const name = named(word, arns.map(nameOf), "ROLE");
  const known = arns.find((arn) => nameOf(arn) === name);
  if (known !== undefined || cluster?.account === undefined) return known;
  return `arn:${cluster.partition}:iam::${cluster.account}:role/${name}`;
}

/**
 * The name that a word in a user entry's name stands for: there, other characters became dashes. If several names fit, the user
 * has to fill it in.
 */
function named(word: string, names: readonly string[], unknown: string): string {
  if (names.includes(word)) return word;
  const like = names.filter((name) => name.replaceAll(/[^\w-]+/g, "-") === word);
  const [only = word, ...others] = new Set(like);
  return others.length === 0 ? only : unknown;
}

const NOT_BY_PROFILE = { profile: undefined, isAmbient: false };
export const NOBODY: Written = { role: undefined, via: [], server: undefined, ...NOT_BY_PROFILE };

function usersOf(
  { kubeconfig }: Pick<Facts, "kubeconfig">,
  cluster: Pick<TargetCluster, "name" | "region"> | undefined,
): Written[] {
  return [...(kubeconfig?.view?.entries.users.values() ?? [])].flatMap(({ body }) => {
    const stanza = vouchStanza(body);
    const isSame = stanza?.clusterName === cluster?.name && stanza?.region === cluster?.region;
    return stanza?.by === "kubectl-vouch" && isSame && stanza.source.kind === "vouch"
      ? [{ ...stanza.source, ...NOT_BY_PROFILE }]
      : [];
  });
}
