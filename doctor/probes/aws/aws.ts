import { wholeArn } from "../../derive/identity/principal-arn.ts";
import type { ExecBlock } from "../../derive/kubeconfig/exec-block.ts";
import { isAboutNodes } from "../../derive/mapping/node-entry.ts";
import { findNearMisses } from "../../eks/mapping/access-entry.ts";
import { isSamePrincipal, type Principal, principalOfArn } from "../../eks/principal/principal.ts";
import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { looksLikeNodes } from "../../evidence/node-names.ts";
import { type Asking, defineProbe } from "../probe.ts";
import type { AwsCalls } from "./aws-calls.ts";
import { openAwsSession } from "./aws-session.ts";

/** How many clusters are described to find the one that owns the endpoint. */
const SEARCH_LIMIT = 20;

/** How many near misses are read in detail. */
const NEAR_LIMIT = 5;

/** What EKS says about the cluster: the one that owns the kubeconfig's `server`, otherwise the one that the kubeconfig names. */
export const clusterProbe = defineProbe({
  gathers: "cluster",
  needs: ["awsConfig", "awsCredentials", "clusters"],
  doing: "describing the EKS cluster",
  ask: async (asking) => {
    const asked = await openAwsSession(asking);
    if (asked === undefined) return undefined;
    const { ask, call } = asked;
    const describe = (name: string) => ask((aws) => aws.describeCluster(name));
    const { server } = call.cluster ?? {};
    const named = call.target.name === undefined ? undefined : describe(call.target.name);
    const found = await named?.catch((error: unknown) =>
      knownValue(asking.evidence.clusters) ? undefined : Promise.reject(error),
    );
    if (found !== undefined && (server === undefined || found.cluster.endpoint === server)) return found;
    const others = (knownValue(asking.evidence.clusters)?.clusters ?? []).filter(
      (name) => name !== call.target.name,
    );
    const described = await Promise.all(
      others.slice(0, SEARCH_LIMIT).map((name) => describe(name).catch(() => undefined)),
    );
    return described.find((other) => other?.cluster.endpoint === server) ?? found ?? named;
  },
});

export const clustersProbe = defineProbe({
  gathers: "clusters",
  needs: ["awsConfig", "awsCredentials"],
  doing: "listing EKS clusters",
  ask: async (asking) => {
    const asked = await openAwsSession(asking);
    return asked && { clusters: await asked.ask((aws) => aws.listClusters()) };
  },
});

export const accessEntriesProbe = defineProbe({
  gathers: "accessEntries",
  needs: ["cluster"],
  doing: "listing access entries",
  ask: async (asking) => {
    const asked = await openAwsSession(asking);
    if (asked?.cluster === undefined) return undefined;
    const { ask, cluster } = asked;
    return { accessEntries: await ask((aws) => aws.listAccessEntries(cluster)) };
  },
});

/** The principal's entry, entries that resemble it, and those of nodes if the failure is about nodes. */
export const accessEntryDetailsProbe = defineProbe({
  gathers: "accessEntryDetails",
  needs: ["accessEntries", "callerIdentity", "role"],
  doing: "reading access entries",
  ask: (asking) => perPrincipal(asking, (aws, cluster, arn) => aws.describeAccessEntry(cluster, arn)),
});

export const associatedPoliciesProbe = defineProbe({
  gathers: "associatedPolicies",
  needs: ["accessEntries", "callerIdentity", "role"],
  doing: "reading access policies",
  ask: (asking) => perPrincipal(asking, (aws, cluster, arn) => aws.listAssociatedPolicies(cluster, arn)),
});

/**
 * One answer per principal that matters: its own entry, near misses, and nodes. If entries cannot be listed, the caller's is requested by
 * name. Near misses for which EKS does not answer are left out.
 */
async function perPrincipal<T>(
  asking: Asking,
  answer: (aws: AwsCalls, cluster: string, arn: string) => Promise<T>,
): Promise<T[] | undefined> {
  const session = await openAwsSession(asking);
  if (session?.cluster === undefined) return undefined;
  const { call, cluster } = session;
  const { evidence } = asking;
  const ask = (arn: string) => session.ask((aws) => answer(aws, cluster, arn));
  const asked = askedPrincipal(evidence);
  const principal = asked === undefined ? undefined : principalOfArn(asked);
  if (principal === undefined) throw new Error("the caller is not known");
  const { own, near } = entriesOf(evidence, principal, call.exec);
  const answers = await Promise.all([...own.map(ask), ...near.map((arn) => ask(arn).catch(() => undefined))]);
  return answers.filter((answer) => answer !== undefined);
}

function entriesOf(
  evidence: DoctorEvidence,
  principal: Principal,
  exec: ExecBlock | undefined,
): { readonly own: readonly string[]; readonly near: readonly string[] } {
  const listed = knownValue(evidence.accessEntries)?.accessEntries;
  const isOwn = (arn: string) => isSamePrincipal(arn, principal.arn);
  if (listed === undefined) {
    const arn = wholeArn({ evidence, exec, mapping: undefined }, principal);
    if (arn !== undefined) return { own: [arn], near: [] };
    const name = `the path of role ${principal.name}`;
    throw new Error(`EKS finds an access entry only by its complete ARN, but ${name} is not known`);
  }
  // The caller's ARN has the path of a user, but not that of a role.
  const realArn = principal.kind === "user" ? principal.arn : undefined;
  const misses = findNearMisses(listed, principal, () => realArn).map(({ principalArn }) => principalArn);
  const nodes = isAboutNodes(evidence)
    ? listed.filter((arn) => looksLikeNodes(arn.split("/").at(-1) ?? ""))
    : [];
  const near = [...new Set([...nodes, ...misses])].filter((arn) => !isOwn(arn));
  return { own: listed.filter(isOwn), near: near.slice(0, NEAR_LIMIT) };
}

function askedPrincipal({ question, callerIdentity }: DoctorEvidence): string | undefined {
  const arn = question?.principal ?? knownValue(callerIdentity)?.Arn;
  return arn === undefined ? undefined : (principalOfArn(arn)?.canonicalArn ?? arn);
}

/** The OIDC issuers whose tokens the cluster accepts; they do not matter for tokens of AWS's tools. */
export const identityProvidersProbe = defineProbe({
  gathers: "identityProviders",
  needs: ["cluster"],
  doing: "listing the cluster's identity providers",
  ask: async (asking) => {
    const asked = await openAwsSession(asking);
    const tool = asked?.call.exec?.tool ?? "other";
    if (asked?.cluster === undefined || tool !== "other") return undefined;
    const { cluster } = asked;
    return await asked.ask((aws) => aws.identityProviders(cluster));
  },
});

/** The caller's role; if the caller is not known, the role that was to be assumed. */
export const roleProbe = defineProbe({
  gathers: "role",
  needs: ["callerIdentity", "awsConfig", "awsCredentials"],
  doing: "reading the IAM role",
  ask: async (asking) => {
    const asked = await openAwsSession(asking);
    const role = principalOfArn(askedPrincipal(asking.evidence) ?? asked?.call.exec?.role ?? "");
    if (asked === undefined || role?.kind !== "role") return undefined;
    return await asked.ask((aws) => aws.getRole(role.name));
  },
});

/** The OIDC issuers registered in the account; requested only if an ID token was not accepted. */
export const openIdConnectProvidersProbe = defineProbe({
  gathers: "openIdConnectProviders",
  needs: ["callerIdentity"],
  doing: "listing IAM identity providers",
  ask: async (asking) => {
    if (knownValue(asking.evidence.callerIdentity) !== undefined) return undefined;
    const asked = await openAwsSession(asking);
    if (asked === undefined || !asked.call.isVouch) return undefined;
    return await asked.ask((aws) => aws.listOpenIdConnectProviders());
  },
});
