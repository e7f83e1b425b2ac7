import { ownedCluster } from "../../token/kubeconfig/owner-extension.ts";
import type { Facts } from "../derive/facts.ts";
import { isMissingProfile } from "../derive/identity/aws-profile-chain.ts";
import { isMissingRole } from "../derive/identity/known-roles.ts";
import { likelyPrincipal } from "../derive/identity/likely-principal.ts";
import { EXEC_API, type ExecBlock } from "../derive/kubeconfig/exec-block.ts";
import { likelyTarget } from "../derive/target/likely-target.ts";
import { type DoctorEvidence, failureOf, knownValue } from "../evidence/evidence.ts";
import { aws } from "./aws.ts";
import { type Action, type ExecFields, type Fix, forYou } from "./fix.ts";
import { grantInIam } from "./iam-grant.ts";
import { setExec, updateKubeconfig } from "./kubeconfig-commands.ts";

/** What of a context is to be written anew. */
interface Regeneration {
  /** The cluster that is meant, where that is another than the entry names. */
  readonly cluster?: string | undefined;
  /** True: also server and CA, which EKS alone can tell. */
  readonly isWhole?: boolean;
}

/**
 * Regenerates the context with its own tool: that brings version, mode and arguments into order. Where AWS does not let the
 * caller describe the cluster, kubectl writes the user entry, for which nobody's rights are needed; what needs EKS's answer
 * is allowed first.
 */
export function regenerateEntry(facts: Facts, description: string, how: Regeneration = {}): Fix[] {
  const target = clusterMeant(facts, how.cluster);
  const explained = `${description}${target.note}`;
  if (target.isNone) return [forYou(explained)];
  const fields = how.isWhole === true ? undefined : userEntry(facts, target.name);
  if (isDescribeDenied(facts.evidence) && fields !== undefined) {
    return [
      forYou(`${explained} AWS denies eks:DescribeCluster, so kubectl writes it.`, setExec(facts, fields)),
    ];
  }
  return [...allowDescribe(facts), forYou(explained, ...regenerateContext(facts, target.name))];
}

/** Allows the caller to describe the cluster, where AWS denies just that; else nothing. */
export function allowDescribe(facts: Facts): Fix[] {
  if (!isDescribeDenied(facts.evidence)) return [];
  const { cluster, region, partition } = facts.target;
  const principal = likelyPrincipal(facts);
  const account = facts.targetCluster.account ?? principal?.account ?? "*";
  return [
    grantInIam({
      principal,
      policyName: "eks-DescribeCluster",
      actions: ["eks:DescribeCluster"],
      resource: `arn:${partition}:eks:${region}:${account}:cluster/${cluster === "CLUSTER" ? "*" : cluster}`,
      description:
        "AWS denies eks:DescribeCluster, without which nobody can write the context: allow it first.",
    }),
  ];
}

/** Lists the clusters for who must know their names, unless the names are known or nobody may ask. */
export function listClusters({ evidence, target: { cluster, region } }: Facts): readonly Action[] {
  const isKnown = cluster !== "CLUSTER" || knownValue(evidence.clusters) !== undefined;
  return isKnown || isDenied(failureOf(evidence.clusters)) ? [] : [aws("eks list-clusters", { region })];
}

function regenerateContext(facts: Facts, name: string | undefined): readonly Action[] {
  const { exec } = facts;
  if (!isOurs(facts)) {
    const { profile, role } = identityOf(exec);
    return [...listClusters(facts), updateKubeconfig(facts, { name: name ?? "CLUSTER", profile, role })];
  }
  const { via = [], server } = exec ?? {};
  const role = exec?.role !== undefined && isMissingRole(facts.evidence, exec.role) ? undefined : exec?.role;
  const { region } = likelyTarget(facts);
  return [...listClusters(facts), { kind: "setup-eks", cluster: name, region, role, via, server }];
}

/** Whether setup wrote the context: by its exec block, or where that is gone by the cluster's owner. */
function isOurs({ exec, context }: Facts): boolean {
  if (exec !== undefined) return exec.tool === "kubectl-vouch";
  return context?.cluster !== undefined && ownedCluster(context.cluster.body) !== undefined;
}

interface ClusterMeant {
  readonly name: string | undefined;
  /** What there is to say of the name; empty, or a sentence behind a blank. */
  readonly note: string;
  /** True: there is no cluster that could be meant. */
  readonly isNone: boolean;
}

/** The cluster's name, unless EKS knows no such cluster: then the one there is, or all there are for a person to choose. */
export function clusterMeant(facts: Facts, meant?: string): ClusterMeant {
  const name = meant ?? likelyTarget(facts).name;
  const list = knownValue(facts.evidence.clusters)?.clusters;
  const isThere =
    list === undefined || name === undefined || list.includes(name) || facts.cluster?.name === name;
  if (isThere) return { name, note: "", isNone: false };
  const { region } = facts.target;
  const note = ` EKS has no cluster ${name} in ${region}, ${list.length === 0 ? "nor any other" : `but ${list.join(", ")}`}.`;
  return { name: list.length === 1 ? list[0] : undefined, note, isNone: list.length === 0 };
}

/** The fields of a user entry as the tool writes them; undefined where something of them is not known. */
function userEntry(facts: Facts, name: string | undefined): ExecFields | undefined {
  const { exec, context, evidence } = facts;
  const { region } = likelyTarget(facts);
  if (name === undefined || region === undefined || context?.cluster === undefined) return undefined;
  if (isOurs(facts)) return exec && vouchEntry(exec, { name, region });
  const { profile, role } = identityOf(exec);
  const args = ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"];
  const isKnown = profile !== undefined && !isMissingProfile(evidence, profile);
  return {
    apiVersion: EXEC_API.v1beta1,
    command: exec?.tool === "aws" ? exec.command : "aws",
    args: role === undefined ? args : [...args, "--role", role],
    ...(isKnown ? { env: { AWS_PROFILE: profile } } : {}),
  };
}

function vouchEntry(
  { command, role, via, server }: ExecBlock,
  { name, region }: { readonly name: string; readonly region: string },
): ExecFields | undefined {
  if (role === undefined || server === undefined) return undefined;
  const args = ["credential", "eks", "--cluster-name", name, "--region", region, "--role", role];
  return {
    apiVersion: EXEC_API.v1,
    command,
    args: [...args, ...via.flatMap((arn) => ["--via", arn]), "--server", server],
    interactiveMode: "Never",
    provideClusterInfo: true,
  };
}

function identityOf(exec: ExecBlock | undefined) {
  return { profile: exec?.profile ?? exec?.env["AWS_PROFILE"], role: exec?.role };
}

function isDescribeDenied({ cluster }: DoctorEvidence): boolean {
  return isDenied(failureOf(cluster));
}

/** AWS's refusal of a call to somebody who lacks a right. */
export function isDenied(failure: string | undefined): boolean {
  return failure !== undefined && /AccessDenied|not authorized to perform/.test(failure);
}
