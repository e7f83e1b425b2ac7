import type { AwsCredentials } from "../../../token/aws/aws-credentials.ts";
import { wholeArn } from "../../derive/identity/principal-arn.ts";
import type { ExecBlock } from "../../derive/kubeconfig/exec-block.ts";
import { isAboutNodes } from "../../derive/mapping/node-entry.ts";
import { findNearMisses } from "../../eks/mapping/access-entry.ts";
import { isSamePrincipal, type Principal, principalOfArn } from "../../eks/principal/principal.ts";
import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { looksLikeNodes } from "../../evidence/node-names.ts";
import { type CalledContext, endpointsOf, readCalledContext } from "../called-context.ts";
import type { Asking, Probes } from "../probe.ts";
import type { AwsCalls } from "./aws-calls.ts";
import { cliCalls, KeepsCredentials, noCredentials } from "./aws-cli.ts";
import { type Asked, callerCredentials, renewedCredentials } from "./caller-credentials.ts";

/** How many clusters are described to find the one that owns the endpoint. */
const SEARCH_LIMIT = 20;

/** How many near misses are read in detail. */
const NEAR_LIMIT = 5;

export const EKS_PROBES = {
  /** What EKS says about the cluster: the one that owns the kubeconfig's `server`, otherwise the one that the kubeconfig names. */
  cluster: {
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
  },
  clusters: {
    needs: ["awsConfig", "awsCredentials"],
    doing: "listing EKS clusters",
    ask: async (asking) => {
      const asked = await openAwsSession(asking);
      return asked && { clusters: await asked.ask((aws) => aws.listClusters()) };
    },
  },
  accessEntries: {
    needs: ["cluster"],
    doing: "listing access entries",
    ask: async (asking) => {
      const asked = await openAwsSession(asking);
      if (asked?.cluster === undefined) return undefined;
      const { ask, cluster } = asked;
      return { accessEntries: await ask((aws) => aws.listAccessEntries(cluster)) };
    },
  },
  /** The principal's entry, entries that resemble it, and those of nodes if the failure is about nodes. */
  accessEntryDetails: {
    needs: ["accessEntries", "callerIdentity", "role"],
    doing: "reading access entries",
    ask: (asking) => perPrincipal(asking, (aws, cluster, arn) => aws.describeAccessEntry(cluster, arn)),
  },
  associatedPolicies: {
    needs: ["accessEntries", "callerIdentity", "role"],
    doing: "reading access policies",
    ask: (asking) => perPrincipal(asking, (aws, cluster, arn) => aws.listAssociatedPolicies(cluster, arn)),
  },
  /** The OIDC issuers whose tokens the cluster accepts; they do not matter for tokens of AWS's tools. */
  identityProviders: {
    needs: ["cluster"],
    doing: "listing the cluster's identity providers",
    ask: async (asking) => {
      const asked = await openAwsSession(asking);
      const tool = asked?.call.exec?.tool ?? "other";
      if (asked?.cluster === undefined || tool !== "other") return undefined;
      const { cluster } = asked;
      return await asked.ask((aws) => aws.identityProviders(cluster));
    },
  },
  /** The caller's role; if the caller is not known, the role that was to be assumed. */
  role: {
    needs: ["callerIdentity", "awsConfig", "awsCredentials"],
    doing: "reading the IAM role",
    ask: async (asking) => {
      const asked = await openAwsSession(asking);
      const role = principalOfArn(askedPrincipal(asking.evidence) ?? asked?.call.exec?.role ?? "");
      if (asked === undefined || role?.kind !== "role") return undefined;
      return await asked.ask((aws) => aws.getRole(role.name));
    },
  },
  /** The OIDC issuers registered in the account; requested only if an ID token was not accepted. */
  openIdConnectProviders: {
    needs: ["callerIdentity"],
    doing: "listing IAM identity providers",
    ask: async (asking) => {
      if (knownValue(asking.evidence.callerIdentity) !== undefined) return undefined;
      const asked = await openAwsSession(asking);
      if (asked === undefined || !asked.call.isVouch) return undefined;
      return await asked.ask((aws) => aws.listOpenIdConnectProviders());
    },
  },
} satisfies Probes;

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

/** Access to AWS for questions about the cluster. */
interface AwsSession {
  readonly call: CalledContext;
  /** Makes a call; rejects with AWS's code and message. If AWS refuses a session of ours, the call is repeated with a new one. */
  readonly ask: <T>(work: (aws: AwsCalls) => Promise<T>) => Promise<T>;
  /** Name of the cluster in EKS, otherwise according to the kubeconfig. */
  readonly cluster: string | undefined;
}

/** AWS no longer knows the session. Source: service models of STS, EKS and IAM. */
const REFUSED_SESSION = /^(?:UnrecognizedClientException|InvalidClientTokenId|ExpiredToken(?:Exception)?):/;

/** Undefined if there is no context, or the region of its cluster is not known. Throws why there are no credentials. */
export async function openAwsSession(asking: Asking): Promise<AwsSession | undefined> {
  const { evidence, host } = asking;
  const call = readCalledContext(evidence, host);
  const region = call?.target.region;
  if (call === undefined || region === undefined) return undefined;
  const asked: Asked = { ...asking, call };
  const { awsCalls, awsReason } = await import("./aws-calls.ts");
  const endpoints = await endpointsOf(call, host);
  const callsWith = async (credentials: Promise<AwsCredentials>) => {
    const keys = await credentials.catch((error: unknown) => {
      if (error instanceof KeepsCredentials) return undefined;
      throw noCredentials(error);
    });
    if (keys === undefined) return cliCalls(asked, region);
    return awsCalls({ region, env: call.env, endpoints, credentials: keys });
  };
  const calls = await callsWith(callerCredentials(asked));
  const ask = async <T>(work: (aws: AwsCalls) => Promise<T>): Promise<T> => {
    try {
      return await work(calls);
    } catch (error) {
      const reason = awsReason(error);
      if (!call.isOurs || !REFUSED_SESSION.test(reason)) throw new Error(reason);
    }
    const renewed = await callsWith(renewedCredentials(asked));
    return work(renewed).catch((error: unknown) => {
      throw new Error(awsReason(error));
    });
  };
  const cluster = knownValue(evidence.cluster)?.cluster.name ?? call.target.name;
  return { call, cluster, ask };
}
