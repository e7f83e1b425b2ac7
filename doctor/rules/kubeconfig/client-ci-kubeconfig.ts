import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { isCi } from "../../derive/client/client-kind.ts";
import type { Facts } from "../../derive/facts.ts";
import { canCause401, failsBeforeRequest } from "../../derive/failure/startup.ts";
import { awsProfiles } from "../../derive/identity/aws-profile-chain.ts";
import { isSamePrincipal } from "../../derive/identity/principal.ts";
import { targetCluster } from "../../derive/target/target-cluster.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { aws } from "../../fixes/aws.ts";

/** Where people's machines keep their programs. */
const LAPTOP = /^(?:\/Users\/|\/opt\/homebrew\/|\/home\/(?!runner\b)[\w.-]+\/|[A-Z]:\\Users\\)/;

/** A job uses a kubeconfig that was written elsewhere, under another identity. */
export const clientCiKubeconfig = defineLegacyRule({
  code: "client-ci-kubeconfig",
  stage: "kubeconfig",
  causes: ["T6"],
  expects: "a job writes its kubeconfig under the identity that it uses it with",
  needs: ["exec"],
  judge(facts) {
    if (!isCi(facts) || !(canCause401(facts) || failsBeforeRequest(facts))) return [];
    const strange = strangers(facts);
    const role = otherRole(facts);
    if (strange.length === 0 && role === undefined) return [];
    const { name = "CLUSTER", region = "REGION" } = targetCluster(facts);
    return [
      {
        cause: "T6",
        stage: "kubeconfig",
        severity: "error",
        confidence: strange.length === 0 ? "possible" : "likely",
        summary: "The job uses a kubeconfig that was written on another machine, or under another identity.",
        evidence: [
          ...strange,
          ...(role === undefined ? [] : [role]),
          ...(facts.principal === undefined
            ? []
            : [`In the job the exec block acts as ${facts.principal.arn}.`]),
        ],
        falsifiedBy: "The same kubeconfig works in the job once its profile, program and role exist there.",
        fixes: [
          {
            audience: "you",
            description:
              "Write the kubeconfig in the job itself, with the job's own credentials and without --role-arn.",
            actions: [aws("eks update-kubeconfig", { name, region })],
          },
        ],
        ...(strange.length === 0 ? { inferred: true } : { explains: ["L3", "K1", "S2"] }),
      },
    ];
  },
});

/** What the exec block names and the job does not have. */
function strangers(facts: Facts): string[] {
  const { exec, evidence } = facts;
  const profile = exec?.profile ?? exec?.env["AWS_PROFILE"];
  const profiles = awsProfiles(evidence);
  const isMissing = profile !== undefined && profiles.isComplete && !profiles.byName.has(profile);
  const isLaptops =
    exec !== undefined && LAPTOP.test(exec.command) && knownValue(evidence.execCommand)?.resolved === null;
  return [
    ...(isMissing ? [`The exec block names profile ${profile}, which the job does not have.`] : []),
    ...(isLaptops
      ? [`The exec block runs ${exec.command}, a path of somebody's machine that the job does not have.`]
      : []),
  ];
}

/** The plugin assumes a role that is not the job's own. */
function otherRole({ exec, principal, symptom }: Facts): string | undefined {
  if (exec?.role === undefined || symptom?.kind !== "unauthorized") return undefined;
  if (principal === undefined || isSamePrincipal(principal.arn, exec.role)) return undefined;
  return `The exec block assumes ${exec.role}.`;
}
