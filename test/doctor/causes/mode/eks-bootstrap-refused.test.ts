import { cliError, refusedCall } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = refusedCall(
  "aws eks create-cluster --name lab",
  cliError(
    "InvalidParameterException",
    "CreateCluster",
    "bootstrapClusterCreatorAdminPermissions must be true if cluster authentication mode is set to CONFIG_MAP",
  ),
  { cluster: { failed: "ResourceNotFoundException" } },
);

testRule("mode/eks-bootstrap-refused", "M4", {
  certain: {
    "names the refusal of a cluster that nobody could enter": {
      on: FAULT,
      commands: [],
      text: "--access-config authenticationMode=API,bootstrapClusterCreatorAdminPermissions=false",
    },
  },
});
