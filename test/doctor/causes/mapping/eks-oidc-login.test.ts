import { AUTHORIZATION_FAULTS, kubelogin, OIDC_PROVIDER } from "../../support/authorization-faults.ts";
import { without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AUTHORIZATION_FAULTS.R9;
const ISSUER = "https://id.example.com";

testRule("mapping/eks-oidc-login", "R9", {
  certain: {
    "finds a slash too many in the issuer": {
      on: FAULT,
      commands:
        "aws eks associate-identity-provider-config --cluster-name lab --region eu-west-1 --oidc identityProviderConfigName=vouch-oidc,issuerUrl=https://id.example.com/,clientId=kubernetes",
    },
    "says to wait for a provider that is not ready": {
      on: {
        ...FAULT,
        ...kubelogin(ISSUER, "kubernetes"),
        identityProviders: [
          {
            identityProviderConfig: {
              oidc: { ...OIDC_PROVIDER.identityProviderConfig.oidc, status: "CREATING" },
            },
          },
        ],
      },
      commands:
        "aws eks describe-identity-provider-config --cluster-name lab --region eu-west-1 --identity-provider-config type=oidc,name=corp",
    },
    "sees another client": {
      on: { ...FAULT, ...kubelogin(ISSUER, "cli") },
      summary: "The cluster expects tokens for client kubernetes, but the exec block requests client cli.",
    },
    "sees another issuer": {
      on: { ...FAULT, ...kubelogin("https://other.example.com", "cli") },
      summary: "The cluster does not trust OIDC issuer https://other.example.com.",
    },
  },
  passed: {
    "all fits": { ...FAULT, ...kubelogin(ISSUER, "kubernetes") },
  },
  unknown: {
    "the providers are not known": { on: without(FAULT, "identityProviders"), missing: "identityProviders" },
  },
});
