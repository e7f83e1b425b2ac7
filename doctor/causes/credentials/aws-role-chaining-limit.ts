import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { profileWith } from "../../derive/identity/credential-source.ts";
import { forYou } from "../../fixes/fix.ts";
import { defineErrorRule } from "../shared/error-rule.ts";

export const awsRoleChainingLimit = defineErrorRule({
  cause: {
    id: "L10",
    what: "A role session assumes another role for longer than the hour that role chaining allows.",
    seen: "DurationSeconds exceeds the 1 hour session limit",
    remedy: "Remove duration_seconds, or set it to an hour.",
    page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining",
  },
  expects: "no profile requests a longer session than AWS allows",
  pattern:
    /DurationSeconds exceeds (?:the 1 hour session limit for roles assumed by role chaining|the MaxSessionDuration set for this role)/,
  describe({ quote }, { credentials }) {
    const link = profileWith(credentials, "duration_seconds");
    const profile = link?.name ?? "PROFILE";
    const seconds = link?.settings["duration_seconds"];
    const limit = quote.match[0].includes("chaining")
      ? "role chaining allows at most 3600 seconds"
      : "the role allows less";
    return {
      summary: `Profile ${profile} requests ${seconds === undefined ? "too long a session" : `a ${seconds}-second session`}, but ${limit}.`,
      evidence: seconds === undefined ? [] : [`Profile ${profile} has duration_seconds = ${seconds}.`],
      falsifiedBy: sentence`${aws("sts get-caller-identity")} works with the unchanged profile.`,
      fixes: [
        forYou(
          "Set duration_seconds to 3600, or remove it.",
          aws("configure set", { profile }, "duration_seconds", "3600"),
        ),
      ],
    };
  },
});
