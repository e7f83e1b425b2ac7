import assert from "node:assert/strict";
import { eksOidcLogin } from "../../../../doctor/rules/mapping/eks-oidc-login.ts";
import { AUTHORIZATION_FAULTS, kubelogin, OIDC_PROVIDER } from "../../support/authorization-faults.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";

const FAULT = AUTHORIZATION_FAULTS.R9;
const ISSUER = "https://id.example.com";

describe("eks-oidc-login", () => {
  it("finds a slash too many in the issuer", () => {
    assert.deepEqual(verdicts(eksOidcLogin, FAULT), [
      {
        cause: "R9",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws eks associate-identity-provider-config --cluster-name lab --region eu-west-1 --oidc identityProviderConfigName=vouch-oidc,issuerUrl=https://id.example.com/,clientId=kubernetes",
        ],
      },
    ]);
  });

  for (const [issuer, client, summary] of [
    [ISSUER, "cli", "The cluster expects tokens for client kubernetes, and the exec block asks for cli."],
    ["https://other.example.com", "cli", "The cluster trusts no OIDC issuer https://other.example.com."],
  ] as const) {
    it(`sees ${issuer} with client ${client}`, () => {
      assert.equal(
        findingsOf(eksOidcLogin, { ...FAULT, ...kubelogin(issuer, client) })?.[0]?.summary,
        summary,
      );
    });
  }

  it("says to wait for a provider that is not ready", () => {
    const oidc = { ...OIDC_PROVIDER.identityProviderConfig.oidc, status: "CREATING" };
    const identityProviders = [{ identityProviderConfig: { oidc } }];
    const pending = { ...FAULT, ...kubelogin(ISSUER, "kubernetes"), identityProviders };
    assert.deepEqual(verdicts(eksOidcLogin, pending)?.[0]?.commands, [
      "aws eks describe-identity-provider-config --cluster-name lab --region eu-west-1 --identity-provider-config type=oidc,name=corp",
    ]);
  });

  it("is silent when all fits, when providers are not known, or for another plugin", () => {
    assert.deepEqual(confidences(eksOidcLogin, { ...FAULT, ...kubelogin(ISSUER, "kubernetes") }), []);
    assert.deepEqual(confidences(eksOidcLogin, without(FAULT, "identityProviders")), []);
    assert.deepEqual(confidences(eksOidcLogin, healthyBundle({ identityProviders: [] })), []);
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(findingsOf(eksOidcLogin, healthyBundle()), []);
  });
});
