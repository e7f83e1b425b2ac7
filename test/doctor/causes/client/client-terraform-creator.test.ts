import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T8 = CLIENT_FAULTS.T8;

testRule("client/client-terraform-creator", "T8", {
  certain: {
    "the plan replaces the creator's entry": {
      on: T8,
      commands: [],
      text: /^enable_cluster_creator_admin_permissions = false\naccess_entries = \{/,
    },
  },
  likely: {
    "by the plan alone": { ...T8, client: { name: "terraform" } },
  },
  possible: {
    "only warns of the setting alone": { on: { ...T8, question: {} }, severity: "warning" },
  },
  passed: {
    "entries that name their principals": {
      ...T8,
      question: {},
      client: {
        name: "terraform",
        configuration: "enable_cluster_creator_admin_permissions = false\naccess_entries = { ada = {} }\n",
      },
    },
  },
});
