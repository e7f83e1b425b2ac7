import { aws } from "../../../token/command/aws.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { profileWith } from "../../derive/identity/aws-environment.ts";
import { forYou } from "../../fixes/fix.ts";
import { defineErrorRule } from "../shared/error-rule.ts";

export const awsRoleChainingLimit = defineErrorRule({
  causes: [
    {
      id: "L10",
      what: "A role is assumed from a role for longer than the hour that role chaining allows.",
      seen: "DurationSeconds exceeds the 1 hour session limit",
    },
  ],
  expects: "no profile asks for a longer session than AWS allows",
  pattern:
    /DurationSeconds exceeds (?:the 1 hour session limit for roles assumed by role chaining|the MaxSessionDuration set for this role)/,
  describe({ quote }, { credentials }) {
    const link = profileWith(credentials, "duration_seconds");
    const profile = link?.name ?? "PROFILE";
    const seconds = link?.settings["duration_seconds"];
    const limit = quote.match[0].includes("chaining")
      ? "AWS allows 3600 where a role assumes a role"
      : "the role allows fewer";
    return {
      summary: `Profile ${profile} asks for a session of ${seconds ?? "more"} seconds; ${limit}.`,
      evidence: seconds === undefined ? [] : [`Profile ${profile} has duration_seconds = ${seconds}.`],
      falsifiedBy: sentence`The profile works as it is with ${aws("sts get-caller-identity")}.`,
      fixes: [
        forYou(
          "Ask for an hour, or remove duration_seconds.",
          aws("configure set", { profile }, "duration_seconds", "3600"),
        ),
      ],
    };
  },
});
