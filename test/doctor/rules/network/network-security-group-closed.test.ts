import { networkFault } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = networkFault("N4");

testRule("network/network-security-group-closed", "N4", {
  likely: {
    "names the group that keeps silent towards somebody inside": {
      on: FAULT,
      commands:
        "aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-0123456789abcdef0 --protocol tcp --port 443 --cidr YOUR_NETWORK/CIDR",
    },
  },
  possible: {
    "the endpoint is private for everybody (N2)": { on: networkFault("N2"), inferred: true },
  },
  notApplicable: {
    "the address is public (N3)": networkFault("N3"),
  },
});
