import { AUTHORIZATION_FAULTS, binding } from "../../support/authorization-faults.ts";
import { without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = AUTHORIZATION_FAULTS.R8;

testRule("authorization/rbac-oidc-prefix", "R8", {
  certain: {
    "binds the group with its prefix": {
      on: FAULT,
      commands: [
        "kubectl create rolebinding vouch-view -n web --clusterrole=view --user 'https://id.example.com#ada'",
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --group=oidc:developers",
      ],
    },
    "knows the default prefix of names, even without the provider's configuration": {
      on: { ...without(FAULT, "identityProviders"), rbac: { items: [binding("User ada")] } },
      commands: [
        "kubectl create rolebinding vouch-view -n web --clusterrole=view --user 'https://id.example.com#ada'",
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --user 'https://id.example.com#ada'",
      ],
    },
  },
  unknown: {
    "has nothing to say of a group's prefix that nobody could see": {
      on: without(FAULT, "identityProviders"),
      missing: ["callerIdentity", "identityProviders"],
    },
  },
});
