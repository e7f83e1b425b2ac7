import { aws, kubectl, ours } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { removeFile, removeFolder } from "../../../token/command/tasks.ts";
import { cannotTell, defineRule, doesNotApply, found, passed, type Verdict } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { UNKNOWN_KEY } from "../../derive/failure/error-sources.ts";
import type { Severity } from "../../derive/failure/symptom.ts";
import { isOwnSourceBlock } from "../../derive/identity/credential-source.ts";
import { iamRole } from "../../eks/principal/iam-principal.ts";
import type { Principal } from "../../eks/principal/principal.ts";
import { clearCliCache, isFromVouch } from "../../fixes/credential-renewal.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { errorConclusion } from "../shared/error-rule.ts";
import { isOfAssumedRole } from "../shared/role-words.ts";

export const awsCachedRoleOutdated = defineRule({
  cause: {
    id: "L12",
    what: "The cached credentials are for a role that has since been deleted and recreated.",
    seen: "401 for several minutes after a change",
    remedy: "Delete the role credentials that the AWS CLI has cached; it fetches new ones.",
  },
  expects: "the credentials are for the current role, not for a deleted one",
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
          exec.tool === "kubectl-vouch" ? ours("cache clear") : removeFolder({ underHome: ".aws/cli/cache" });
        return {
          summary: `The cached credentials are for an old role ${principal.name} that has since been deleted.`,
          audience: "you",
          confirmedBy: sentence`The call works after ${clear}.`,
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
      summary: `The cached credentials are for the old role ${name}, which was deleted and recreated.`,
      evidence: [
        `The caller's unique ID is ${uniqueId}, but the ID of role ${role.Arn} is ${role.RoleId}.`,
        `The current role was created at ${role.CreateDate}.`,
      ],
      falsifiedBy: sentence`${aws("iam get-role", { "role-name": name })} in account ${account} returns the ID ${uniqueId}.`,
      fixes: [clearCache(facts)],
    }),
  });
}

/** When a role is deleted, STS ends its sessions, so AWS no longer knows those that a tool has cached. */
function unknownSession(seen: Facts): Verdict {
  const error = seen.credentialErrors?.match(UNKNOWN_KEY);
  if (error?.quote.by !== "caller-identity" || !isOfAssumedRole(seen)) return passed;
  const conclusion = errorConclusion({ ...error, confidence: "likely" }, (facts) => ({
    summary: `AWS does not recognize session ${facts.token?.accessKeyId ?? ""} of the assumed role: the role was probably recreated, but the tool still uses its cache.`,
    evidence: [`Credential source: ${facts.credentials?.why}.`],
    falsifiedBy: "The tool fails with the same error after its cache is removed.",
    fixes: [clearCache(facts)],
  }));
  return found({ ...conclusion, explains: ["E1", "A1"] });
}

function clearCache({ exec, credentials, evidence }: Facts): Fix {
  if (isFromVouch(credentials) || isOwnSourceBlock(exec)) {
    return forYou(
      "Clear the credentials cached by kubectl-vouch; you stay logged in.",
      kubectl("vouch cache clear"),
    );
  }
  if (exec?.tool !== "aws-iam-authenticator") return clearCliCache(evidence);
  return forYou(
    "Remove the credentials cached by aws-iam-authenticator; it then fetches new ones.",
    removeFile({ underHome: ".kube/cache/aws-iam-authenticator/credentials.yaml" }),
  );
}
