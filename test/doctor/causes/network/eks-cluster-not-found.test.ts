import { awsConfig, healthyBundle, without } from "../../support/bundle.ts";
import { networkFault } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = networkFault("N11");
const NOT_FOUND = { failed: "ResourceNotFoundException: No cluster found for name: lab." };

testRule("network/eks-cluster-not-found", "N11", {
  certain: {
    "says which name, where, and which one was meant": {
      on: FAULT,
      summary: "Cluster Lab does not exist in eu-west-1 (account 111122223333).",
      commands: [
        "aws eks update-kubeconfig --name lab --region eu-west-1",
        "aws sts get-caller-identity",
        "aws eks update-kubeconfig --name Lab --region REGION --profile PROFILE",
      ],
    },
    "offers the clusters that there are, the most alike first": {
      on: { ...FAULT, clusters: { clusters: ["prod", "lab-2", "stage", "lab-1"] } },
      commands: [
        "aws eks update-kubeconfig --name lab-2 --region eu-west-1",
        "aws eks update-kubeconfig --name lab-1 --region eu-west-1",
        "aws eks update-kubeconfig --name prod --region eu-west-1",
        "aws sts get-caller-identity",
        "aws eks update-kubeconfig --name Lab --region REGION --profile PROFILE",
      ],
    },
    "looks elsewhere by the only other profile": {
      on: {
        ...FAULT,
        ...awsConfig("[profile dev]\nregion = eu-west-1\n[profile ops]\nregion = eu-north-1\n"),
        clusters: { clusters: [] },
      },
      commands: [
        "aws sts get-caller-identity",
        "aws eks update-kubeconfig --name Lab --region eu-north-1 --profile ops",
      ],
    },
    "takes the name from AWS's words when there is no command": {
      on: {
        ...FAULT,
        question: { stderr: "ResourceNotFoundException: No cluster found for name: web." },
        callerIdentity: { failed: "-" },
      },
      summary: "Cluster web does not exist in eu-west-1.",
    },
  },
  likely: {
    "by AWS's words alone": without(FAULT, "clusters"),
    "says where the cluster is, when the call that failed looked elsewhere": {
      on: healthyBundle({
        question: {
          stderr:
            "An error occurred (ResourceNotFoundException) when calling the DescribeCluster operation: No cluster found for name: lab.",
        },
      }),
      commands:
        "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
    },
  },
  possible: {
    "doubts words that the list contradicts": { ...FAULT, clusters: { clusters: ["Lab"] } },
  },
  notApplicable: {
    "kubectl works, and a probe looked in another region": healthyBundle({ cluster: NOT_FOUND }),
    "the cluster was found since": { ...FAULT, cluster: healthyBundle().cluster ?? NOT_FOUND },
  },
});
