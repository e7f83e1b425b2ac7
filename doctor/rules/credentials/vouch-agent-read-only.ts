import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { isOtherPrincipal } from "../../derive/failure/pre-auth-severity.ts";
import { vouchSide } from "../../derive/identity/vouch-side.ts";

/** AWS's reason when the session policy is what lacks a permission. Source: IAM user guide, "Access denied errors". */
const BY_SESSION_POLICY = /because no session policy allows the ([\w:-]+) action/;

export const vouchAgentReadOnly = defineLegacyRule({
  code: "vouch-agent-read-only",
  stage: "credentials",
  causes: ["V5"],
  expects: "a person runs the command, and not an AI agent, whose AWS session only reads",
  needs: ["vouch"],
  judge(facts) {
    const { vouch, symptom } = facts;
    const side = vouchSide(facts);
    if (side === undefined || vouch.agent === undefined || isOtherPrincipal(facts)) return [];
    const [line, action] =
      (symptom?.kind === "aws-refused" ? BY_SESSION_POLICY.exec(symptom.text) : null) ?? [];
    return [
      {
        cause: "V5",
        stage: "credentials",
        severity: line === undefined ? "warning" : "error",
        confidence: "certain",
        summary:
          line === undefined
            ? `${vouch.agent} runs this: its AWS session only reads. Inside the cluster it may do what you may.`
            : `${vouch.agent} runs this: its AWS session only reads, so ${action} is refused.`,
        evidence: [
          `The environment shows the agent ${vouch.agent}.`,
          ...(line === undefined ? [] : [`AWS says: “${line}”`]),
        ],
        falsifiedBy: "The same command, typed by a person in a terminal of their own, does the same.",
        fixes: [
          {
            audience: "you",
            description:
              line === undefined
                ? "Nothing, if the agent shall only read. To limit it inside the cluster too, give it a role of its own."
                : "Run the command yourself, in a terminal that no agent started.",
          },
        ],
        ...(line === undefined ? {} : { explains: ["P11", "P12", "P14"] }),
      },
    ];
  },
});
