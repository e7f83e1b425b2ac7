import assert from "node:assert/strict";
import { rbacOidcPrefix } from "../../../../doctor/rules/authorization/rbac-oidc-prefix.ts";
import { AUTHORIZATION_FAULTS, binding, verdict } from "../../support/authorization-faults.ts";
import { without } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

const FAULT = AUTHORIZATION_FAULTS.R8;

describe("rbac-oidc-prefix", () => {
  it("binds the group with its prefix", () => {
    assert.deepEqual(
      verdicts(rbacOidcPrefix, FAULT),
      verdict("R8", [
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --group=oidc:developers",
      ]),
    );
  });

  it("knows the default prefix of names, even without the provider's configuration", () => {
    const bundle = { ...without(FAULT, "identityProviders"), rbac: { items: [binding("User ada")] } };
    assert.deepEqual(
      verdicts(rbacOidcPrefix, bundle),
      verdict("R8", [
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --user 'https://id.example.com#ada'",
      ]),
    );
  });

  it("has nothing to say of a group's prefix that nobody could see", () => {
    assert.deepEqual(confidences(rbacOidcPrefix, without(FAULT, "identityProviders")), []);
  });
});
