import { CA_DATA, ENDPOINT, healthyBundle, unauthorized, without } from "../../support/bundle.ts";
import { edited, KUBECONFIG_FAULTS, OTHER_ENDPOINT, vouchExec } from "../../support/kubeconfig-faults.ts";
import { cluster, OTHER_CA } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const PROD = ["--cluster-name, lab", "--cluster-name, prod"] as const;

/** The cluster entry under another name. */
function called(name: string): readonly (readonly [string, string])[] {
  return [
    ["- name: lab\n  cluster:", `- name: ${name}\n  cluster:`],
    ["    cluster: lab", `    cluster: ${name}`],
  ];
}

const ARN = "arn:aws:eks:eu-west-1:111122223333:cluster";
const K10 = KUBECONFIG_FAULTS.K10;

testRule("kubeconfig/plugin-cluster-name", "K10", {
  certain: {
    "STS accepts the signature for one name only": { ...K10, ...cluster({ endpoint: OTHER_ENDPOINT }) },
    "sees another cluster answer than the one that tokens are signed for": unauthorized(
      edited([ENDPOINT, OTHER_ENDPOINT]),
    ),
    "knows another cluster by its CA, without the list of clusters": {
      on: unauthorized({
        ...edited([ENDPOINT, "https://10.0.0.7"], [CA_DATA, OTHER_CA]),
        clusters: { failed: "AccessDeniedException: not authorized to perform: eks:ListClusters" },
      }),
      evidence: [
        "The exec block's arguments specify cluster lab.",
        "clusters[].cluster.server of context lab is https://10.0.0.7.",
        `DescribeCluster reports endpoint ${ENDPOINT} for lab, but this server answers with a certificate from a different CA.`,
        "STS accepts the token's signature for lab.",
      ],
    },
    "recreates a Vouch context with setup eks": {
      on: unauthorized({
        ...vouchExec((text) => text.replace("--cluster-name, lab", "--cluster-name, prod")),
        tokenNames: [{ name: "prod", accepted: true }],
      }),
      commands: [
        "kubectl config set-credentials lab --exec-arg=credential --exec-arg=eks --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=--role --exec-arg=arn:aws:iam::111122223333:role/Dev --exec-arg=--server --exec-arg=https://us.vouch.sh",
        "kubectl vouch setup eks --cluster lab --region eu-west-1 --role arn:aws:iam::111122223333:role/Dev --server https://us.vouch.sh",
      ],
    },
  },
  likely: {
    "by the ARN that the entry is called by": without(
      unauthorized({ ...edited(...called(`${ARN}/lab`), PROD), tokenNames: [] }),
      "cluster",
    ),
  },
  passed: {
    "another region in the arguments": unauthorized(edited(["--region, eu-west-1", "--region, us-east-1"])),
    "a server that is a tunnel": unauthorized(edited([ENDPOINT, "https://localhost:8443"])),
  },
  notApplicable: {
    "a name that can be none": unauthorized(edited(["--cluster-name, lab", '--cluster-name, "a b"'])),
    "a context that works": healthyBundle(edited(PROD)),
  },
});
