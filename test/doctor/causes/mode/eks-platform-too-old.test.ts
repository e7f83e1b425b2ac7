import { unauthorized, without } from "../../support/bundle.ts";
import { cliError, mappingFault, refusedCall } from "../../support/mapping-faults.ts";
import { cluster } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("M6");
const OLD = cluster({ version: "1.27", platformVersion: "eks.4" });
const OTHER_STEP = refusedCall(
  "aws eks create-access-entry --cluster-name lab",
  cliError("InvalidRequestException", "CreateAccessEntry", "Access entries are not supported."),
  OLD,
);

testRule("mode/eks-platform-too-old", "M6", {
  certain: {
    "names the platform that access entries need": {
      on: FAULT,
      summary:
        "Cluster lab does not support access entries yet: it runs platform version eks.4 (Kubernetes 1.27), but they need eks.10.",
      commands: "aws eks update-cluster-version --name lab --region eu-west-1 --kubernetes-version 1.28",
    },
  },
  likely: {
    "EKS refuses the step that every newer platform takes": {
      on: without(FAULT, "cluster"),
      commands:
        "aws eks describe-cluster --name lab --region eu-west-1 --query 'cluster.[version,platformVersion]'",
    },
  },
  passed: {
    "the platform is new enough": { ...FAULT, ...cluster({ version: "1.27", platformVersion: "eks.10" }) },
  },
  notApplicable: {
    "nobody tried to change anything": unauthorized(OLD),
    "IAM refused the change": refusedCall(
      "aws eks update-cluster-config --name lab",
      cliError(
        "AccessDeniedException",
        "UpdateClusterConfig",
        "User: x is not authorized to perform: eks:UpdateClusterConfig",
      ),
      OLD,
    ),
  },
  unknown: {
    "cannot tell without the cluster": {
      on: without(OTHER_STEP, "cluster"),
      missing: "cluster",
    },
  },
});
