import assert from "node:assert/strict";
import { stsIdentityTokenRefused } from "../../../../doctor/rules/trust/sts-identity-token-refused.ts";
import { ROLE_ARN } from "../../support/bundle.ts";
import { confidences, findingsOf, pluginFailed, verdicts } from "../../support/credential-case.ts";

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

describe("sts-identity-token-refused", () => {
  it("makes the provider that the account lacks", () => {
    const openIdConnectProviders = {
      OpenIDConnectProviderList: [
        { Arn: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
      ],
    };
    const bundle = pluginFailed(NO_PROVIDER, { vouch: true, changes: { openIdConnectProviders } });
    assert.deepEqual(verdicts(stsIdentityTokenRefused, bundle), [
      {
        cause: "S4",
        stage: "trust",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws iam create-open-id-connect-provider --url https://us.vouch.sh --client-id-list '[\"https://us.vouch.sh\"]'",
        ],
      },
    ]);
    const [finding] = findingsOf(stsIdentityTokenRefused, bundle) ?? [];
    assert.equal(
      finding?.summary,
      "Account 111122223333 has no OpenID Connect provider for https://us.vouch.sh.",
    );
    assert.equal(finding?.evidence[1], "The account's providers are token.actions.githubusercontent.com.");
  });

  it("logs in again for a token that is too old", () => {
    assert.deepEqual(
      verdicts(stsIdentityTokenRefused, pluginFailed(TOO_OLD, { vouch: true }))?.[0]?.commands,
      ["kubectl vouch login --server https://us.vouch.sh", "date -u"],
    );
  });

  it("adds the audience that the provider lacks", () => {
    const words = refused("InvalidIdentityToken", "Incorrect token audience");
    assert.deepEqual(verdicts(stsIdentityTokenRefused, pluginFailed(words, { vouch: true }))?.[0]?.commands, [
      'aws iam add-client-id-to-open-id-connect-provider --cli-input-json \'{"OpenIDConnectProviderArn":"arn:aws:iam::111122223333:oidc-provider/us.vouch.sh","ClientID":"https://us.vouch.sh"}\'',
    ]);
  });

  it("looks at the issuer when AWS cannot fetch its keys", () => {
    const words = refused(
      "InvalidIdentityToken",
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
    assert.deepEqual(verdicts(stsIdentityTokenRefused, pluginFailed(words, { vouch: true }))?.[0]?.commands, [
      "curl -sS https://us.vouch.sh/.well-known/openid-configuration",
    ]);
  });

  it("is only likely for words that it does not know", () => {
    const words = refused(
      "InvalidIdentityToken",
      "The target role ARN is not present in the roles claim of the identity token",
    );
    assert.deepEqual(confidences(stsIdentityTokenRefused, pluginFailed(words, { vouch: true })), [
      "S4 likely",
    ]);
  });

  it("leaves a role that does not trust the token, and expired keys, to their own rules", () => {
    for (const words of [
      refused("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"),
      "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation: The security token included in the request is expired",
    ]) {
      assert.deepEqual(confidences(stsIdentityTokenRefused, pluginFailed(words, { vouch: true })), []);
    }
  });
});
