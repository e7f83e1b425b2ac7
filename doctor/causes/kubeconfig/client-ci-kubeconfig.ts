import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { isCi } from "../../derive/client/client-kind.ts";
import type { Facts } from "../../derive/facts.ts";
import { isMissingProfile } from "../../derive/identity/aws-profile-chain.ts";
import type { ExecBlock } from "../../derive/kubeconfig/exec-block.ts";
import { isSamePrincipal } from "../../eks/principal/principal.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { rewriteUsers } from "../../fixes/regenerate-context.ts";
import { sentences } from "../shared/error-rule.ts";

/** Where programs are installed on users' own machines. */
const LAPTOP = /^(?:\/Users\/|\/opt\/homebrew\/|\/home\/(?!runner\b)[\w.-]+\/|[A-Z]:\\Users\\)/;

/** A job uses a kubeconfig that was written elsewhere, with another identity. */
export const clientCiKubeconfig = defineRule({
  cause: {
    id: "T6",
    what: "The CI job uses a kubeconfig that was written with a different identity or on a different machine.",
    seen: "401 in CI only",
    remedy: "Write the kubeconfig in the CI job itself, with the job's own credentials.",
    sameAs: ["L3", "L4", "K1", "S2"],
  },
  expects: "a CI job writes its own kubeconfig, with the identity that it runs as",
  needs: ["exec"],
  check({ exec }, seen) {
    if (!seen.canCause401 && !seen.failsBeforeRequest)
      return doesNotApply("the call reached the API server and did not return 401");
    if (!isCi(seen)) return doesNotApply("the client is not a CI job");
    const missing = missingInJob(seen, exec);
    if (missing.length === 0 && !assumesOtherRole(seen, exec.role)) return passed;
    return found({
      ...(missing.length === 0
        ? { confidence: "possible", inferred: true }
        : { confidence: "likely", explains: ["L3", "K1", "S2"] }),
      describe: (facts) => describe(facts, missing, assumesOtherRole(facts, exec.role)),
    });
  },
});

/** What the exec block uses but does not exist in the job. */
function missingInJob({ evidence }: Facts, exec: ExecBlock): string[] {
  const profile = exec.profile ?? exec.env["AWS_PROFILE"];
  const isMissing = profile !== undefined && isMissingProfile(evidence, profile);
  const isLaptops = LAPTOP.test(exec.command) && knownValue(evidence.execCommand)?.resolved === null;
  return sentences(
    isMissing && `The exec block uses profile ${profile}, which does not exist in the job.`,
    isLaptops &&
      `The exec block runs ${exec.command}, a path on a user's workstation, which does not exist in the job.`,
  );
}

/** The plugin assumes a role that is not the job's own. */
function assumesOtherRole(seen: Facts, role: string | undefined): boolean {
  if (role === undefined || seen.symptom?.kind !== "unauthorized") return false;
  return seen.principal !== undefined && !isSamePrincipal(seen.principal.arn, role);
}

function describe(facts: Facts, missing: readonly string[], isOtherRole: boolean) {
  const { exec, principal } = facts;
  return {
    summary:
      "The job uses a kubeconfig that was written on a different machine or with a different identity.",
    evidence: [
      ...missing,
      isOtherRole && `The exec block assumes role ${exec?.role}.`,
      principal && `In the job, the exec block authenticates as ${principal.arn}.`,
    ],
    falsifiedBy: "The same kubeconfig works in the job once its profile, program and role exist there.",
    fixes: rewriteUsers(
      facts,
      "Write the kubeconfig in the job itself, with the job's own credentials and without --role-arn.",
      [{ user: facts.context?.userName ?? "USER", command: "aws" }],
    ),
  };
}
