import { aws } from "../../../token/command/aws.ts";
import { ours, run } from "../../../token/command/command.ts";
import { kubectl } from "../../../token/command/kubectl.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { cannotTell, doesNotApply, found, passed, type Verdict } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { UNKNOWN_KEY } from "../../derive/failure/error-sources.ts";
import type { Severity } from "../../derive/failure/pre-auth-severity.ts";
import { isOwnSourceBlock } from "../../derive/identity/aws-environment.ts";
import { iamRole } from "../../derive/identity/iam-principal.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { clearCliCache, isFromVouch } from "../../fixes/credential-renewal.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { isOfAssumedRole } from "../shared/assumed-role.ts";
import { errorConclusion } from "../shared/error-rule.ts";

export const awsCachedRoleOutdated = defineRule({
  causes: [
    {
      id: "L12",
      what: "Cached credentials belong to a role that has been deleted and recreated since.",
      seen: "401 for minutes after a change",
    },
  ],
  expects: "the credentials belong to the role that exists today, not to a deleted one",
  needs: ["preAuthSeverity"],
  check({ preAuthSeverity: severity }, seen) {
    const { principal } = seen;
    return principal === undefined ? unknownSession(seen) : compareIds(seen, principal, severity);
  },
  suspected: {
    unauthorized: {
      causes: ["L12"],
      suspicion: ({ principal, exec }) => {
        if (principal?.kind !== "role" || exec === undefined) return undefined;
        const clear =
          exec.tool === "kubectl-vouch"
            ? ours("cache clear")
            : run("rm", "-r", {}, { underHome: ".aws/cli/cache" });
        return {
          hinted: false,
          summary: `The cached credentials belong to an earlier role ${principal.name}, which has been deleted since.`,
          hints: [],
          audience: "you",
          confirmedBy: sentence`After ${clear} it works.`,
        };
      },
    },
  },
});

function compareIds(seen: Facts, principal: Principal, severity: Severity): Verdict {
  if (principal.kind !== "role") return doesNotApply("the caller is not a role");
  const role = iamRole(seen.evidence, principal);
  if (role?.RoleId === undefined) return cannotTell("role");
  const { uniqueId, name, account } = principal;
  if (uniqueId === undefined) return cannotTell("callerIdentity");
  if (uniqueId === role.RoleId) return passed;
  return found({
    severity,
    confidence: "certain",
    explains: ["E1", "A1"],
    describe: (facts) => ({
      summary: `The cached credentials belong to an earlier role ${name}, which was deleted and recreated.`,
      evidence: [
        `The caller's id is ${uniqueId}, that of role ${role.Arn} is ${role.RoleId}.`,
        `The role was created at ${role.CreateDate}.`,
      ],
      falsifiedBy: sentence`${aws("iam get-role", { "role-name": name })} in account ${account} shows the id ${uniqueId}.`,
      fixes: [clearCache(facts)],
    }),
  });
}

/** When a role is deleted, STS ends its sessions, so AWS no longer knows those that a tool has cached. */
function unknownSession(seen: Facts): Verdict {
  const error = seen.credentialErrors?.match(UNKNOWN_KEY);
  if (error?.quote.by !== "caller-identity" || !isOfAssumedRole(seen)) return passed;
  const conclusion = errorConclusion({ ...error, confidence: "likely" }, (facts) => ({
    summary: `AWS does not know session ${facts.token?.accessKeyId ?? ""} of the assumed role: the role was probably recreated, and the tool still uses what it cached.`,
    evidence: [`Where the keys come from: ${facts.credentials?.why}.`],
    falsifiedBy: "After its cache is removed, the tool is refused with the same error.",
    fixes: [clearCache(facts)],
  }));
  return found({ ...conclusion, explains: ["E1", "A1"] });
}

function clearCache({ exec, credentials, evidence }: Facts): Fix {
  if (isFromVouch(credentials) || isOwnSourceBlock(exec)) {
    return forYou(
      "Clear the credentials that kubectl-vouch has cached; you stay logged in.",
      kubectl("vouch cache clear"),
    );
  }
  if (exec?.tool !== "aws-iam-authenticator") return clearCliCache(evidence);
  return forYou(
    "Remove the credentials that aws-iam-authenticator has cached; it fetches new ones.",
    run("rm", "", {}, { underHome: ".kube/cache/aws-iam-authenticator/credentials.yaml" }),
  );
}
