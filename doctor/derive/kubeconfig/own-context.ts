import { vouchStanza } from "../../../token/kubeconfig/exec-stanza.ts";
import { ownedCluster } from "../../../token/kubeconfig/owner-extension.ts";
import type { DoctorEvidence } from "../../evidence/evidence.ts";
import { awsProfiles } from "../identity/aws-profile-chain.ts";
import { knownRoleArns } from "../identity/known-roles.ts";
import { principalOfArn } from "../identity/principal.ts";
import { clusterByName, type TargetCluster } from "../target/target-cluster.ts";
import type { EffectiveContext } from "./effective-context.ts";
import type { ExecBlock } from "./exec-block.ts";
import type { KubeconfigReading } from "./kubeconfig-reading.ts";

interface OwnCase {
  readonly evidence: DoctorEvidence;
  readonly kubeconfig: KubeconfigReading | undefined;
  readonly context: EffectiveContext | undefined;
  readonly exec: ExecBlock | undefined;
}

/** ARN of the cluster that a context or its cluster entry says setup wrote it for. */
export function ownerOf(context: EffectiveContext | undefined): string | undefined {
  return (context && ownedCluster(context.body)) ?? (context?.cluster && ownedCluster(context.cluster.body));
}

/** What setup wrote a context with. */
type Written = Pick<ExecBlock, "role" | "via" | "server" | "profile" | "isAmbient">;

/**
 * What a context of ours calls as: by its exec block, or where that is gone by another user of ours for the same cluster,
 * and by the name of its own user entry, which ends in the name of the role (`vouch-eks/ACCOUNT/REGION/CLUSTER/ROLE`); that
 * of an AWS profile ends in `profile:NAME` or `profile:NAME:ROLE`, that of the caller's own credentials in `ambient:`.
 *
 * Source: plugin/setup/context-name.ts.
 */
export function writtenWith(facts: OwnCase): Written {
  const { exec, context, evidence } = facts;
  if (exec !== undefined) return exec;
  const cluster = clusterByName(ownerOf(context));
  const others = usersOf(facts, cluster);
  const [, ending = ""] = /^vouch-eks\/[^/]+\/[^/]+\/[^/]+\/([^/]+)/.exec(context?.userName ?? "") ?? [];
  if (/^(?:profile|ambient):/.test(ending)) return writtenByProfile(ending, evidence);
  const name = ending === "" || ending.includes(":") ? undefined : ending;
  if (name === undefined) return others.length === 1 ? (others[0] ?? NOBODY) : NOBODY;
  const isOf = (arn: string | undefined) => principalOfArn(arn ?? "")?.name.replaceAll(".", "-") === name;
  const known = others.find(({ role }) => isOf(role));
  return known ?? { ...NOBODY, role: knownRoleArns(evidence).find(isOf) ?? roleArn(cluster, name) };
}

/** In names, what is no word is a dash. */
function writtenByProfile(ending: string, evidence: DoctorEvidence): Written {
  const [kind, word = "", role] = ending.split(":");
  const isWord = (text: string, of: string | undefined) => text.replaceAll(/[^\w-]+/g, "-") === of;
  const known = [...awsProfiles(evidence).byName.keys()].find((name) => isWord(name, word));
  return {
    ...NOBODY,
    profile: kind === "profile" ? (known ?? word) : undefined,
    isAmbient: kind === "ambient",
    role: knownRoleArns(evidence).find((arn) => isWord(principalOfArn(arn)?.name ?? "", role)),
  };
}

const NOT_BY_PROFILE = { profile: undefined, isAmbient: false };
const NOBODY: Written = { role: undefined, via: [], server: undefined, ...NOT_BY_PROFILE };

function usersOf(
  { kubeconfig }: OwnCase,
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

function roleArn(cluster: Partial<TargetCluster> | undefined, name: string): string | undefined {
  const { partition, account } = cluster ?? {};
  return account === undefined ? undefined : `arn:${partition}:iam::${account}:role/${name}`;
}
