import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { aws } from "../../fixes/aws.ts";

/** STS's words for a session that is asked to be longer than the role, or than chaining, allows. */
const TOO_LONG =
  /DurationSeconds exceeds (?:the 1 hour session limit for roles assumed by role chaining|the MaxSessionDuration set for this role)/;

export const awsRoleChainingLimit = defineLegacyRule({
  code: "aws-role-chaining-limit",
  stage: "credentials",
  causes: ["L10"],
  expects: "no profile asks for a longer session than AWS gives",
  needs: ["errorSources"],
  judge(facts) {
    const refusal = refusalIn(facts, TOO_LONG);
    if (refusal === undefined) return [];
    const { quote, said, ...sureness } = refusal;
    const link = facts.credentials?.chain.find(({ settings }) => settings["duration_seconds"] !== undefined);
    const profile = link?.name ?? "PROFILE";
    const seconds = link?.settings["duration_seconds"];
    const isChained = quote.match[0].includes("chaining");
    return [
      {
        cause: "L10",
        stage: "credentials",
        ...sureness,
        summary: `Profile ${profile} asks for a session of ${seconds ?? "more"} seconds; ${
          isChained ? "a role that a role assumes gets at most 3600" : "the role does not allow that many"
        }.`,
        evidence: [
          said,
          ...(seconds === undefined ? [] : [`Profile ${profile} has duration_seconds = ${seconds}.`]),
        ],
        falsifiedBy: sentence`The profile works as it is with ${aws("sts get-caller-identity")}.`,
        fixes: [
          {
            audience: "you",
            description: "Ask for an hour, or take duration_seconds out.",
            actions: [aws("configure set", { profile }, "duration_seconds", "3600")],
          },
        ],
      },
    ];
  },
});
