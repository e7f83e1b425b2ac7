import { kubectl } from "../../../token/command/command.ts";
import { isRecord } from "../../../token/record.ts";
import { type Description, defineRule, doesNotApply, found, passed, type Verdict } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialError } from "../../derive/failure/error-sources.ts";
import { addressOf } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { isAddress, isLoopbackHost } from "../../evidence/ip-address.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { regenerateEntry } from "../../fixes/regenerate-context.ts";
import { errorConclusion } from "../shared/error-rule.ts";

/**
 * Our own message; the reason follows, up to the code. The cluster's owner is identified by an account, or without a role by a
 * profile. Source: plugin/cluster/recorded-cluster.ts.
 */
const REFUSED =
  /No token for (cluster [\w-]{1,100}) \([a-z\d-]{1,40}, (?:account \d{12}|your own credentials|profile [^\n]{1,300}?)\): /;
const CODE = ". [cluster-mismatch]";

const NO_CLUSTER_INFO = "The exec block does not set provideClusterInfo: true.";

/** kubectl-vouch does not issue a token: the client connects to an API server other than the one that setup recorded, or does not report which. */
export const vouchClusterRefused = defineRule({
  cause: {
    id: "V8",
    what: "The client connects to a different API server than the one that setup recorded, or does not report which.",
    seen: "No token for cluster … [cluster-mismatch]",
    remedy: "If the cluster was recreated, write and record the context again: kubectl vouch setup eks.",
  },
  expects: "the context points to the API server that setup recorded for its cluster",
  needs: ["errorSources"],
  check(_, seen) {
    if (seen.exec !== undefined && seen.exec.tool !== "kubectl-vouch")
      return doesNotApply("the exec block does not run kubectl-vouch");
    const error = seen.credentialErrors?.match(REFUSED);
    if (error === undefined) return checkEntry(seen);
    // It is our own decision, so our message proves it; an identity that AWS confirms does not contradict it.
    const isOwn = error.quote.by === "plugin" && seen.symptom?.kind !== "unauthorized";
    return found({
      ...errorConclusion({ ...error, ...(isOwn ? { confidence: "certain" } : {}) }, (facts) =>
        describe(facts, error),
      ),
      explains: ["K10", "N1", "N6", "N7", "N9"],
    });
  },
  refuted: ({ endpoints, evidence: { fixAttempts = [] } }) =>
    endpoints?.isSame === true &&
    fixAttempts.some(({ command, exitCode }) => exitCode === 0 && /\bvouch setup\b/.test(command)),
});

/** An entry from an older setup, or written by hand: nothing is compared, but the call works. */
function checkEntry(seen: Facts): Verdict {
  if (seen.exec === undefined) return doesNotApply("the user entry does not have an exec block");
  if (hasClusterInfo(seen)) return passed;
  return found({
    severity: "warning",
    confidence: "certain",
    describe: (facts) => ({
      summary: `Context ${facts.context?.name} does not tell kubectl-vouch which cluster it connects to, so another server could get the token.`,
      evidence: [NO_CLUSTER_INFO],
      falsifiedBy: "The exec block sets provideClusterInfo: true.",
      fixes: regenerateEntry(facts, "Add provideClusterInfo to the entry, and record the cluster.", {
        isWhole: true,
      }),
    }),
  });
}

function hasClusterInfo({ context }: Facts): boolean {
  const exec = context?.user?.body["exec"];
  return isRecord(exec) && exec["provideClusterInfo"] === true;
}

function describe(facts: Facts, { quote: { match } }: CredentialError): Description {
  const [header, cluster] = match;
  const [line = ""] = match.input.slice(match.index + header.length).split("\n", 1);
  const [reason] = line.split(CODE, 1);
  return {
    summary: summaryOf(cluster, reason),
    evidence: [`The plugin reports: “${reason}”.`, ...describeEntry(facts)],
    falsifiedBy: "Running setup again changes nothing.",
    fixes: [
      ...tunnelName(facts),
      ...regenerateEntry(
        facts,
        "If the cluster was recreated, or the other server is not intended, rewrite the context with what EKS reports, and record the cluster.",
        { isWhole: true },
      ),
    ],
  };
}

/** Hosts and certificate authorities, in our own words for them. */
const TWO_SERVERS = /^the client calls (\S{1,253}) \(CA (\w{1,64})\); setup recorded (\S{1,253}) \(CA/;

/** What differs, where it is known. */
function summaryOf(cluster: string | undefined, reason: string | undefined): string {
  const [, called, , recorded] = TWO_SERVERS.exec(reason ?? "") ?? [];
  if (called === undefined) return `kubectl-vouch does not issue a token for ${cluster}: ${reason}.`;
  return called === recorded
    ? `The CA certificate in the context is not the one that setup recorded for ${cluster}, so kubectl-vouch does not issue a token.`
    : `The context calls ${called}, but setup recorded ${recorded} for ${cluster}, so kubectl-vouch does not issue a token.`;
}

function describeEntry(facts: Facts): Description["evidence"] {
  const body = facts.context?.cluster?.body ?? {};
  const fields = ["server", "tls-server-name", "insecure-skip-tls-verify"];
  return [
    ...fields.map(
      (field) => body[field] !== undefined && `clusters[].cluster.${field} is ${String(body[field])}.`,
    ),
    facts.exec !== undefined && !hasClusterInfo(facts) && NO_CLUSTER_INFO,
  ];
}

/** The local end of a tunnel: its address stays, and the certificate is verified against the cluster's own name. */
function tunnelName({ clusterEntry, context, cluster }: Facts): Fix[] {
  const far = addressOf(cluster?.endpoint)?.host;
  if (clusterEntry === undefined || context === undefined || far === undefined) return [];
  const isNear = (host: string) => isLoopbackHost(host) || isAddress(host);
  if (!isNear(clusterEntry.host) || isNear(far) || clusterEntry.tlsServerName !== undefined) return [];
  return [
    forYou(
      "If this is a tunnel to the cluster, set the name against which its certificate is verified.",
      kubectl("config set-cluster", { "tls-server-name": far }, context.clusterName),
    ),
  ];
}
