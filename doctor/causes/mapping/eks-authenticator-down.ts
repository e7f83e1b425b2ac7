import { aws, kubectl } from "../../../token/command/command.ts";
import { cannotTell, defineRule, doesNotApply, found } from "../../check/rule.ts";
import { acceptsToken } from "../../derive/failure/symptom.ts";
import { isMapped } from "../../eks/mapping/mapping.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { forClusterAdmin, forYou } from "../../fixes/fix.ts";
import { callerName } from "../shared/caller-words.ts";
import { isSettling } from "./eks-access-entry-fresh.ts";

/** What remains of a 401 when STS accepts the token and the cluster maps whom it is for. */
export const eksAuthenticatorDown = defineRule({
  cause: {
    id: "E15",
    what: "The cluster's own authenticator is not working, so EKS rejects everyone.",
    seen: "401 for everyone, although tokens and access entries are right",
    remedy:
      "Try again in a few minutes. If every identity is still rejected, check the authenticator's log and open a case with AWS Support.",
  },
  expects: "the API server accepts a valid token of a mapped principal",
  needs: ["symptom", "now", "mapping"],
  check({ symptom, now, mapping }, seen) {
    if (symptom.kind !== "unauthorized") return doesNotApply("the API server did not return 401");
    if (seen.isOtherPrincipal || seen.isAboutNodes)
      return doesNotApply("the question is not about the caller");
    if (seen.authFailureConfidence === undefined || acceptsToken(seen.evidence))
      return doesNotApply("the cluster accepts the caller in another way");
    if (!isMapped(mapping)) return doesNotApply("the cluster is not known to map the caller");
    const tests = knownValue(seen.evidence.tokenNames);
    const name = seen.cluster?.name;
    if (tests === undefined) return cannotTell("tokenNames");
    if (!tests.some((one) => one.accepted && one.name === name))
      return doesNotApply("STS does not accept the token");
    if (mapping.by === "entry" && mapping.entryIsStale !== false)
      return mapping.entryIsStale === true
        ? doesNotApply("the access entry is for a deleted principal")
        : cannotTell("role", "accessEntryDetails");
    if (mapping.by === "entry" && isSettling(mapping, now))
      return doesNotApply("the access entry might not have taken effect yet");
    const others = (seen.evidence.otherObservations ?? []).filter(({ stderr = "" }) =>
      /\bUnauthorized\b|provide credentials/.test(stderr),
    );
    return found({
      confidence: "likely",
      inferred: true,
      describe: (facts) => ({
        summary: `Cluster ${facts.target.cluster} rejects ${callerName(facts) ?? "the caller"} although the token and the mapping are right: its authenticator is probably not working.`,
        evidence: [
          `STS accepts the token for cluster ${name}.`,
          mapping.by === "entry"
            ? `The access entry for ${mapping.entry?.principalArn} was created for the current principal.`
            : "aws-auth maps the caller.",
          ...others.map(({ differs }) => `It is also rejected this way: ${differs}.`),
        ],
        falsifiedBy: "Another identity that the cluster maps is accepted at the same time.",
        fixes: [
          forYou("Try again in a few minutes.", kubectl("auth whoami")),
          forClusterAdmin(
            "Check the authenticator's log, if the cluster writes one. If it does not show the reason, open a case with AWS Support.",
            aws("logs filter-log-events", {
              "log-group-name": `/aws/eks/${facts.target.cluster}/cluster`,
              "log-stream-name-prefix": "authenticator",
              region: facts.target.region,
            }),
          ),
        ],
      }),
    });
  },
});
