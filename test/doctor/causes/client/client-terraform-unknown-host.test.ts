import { CLIENT_FAULTS, TERRAFORM } from "../../support/client-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const T14 = CLIENT_FAULTS.T14;

testRule("client/client-terraform-unknown-host", "T14", {
  likely: {
    "the host is that of a data source": {
      on: T14,
      explains: ["K14"],
      summary:
        "Terraform did not know the cluster's host at plan time, so its provider connected to localhost.",
      commands: ["terraform apply --target module.eks", "terraform apply"],
    },
  },
  possible: {
    "nobody shows the provider block": { on: { ...T14, client: TERRAFORM }, inferred: true },
  },
  passed: {
    "the provider has no host at all (K14)": {
      ...T14,
      client: { ...TERRAFORM, configuration: 'provider "kubernetes" {}\n' },
    },
  },
  notApplicable: {
    "kubectl calls localhost (K14)": { ...T14, client: { name: "kubectl" } },
    "Terraform calls the cluster": CLIENT_FAULTS.T1,
  },
});
