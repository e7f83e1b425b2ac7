import { healthyBundle, unauthorized, without } from "../../support/bundle.ts";
import { cluster, networkFault } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = networkFault("N10");

testRule("network/eks-cluster-not-ready", "N10", {
  certain: {
    "waits for a cluster that is being created": {
      on: FAULT,
      commands: "aws eks wait cluster-active --name lab --region eu-west-1",
    },
    "looks at the health of a cluster that is being deleted, or has failed": {
      on: ["DELETING", "FAILED"].map((status) =>
        healthyBundle({
          ...cluster({ status }),
          question: {},
          apiServer: { failed: "no HTTP answer" },
          selfSubjectReview: { failed: "no HTTP answer" },
        }),
      ),
      commands: "aws eks describe-cluster --name lab --region eu-west-1 --query cluster.health",
    },
  },
  likely: {
    "reads the status in the AWS CLI's words": without(FAULT, "cluster"),
    "the API server answers 401": unauthorized(cluster({ status: "DELETING" })),
  },
  passed: {
    "the cluster is updating": unauthorized(cluster({ status: "UPDATING" })),
    "the words are of yesterday, and the cluster is ACTIVE": {
      ...FAULT,
      cluster: healthyBundle().cluster ?? { failed: "-" },
    },
  },
  notApplicable: {
    "the call works": healthyBundle(cluster({ status: "DELETING" })),
  },
});
