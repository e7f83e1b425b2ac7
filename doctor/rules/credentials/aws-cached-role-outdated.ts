import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { refusalIn, UNKNOWN_KEY } from "../../derive/failure/error-sources.ts";
import { preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { isSamePrincipal } from "../../derive/identity/principal.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { aws } from "../../fixes/aws.ts";
import { forgetCliCache, isFromVouch } from "../../fixes/credential-renewal.ts";
import type { Fix } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";

export const awsCachedRoleOutdated = defineLegacyRule({
  code: "aws-cached-role-outdated",
  stage: "credentials",
  causes: ["L12"],
  expects: "the credentials are of the role as it is now, not of one that was deleted",
  needs: [],
  needsOneOf: ["principal", "errorSources"],
  judge(facts) {
    const { principal } = facts;
    if (principal === undefined) return refusedSession(facts);
    const severity = preAuthSeverity(facts);
    const role = knownValue(facts.evidence.role)?.Role;
    if (severity === undefined || role === undefined || principal.kind !== "role") return [];
    const uniqueId = principal.uniqueId;
    if (
      !isSamePrincipal(role.Arn, principal.canonicalArn) ||
      uniqueId === undefined ||
      uniqueId === role.RoleId
    ) {
      return [];
    }
    return [
      {
        cause: "L12",
        stage: "credentials",
        severity,
        confidence: "certain",
        summary: `The credentials are of an earlier role ${principal.name}: it was deleted and made anew since, and they are cached.`,
        evidence: [
          `The caller's id is ${uniqueId}, that of role ${role.Arn} is ${role.RoleId}.`,
          `The role was made at ${role.CreateDate}.`,
        ],
        falsifiedBy: sentence`${aws("iam get-role", { "role-name": principal.name })} in account ${principal.account} shows the id ${uniqueId}.`,
        fixes: [forget(facts)],
        explains: ["E1", "A1"],
      },
    ];
  },
});

/** STS ends the sessions of a role that is deleted: what a tool has cached of them is then unknown to AWS. */
function refusedSession(facts: Facts): readonly LegacyFinding[] {
  const { credentials, token } = facts;
  const refusal = refusalIn(facts, UNKNOWN_KEY);
  const isAssumed = credentials?.kind === "assume-role" && token?.temporary === true;
  if (refusal?.quote.by !== "caller-identity" || !isAssumed) return [];
  return [
    {
      cause: "L12",
      stage: "credentials",
      severity: refusal.severity,
      confidence: "likely",
      summary: `AWS does not know session ${token.accessKeyId ?? ""} of the assumed role any more: the role was probably made anew, and the tool still uses what it cached.`,
      evidence: [refusal.said, `Where the keys come from: ${credentials.why}.`],
      falsifiedBy: "After its cache is removed, the tool is refused in the same words.",
      fixes: [forget(facts)],
      explains: ["E1", "A1"],
    },
  ];
}

function forget({ exec, credentials, evidence }: Facts): Fix {
  if (isFromVouch(credentials)) {
    return {
      audience: "you",
      description: "Forget the credentials that kubectl-vouch has cached; you stay logged in.",
      actions: [kubectl("vouch cache clear")],
    };
  }
  if (exec?.tool !== "aws-iam-authenticator") return forgetCliCache(evidence);
  const description = "Remove the credentials that aws-iam-authenticator has cached; it fetches new ones.";
  const file = { underHome: ".kube/cache/aws-iam-authenticator/credentials.yaml" };
  return { audience: "you", description, actions: [run("rm", "", {}, file)] };
}
