import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import type { AwsAuthView, PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import type { Principal } from "../../eks/principal/principal.ts";
import { isInstanceSession } from "../../eks/principal/username-template.ts";
import type { Fix } from "../../fixes/fix.ts";
import { ownGroup } from "../../fixes/rbac-actions.ts";
import { formatLine, isCallers, lineFix } from "../shared/aws-auth-line-rule.ts";
import { describeCaller } from "../shared/caller-words.ts";

const NODE_NAME = "{{EC2PrivateDNSName}}";

const FOR_NODES = ["system:bootstrappers", "system:nodes"];

/**
 * A user does not have an instance whose private DNS name could be found, so authentication fails. Source: doctor/EKS-ACCESS.md,
 * "Username templates".
 */
export const awsAuthNodeTemplate = defineRule({
  cause: {
    id: "A12",
    what: "The username in the aws-auth mapping needs the name of an instance, which a user's session does not have.",
    seen: "401 although listed in aws-auth",
    remedy: "Cluster admin: set a username without EC2PrivateDNSName, and groups for users.",
  },
  expects: "the username template in the caller's aws-auth mapping is meant for users",
  needs: ["awsAuthView", "mapping", "principal"],
  check({ awsAuthView: view, mapping, principal }, seen) {
    const line = view.entries.findLast(({ arn }) => isCallers(arn, principal));
    const match = mapping.awsAuthMatch;
    if (line === undefined || match === undefined) return doesNotApply("aws-auth does not map the caller");
    if (![match.username, ...match.groups].some((text) => text.includes(NODE_NAME))) return passed;
    if (isInstanceSession(principal)) return doesNotApply("the caller is a node");
    if (mapping.by === "entry") return doesNotApply("an access entry maps the caller");
    const confidence = seen.authFailureConfidence;
    if (confidence === undefined) return doesNotApply("the cluster accepted the caller");
    // A different principal's session is not known, and can be an instance's, unless a user's failed call is known.
    const isUnseen = seen.isOtherPrincipal;
    if (isUnseen && seen.symptom?.kind !== "unauthorized") return cannotTell("callerIdentity");
    return found({
      confidence: mapping.by === "aws-auth" && !isUnseen ? confidence : "likely",
      explains: ["A1", "E1", "M1", "A17"],
      describe: (facts) => ({
        summary: `The caller's aws-auth mapping needs the name of an EC2 instance (${match.username}), but ${isUnseen ? "a user does not have one" : `session ${principal.sessionName ?? ""} is not an instance`}.`,
        evidence: [
          `${formatLine(line)} has username ${match.username}.`,
          describeCaller(facts, principal.arn),
        ],
        falsifiedBy: 'The authenticator log does not contain "SessionName did not contain an instance id".',
        fixes: [forUsers(facts, view, { line, principal })],
      }),
    });
  },
});

interface UserLine {
  readonly line: PlacedEntry;
  readonly principal: Principal;
}

/** If no group is left, the user gets a separate one. */
function forUsers(facts: Facts, view: AwsAuthView, { line, principal }: UserLine): Fix {
  const username = `${principal.name}:{{SessionName}}`;
  const people = line.groups.filter((group) => !FOR_NODES.includes(group));
  const { group, actions } = ownGroup(facts, principal);
  const groups = people.length === 0 ? [group] : people;
  const right = people.length === line.groups.length ? { username } : { username, groups };
  const fix = lineFix(view, [{ ...line, right }], "Set a username and groups that are meant for users.");
  return people.length === 0 ? { ...fix, actions: [...(fix.actions ?? []), ...actions] } : fix;
}
