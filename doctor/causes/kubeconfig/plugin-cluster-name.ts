import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { addressOf, certificatesIn, isEksHost } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { anotherWay, type Fix, forYou } from "../../fixes/fix.ts";
import { setExecArgs, withFlag } from "../../fixes/kubeconfig-commands.ts";
import { regenerateEntry } from "../../fixes/regenerate-context.ts";
import { NOT_REFUSED } from "../shared/not-applicable.ts";

/** The cluster that the context points to, if tokens are signed for a different one. */
interface Mismatch {
  /** Name of the cluster that owns `server`; undefined if it is only known to be another one. */
  readonly called: string | undefined;
  readonly confidence: Confidence;
  readonly proof: string;
}

/** The arguments specify a cluster other than the one that owns `server`, whose verifier never accepts the signature. */
export const pluginClusterName = defineRule({
  cause: {
    id: "K10",
    what: "The plugin signs its token for a different cluster than the one at the context's `server`.",
    seen: "401",
    remedy: "Make the exec block request tokens for this cluster, or recreate the entry.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html",
  },
  expects: "the exec block gets tokens for the cluster that the context points to",
  needs: ["context", "exec"],
  check({ context, exec }, seen) {
    if (!seen.canCause401) return NOT_REFUSED;
    const signed = exec.clusterName ?? "";
    if (!/^[\w-]+$/.test(signed)) return doesNotApply("the exec block does not specify a cluster");
    if (seen.clusterEntry === undefined)
      return doesNotApply("the context does not have a server to compare with");
    const mismatch = findMismatch(seen, signed, context.clusterName);
    if (mismatch === undefined) return passed;
    return found({
      confidence: mismatch.confidence,
      explains: ["N1", "N6", "E1", "A1"],
      describe: (facts) => describe(facts, signed, mismatch),
    });
  },
  refuted: ({ evidence, exec }) =>
    knownValue(evidence.tokenNames)?.some(({ name, accepted }) => accepted && name !== exec?.clusterName) ===
    true,
  suspected: {
    unauthorized: {
      causes: ["K10", "L6"],
      suspicion: ({ pastedError = "", target }) => {
        if (!/getCallerIdentity failed: error from AWS|SignatureDoesNotMatch/.test(pastedError))
          return undefined;
        return {
          summary: "The token is signed for a different cluster or with the wrong secret key.",
          hints: ["STS rejects the token's signature."],
          audience: "you",
          confirmedBy: sentence`${kubectl("config view", { minify: true })} shows a --cluster-name other than ${target.cluster}.`,
        };
      },
    },
  },
});

/** `signed`: the cluster for which tokens are signed. `clusterName`: the name of the context's cluster entry. */
function findMismatch(seen: Facts, signed: string, clusterName: string): Mismatch | undefined {
  const { cluster, clusterEntry: entry } = seen;
  const server = entry?.host ?? "";
  const address = addressOf(cluster?.endpoint);
  const isPort = address?.port === entry?.port || entry?.isPlainHttp === true;
  if (cluster?.name !== undefined && address?.host === server && isPort) {
    if (cluster.name === signed) return undefined;
    const proof = `DescribeCluster reports this server as the endpoint of ${cluster.name}.`;
    return { called: cluster.name, confidence: "certain", proof };
  }
  // Proved without the list of clusters, which a developer is not allowed to read.
  const another = answersInPlaceOf(seen, signed);
  if (another !== undefined) return another;
  const called = nameOfEntry(clusterName, seen, signed);
  if (called !== undefined && called !== signed) {
    const proof = `The cluster entry is named ${clusterName}.`;
    return { called, confidence: isTested(seen, signed, called) ? "certain" : "likely", proof };
  }
  return undefined;
}

/** Another cluster that answers where the endpoint of the signed one should be. */
function answersInPlaceOf(seen: Facts, signed: string): Mismatch | undefined {
  const { cluster, clusterEntry, targetCluster } = seen;
  if (seen.symptom?.kind !== "unauthorized") return undefined;
  if (cluster?.endpoint === undefined || cluster.name !== signed) return undefined;
  const isOtherCa = hasOtherCa(seen);
  if (!isOtherCa && !isEksHost(clusterEntry?.host ?? "")) return undefined;
  return {
    called: targetCluster.name === signed ? undefined : targetCluster.name,
    confidence: "certain",
    proof: `DescribeCluster reports endpoint ${cluster.endpoint} for ${signed}, but this server answers${isOtherCa ? " with a certificate from a different CA" : ""}.`,
  };
}

/** Whether the server presented a certificate of another CA than this cluster's: it answered, so the kubeconfig's CA is its own. */
function hasOtherCa({ clusterEntry, cluster, endpoints }: Facts): boolean {
  const ours = certificatesIn(clusterEntry?.caData ?? "");
  const theirs = certificatesIn(cluster?.certificateAuthority?.data ?? "");
  return (
    endpoints?.isSame === false &&
    clusterEntry?.skipsVerification === false &&
    theirs !== undefined &&
    ours?.some((certificate) => theirs.includes(certificate)) === false
  );
}

/** The cluster that the entry's name refers to: an ARN, or a word that is the name of a cluster. */
function nameOfEntry(word: string, seen: Facts, signed: string): string | undefined {
  const byArn = seen.targetCluster.name;
  if (byArn !== undefined && byArn !== signed) return byArn;
  const isCluster =
    knownValue(seen.evidence.tokenNames)?.some(({ name }) => name === word) === true ||
    knownValue(seen.evidence.clusters)?.clusters.includes(word) === true;
  return isCluster ? word : byArn;
}

/** Whether STS accepted a new token for one name and rejected it for the other. Source: token/eks/EKS-TOKEN.md, "Format". */
function isTested({ evidence }: Facts, signed: string, called: string): boolean {
  const tests = knownValue(evidence.tokenNames) ?? [];
  const answer = (name: string) => tests.find((test) => test.name === name)?.accepted;
  return answer(signed) === true && answer(called) === false;
}

function describe(facts: Facts, signed: string, { called, proof }: Mismatch) {
  const { context, evidence } = facts;
  const tests = knownValue(evidence.tokenNames) ?? [];
  return {
    summary: `Tokens are signed for cluster ${signed}, but the context points to ${called ?? "a different cluster"}.`,
    evidence: [
      `The exec block's arguments specify cluster ${signed}.`,
      `clusters[].cluster.server of context ${context?.name} is ${String(context?.cluster?.body["server"])}.`,
      proof,
      ...tests.map(
        ({ name, accepted }) => `STS ${accepted ? "accepts" : "rejects"} the token's signature for ${name}.`,
      ),
    ],
    falsifiedBy: `STS accepts the token's signature with x-k8s-aws-id set to ${called ?? "the name of the cluster that owns the server"}.`,
    fixes: fixes(facts, called),
  };
}

function fixes(facts: Facts, called: string | undefined): Fix[] {
  const { exec } = facts;
  const regenerate = regenerateEntry(facts, "Recreate the entry for the intended cluster.", {
    cluster: called,
  });
  const flag = exec?.tool === "aws-iam-authenticator" ? "-i" : "--cluster-name";
  if (called === undefined || exec?.args.includes(flag) !== true) return regenerate;
  const args = withFlag(exec.args, flag, called);
  return [forYou(`Sign tokens for ${called}.`, setExecArgs(facts, args)), ...anotherWay(regenerate)];
}
