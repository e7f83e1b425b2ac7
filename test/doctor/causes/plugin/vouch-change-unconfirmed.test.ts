import assert from "node:assert/strict";
import { pluginFailed } from "../../support/bundle.ts";
import { CREDENTIAL_FAULTS } from "../../support/credential-faults.ts";
import { testRule } from "../../support/test-rule.ts";

testRule("plugin/vouch-change-unconfirmed", "V9", {
  certain: {
    "says how the change is confirmed": {
      on: CREDENTIAL_FAULTS["V9"] ?? assert.fail(),
      summary: /^The context is protected, and the change was not confirmed/,
    },
  },
  notApplicable: { "another message of ours": pluginFailed("You are not logged in to https://us.vouch.sh.") },
});
