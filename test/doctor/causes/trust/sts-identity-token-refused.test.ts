import { pluginFailed, ROLE_ARN } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

/** As our plugin words it, around STS's own sentence. */
function refused(code: string, sentence: string) {
  return `AWS refused sts:AssumeRoleWithWebIdentity on ${ROLE_ARN} (sts.eu-west-1.amazonaws.com): ${code}: ${sentence}.`;
}

const NO_PROVIDER = refused(
  "InvalidIdentityToken",
  "No OpenIDConnect provider found in your account for https://us.vouch.sh",
);
const TOO_OLD = refused(
  "ExpiredTokenException",
  "Token expired: current date/time 1768478400 must be before the expiration date/time 1768478000",
);

testRule("trust/sts-identity-token-refused", "S4", {
  certain: {
    "makes the provider that the account lacks": {
      on: pluginFailed(NO_PROVIDER, {
        vouch: true,
        changes: {
          openIdConnectProviders: {
            OpenIDConnectProviderList: [
              { Arn: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
            ],
          },
        },
      }),
      summary: "Account 111122223333 does not have an OIDC provider for https://us.vouch.sh.",
      evidence: [/^GetCallerIdentity/, "OIDC providers in the account: token.actions.githubusercontent.com."],
      commands:
        "aws iam create-open-id-connect-provider --url https://us.vouch.sh --client-id-list '[\"https://us.vouch.sh\"]'",
    },
    "logs in again for a token that is too old": {
      on: pluginFailed(TOO_OLD, { vouch: true }),
      commands: ["kubectl vouch login --server https://us.vouch.sh", "date -u"],
    },
    "adds the audience that the provider lacks": {
      on: pluginFailed(refused("InvalidIdentityToken", "Incorrect token audience"), { vouch: true }),
      commands:
        'aws iam add-client-id-to-open-id-connect-provider --cli-input-json \'{"OpenIDConnectProviderArn":"arn:aws:iam::111122223333:oidc-provider/us.vouch.sh","ClientID":"https://us.vouch.sh"}\'',
    },
    "looks at the issuer when AWS cannot fetch its keys": {
      on: pluginFailed(
        refused(
          "InvalidIdentityToken",
          "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
        ),
        { vouch: true },
      ),
      commands: "curl -sS https://us.vouch.sh/.well-known/openid-configuration",
    },
  },
  likely: {
    "for words that it does not know": pluginFailed(
      refused(
        "InvalidIdentityToken",
        "The target role ARN is not present in the roles claim of the identity token",
      ),
      { vouch: true },
    ),
  },
  passed: {
    "leaves a role that does not trust the token, and expired keys, to their own rules": [
      refused("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"),
      "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation: The security token included in the request is expired",
    ].map((words) => pluginFailed(words, { vouch: true })),
  },
});
