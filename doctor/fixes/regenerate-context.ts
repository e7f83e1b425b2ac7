import { type ContextSource, credentialArgs } from "../../token/kubeconfig/context-source.ts";
import type { Facts } from "../derive/facts.ts";
import { cliSource } from "../derive/identity/aws-environment.ts";
import { isMissingProfile } from "../derive/identity/aws-profile-chain.ts";
import type { SourceKind } from "../derive/identity/credential-source.ts";
import { isMissingRole } from "../derive/identity/known-roles.ts";
import { EXEC_API, type ExecBlock } from "../derive/kubeconfig/exec-block.ts";
import { ownerOf, writtenWith } from "../derive/kubeconfig/own-context.ts";
import { likelyTarget } from "../derive/target/likely-target.ts";
import { failureOf, knownValue } from "../evidence/evidence.ts";
import { aws } from "./aws.ts";
import { allowEksActions } from "./eks-action-grant.ts";
import { type Action, type ExecFields, type Fix, forYou } from "./fix.ts";
import { setExec, setUpAgain, updateKubeconfig } from "./kubeconfig-commands.ts";
import { kubectl } from "./kubectl.ts";

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
  if (isDenied(failureOf(facts.evidence.cluster)) && fields !== undefined) {
    return [
      forYou(`${explained} AWS denies eks:DescribeCluster, so kubectl writes it.`, setExec(facts, fields)),
    ];
  }
  return [...allowDescribe(facts), forYou(explained, ...regenerateContext(facts, target.name, how))];
}

/** Allows the caller to describe the cluster, where AWS denies just that; else nothing. */
export function allowDescribe(facts: Facts): Fix[] {
  const denial = failureOf(facts.evidence.cluster);
  if (!isDenied(denial)) return [];
  return [
    allowEksActions(facts, {
      actions: ["eks:DescribeCluster"],
      denial,
      description:
        "AWS denies eks:DescribeCluster, without which nobody can write the context: allow it first.",
    }),
  ];
}

/**
 * Users written under another identity than the exec block has: by the AWS CLI, for which the caller must be allowed to
 * describe the cluster; where AWS denies that, by kubectl, which changes nobody's rights.
 */
export function rewriteUsers(facts: Facts, description: string, users: readonly RewrittenUser[]): Fix[] {
  const { name, note } = clusterMeant(facts);
  const byKubectl = users.flatMap(({ user, context, ...identity }) => {
    const isOld = user === facts.context?.userName && facts.exec?.env["AWS_PROFILE"] !== undefined;
    const fields = awsEntry(facts, name, { ...identity, isProfileLeft: isOld });
    const use = context === undefined ? [] : [kubectl("config set-context", { user }, context)];
    return fields === undefined ? [] : [{ kind: "set-exec", user, fields } as const, ...use];
  });
  if (isDenied(failureOf(facts.evidence.cluster)) && byKubectl.length > 0)
    return [
      forYou(`${description} AWS denies eks:DescribeCluster, so kubectl writes it.${note}`, ...byKubectl),
    ];
  const { region } = facts.target;
  const byAws = users.map(({ context, role, profile }) =>
    aws("eks update-kubeconfig", {
      name: name ?? "CLUSTER",
      region,
      alias: context,
      "user-alias": context,
      "role-arn": role,
      profile,
    }),
  );
  return [...allowDescribe(facts), forYou(`${description}${note}`, ...byAws)];
}

/** A user entry as it is to be. */
export interface RewrittenUser {
  readonly user: string;
  /** Path of the AWS CLI, or the name under which it is found. */
  readonly command: string;
  /** The context that gets the user; undefined: it has the user already. */
  readonly context?: string;
  readonly role?: string | undefined;
  readonly profile?: string | undefined;
}

/** Lists the clusters for who must know their names, unless the names are known or nobody may ask. */
export function listClusters({ evidence, target: { cluster, region } }: Facts): readonly Action[] {
  const isKnown = cluster !== "CLUSTER" || knownValue(evidence.clusters) !== undefined;
  return isKnown || isDenied(failureOf(evidence.clusters)) ? [] : [aws("eks list-clusters", { region })];
}

function regenerateContext(
  facts: Facts,
  name: string | undefined,
  { isWhole = false }: Regeneration,
): readonly Action[] {
  const { exec } = facts;
  if (!isOurs(facts)) {
    const { profile, role } = identityOf(exec);
    return [...listClusters(facts), updateKubeconfig(facts, { name: name ?? "CLUSTER", profile, role })];
  }
  const written = writtenWith(facts);
  const isGone = written.role !== undefined && isMissingRole(facts.evidence, written.role);
  const setup = setUpAgain(facts, isGone ? { ...written, role: undefined } : written);
  const contextName = isWhole && !isGone ? nameOfForeign(facts, name) : undefined;
  return [...listClusters(facts), { ...setup, cluster: name, contextName }];
}

/** Name of a context that runs us and was written by others, for this cluster: setup knows it by nothing but its server. */
function nameOfForeign({ exec, context }: Facts, cluster: string | undefined): string | undefined {
  const isForeign = exec?.clusterName === cluster && ownerOf(context) === undefined;
  return isForeign ? context?.name : undefined;
}

/**
 * Whether setup wrote the context: by its exec block, or where that is gone by what it says of its owner. Where there is no
 * context, setup writes it for those who have nothing but Vouch.
 */
function isOurs(facts: Facts): boolean {
  const { exec, context } = facts;
  if (exec !== undefined) return exec.tool === "kubectl-vouch";
  return context === undefined ? hasVouchAlone(facts) : ownerOf(context) !== undefined;
}

/** Whether somebody is logged in to Vouch, and the AWS CLI finds no credentials in variables and profiles. */
export function hasVouchAlone(facts: Facts): boolean {
  return facts.vouch?.loggedIn === true && WITHOUT_KEYS.includes(cliSource(facts).kind);
}

/** The last that the CLI asks, and all there is where nothing is known of a machine's role. */
const WITHOUT_KEYS: readonly SourceKind[] = ["instance-metadata", "nothing"];

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
  const { exec, evidence } = facts;
  const { region } = likelyTarget(facts);
  if (isOurs(facts)) {
    const isKnown = exec !== undefined && name !== undefined && region !== undefined;
    return isKnown && facts.context?.cluster !== undefined ? vouchEntry(exec, { name, region }) : undefined;
  }
  const { profile, role } = identityOf(exec);
  return awsEntry(facts, name, {
    command: exec?.tool === "aws" ? exec.command : "aws",
    profile: profile !== undefined && isMissingProfile(evidence, profile) ? undefined : profile,
    role,
  });
}

/** The fields that `aws eks update-kubeconfig` writes; undefined where something of them is not known. */
function awsEntry(
  facts: Facts,
  name: string | undefined,
  { command, profile, role, isProfileLeft = false }: AwsCaller,
): ExecFields | undefined {
  const { region } = likelyTarget(facts);
  if (name === undefined || region === undefined || facts.context?.cluster === undefined) return undefined;
  const args = ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"];
  return {
    apiVersion: EXEC_API.v1beta1,
    command,
    args: role === undefined ? args : [...args, "--role", role],
    ...(profile !== undefined || isProfileLeft ? { env: { AWS_PROFILE: profile } } : {}),
  };
}

interface AwsCaller extends Pick<RewrittenUser, "command" | "role" | "profile"> {
  /** True: the entry names a profile, which goes where no other is given. */
  readonly isProfileLeft?: boolean;
}

function vouchEntry(
  exec: ExecBlock,
  { name, region }: { readonly name: string; readonly region: string },
): ExecFields | undefined {
  const source = sourceOf(exec);
  if (source === undefined) return undefined;
  return {
    apiVersion: EXEC_API.v1,
    command: exec.command,
    args: credentialArgs(name, region, source),
    interactiveMode: "Never",
    provideClusterInfo: true,
  };
}

/** As setup would write it; undefined where a part of it is not known. */
function sourceOf({ role, via, server, profile, isAmbient }: ExecBlock): ContextSource | undefined {
  if (isAmbient) return { kind: "ambient", role, via, env: {} };
  if (profile !== undefined) return { kind: "profile", profile, role, via, env: {} };
  if (role === undefined || server === undefined) return undefined;
  return { kind: "vouch", role, via, server, account: undefined };
}

function identityOf(exec: ExecBlock | undefined) {
  return { profile: exec?.profile ?? exec?.env["AWS_PROFILE"], role: exec?.role };
}

/** AWS's refusal of a call to somebody who lacks a right. */
export function isDenied(failure: string | undefined): failure is string {
  return failure !== undefined && /AccessDenied|not authorized to perform/.test(failure);
}
