import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { profileInForce } from "../../derive/identity/aws-environment.ts";
import { aws } from "../../fixes/aws.ts";

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
const LOGIN_OVER = /reauthenticate using 'aws login'|Please reauthenticate using "?aws login/;

export const awsLoginExpired = defineLegacyRule({
  code: "aws-login-expired",
  stage: "credentials",
  causes: ["L11"],
  expects: "the session of aws login has not ended",
  needs: ["errorSources"],
  judge(facts) {
    const refusal = refusalIn(facts, LOGIN_OVER);
    if (refusal === undefined) return [];
    const { quote: _, said, ...sureness } = refusal;
    const { credentials } = facts;
    const link = credentials?.chain.find(({ settings }) => settings["login_session"] !== undefined);
    const profile = link?.name ?? profileInForce(credentials);
    return [
      {
        cause: "L11",
        stage: "credentials",
        ...sureness,
        summary: `The session of aws login${profile === undefined ? "" : ` for profile ${profile}`} has ended.`,
        evidence: [said],
        falsifiedBy: sentence`${aws("sts get-caller-identity")} with the same profile gives an identity.`,
        fixes: [
          {
            audience: "you",
            description: "Sign in again, in a browser.",
            actions: [aws("login", { profile })],
          },
        ],
      },
    ];
  },
});
