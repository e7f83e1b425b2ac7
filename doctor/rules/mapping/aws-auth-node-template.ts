import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { isOtherPrincipal } from "../../derive/failure/pre-auth-severity.ts";
import { isInstanceSession } from "../../derive/identity/username-template.ts";
import { authFailureConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { awsAuthView } from "../../derive/mapping/aws-auth-view.ts";
import { lineFix, sayLine } from "../shared/aws-auth-finding.ts";

const NODE_NAME = "{{EC2PrivateDNSName}}";

const FOR_NODES = ["system:bootstrappers", "system:nodes"];

/**
 * The private DNS name of an instance cannot be found for a person: the whole login fails.
 * Source: doctor/EKS-ACCESS.md, "Username templates".
 */
export const awsAuthNodeTemplate = defineLegacyRule({
  code: "aws-auth-node-template",
  stage: "mapping",
  causes: ["A12"],
  expects: "the username template in the caller's line of aws-auth is one for people",
  needs: ["mapping", "principal"],
  judge(facts) {
    const { mapping, principal } = facts;
    const view = awsAuthView(facts);
    const match = mapping.awsAuthMatch;
    const refused = authFailureConfidence(facts);
    if (view === undefined || refused === undefined || mapping.by === "entry" || match === undefined)
      return [];
    // Somebody else's session is not seen: it may be an instance's, but for a person whose call is known to be refused.
    const isUnseen = isOtherPrincipal(facts);
    if (isInstanceSession(principal) || (isUnseen && facts.symptom?.kind !== "unauthorized")) return [];
    if (![match.username, ...match.groups].some((text) => text.includes(NODE_NAME))) return [];
    const entry = view.entries.findLast(
      ({ arn }) => arn.toLowerCase() === principal.canonicalArn.toLowerCase(),
    );
    if (entry === undefined) return [];
    const { section, index, arn } = entry;
    const people = entry.groups.filter((group) => !FOR_NODES.includes(group));
    const right = {
      username: `${principal.name}:{{SessionName}}`,
      ...(people.length === entry.groups.length ? {} : { groups: people.length === 0 ? ["GROUP"] : people }),
    };
    return [
      {
        cause: "A12",
        stage: "mapping",
        severity: "error",
        confidence: mapping.by === "aws-auth" && !isUnseen ? refused : "likely",
        summary: `The caller's line in aws-auth wants the name of an EC2 instance (${match.username}), and ${isUnseen ? "a person has none" : `the session ${principal.sessionName ?? ""} is none`}.`,
        evidence: [
          `${sayLine(section, index, arn)} has the username ${match.username}.`,
          `The caller is ${principal.arn}.`,
        ],
        falsifiedBy: 'The authenticator\'s log does not say "SessionName did not contain an instance id".',
        fixes: [
          lineFix(
            view,
            [{ section, index, written: "", isCallers: true, right }],
            "Write a username and groups for people.",
          ),
        ],
        explains: ["A1", "E1", "M1", "A17"],
      },
    ];
  },
});
