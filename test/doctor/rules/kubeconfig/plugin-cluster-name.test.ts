import assert from "node:assert/strict";
import { pluginClusterName } from "../../../../doctor/rules/kubeconfig/plugin-cluster-name.ts";
import { ENDPOINT, healthyBundle, without } from "../../support/bundle.ts";
import {
  confidences,
  findingsOf,
  pluginFailed,
  unauthorized,
  verdicts,
} from "../../support/credential-case.ts";
import { edited, KUBECONFIG_FAULTS, OTHER_ENDPOINT, vouchExec } from "../../support/kubeconfig-faults.ts";
import { cluster } from "../../support/network-faults.ts";

const PROD = ["--cluster-name, lab", "--cluster-name, prod"] as const;
/** The cluster entry under another name. */
function called(name: string): readonly (readonly [string, string])[] {
  return [
    ["- name: lab\n  cluster:", `- name: ${name}\n  cluster:`],
    ["    cluster: lab", `    cluster: ${name}`],
  ];
}

const ARN = "arn:aws:eks:eu-west-1:111122223333:cluster";
const K10 = KUBECONFIG_FAULTS["K10"] ?? healthyBundle();

describe("plugin-cluster-name", () => {
  it("is certain when EKS says which cluster has the server as its endpoint", () => {
    assert.deepEqual(verdicts(pluginClusterName, K10), [
      {
        cause: "K10",
        stage: "kubeconfig",
        severity: "error",
        confidence: "certain",
        commands: [
          "kubectl config set-credentials lab --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--output --exec-arg=json --exec-arg=--cluster-name --exec-arg=lab",
          "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
        ],
      },
    ]);
  });

  it("is certain when STS accepts the signature for one name only, and likely when nobody described the cluster", () => {
    const described = { ...K10, ...cluster({ endpoint: OTHER_ENDPOINT }) };
    assert.deepEqual(confidences(pluginClusterName, described), ["K10 certain"]);
    assert.deepEqual(confidences(pluginClusterName, without(K10, "cluster")), ["K10 likely"]);
  });

  it("is likely by the ARN that the entry is called by", () => {
    const bundle = unauthorized({ ...edited(...called(`${ARN}/lab`), PROD), tokenNames: [] });
    assert.deepEqual(confidences(pluginClusterName, without(bundle, "cluster")), ["K10 likely"]);
  });

  it("sees another cluster answer than the one that tokens are signed for", () => {
    const bundle = unauthorized(edited([ENDPOINT, OTHER_ENDPOINT]));
    assert.deepEqual(confidences(pluginClusterName, bundle), ["K10 certain"]);
  });

  it("minds the case of the name", () => {
    const bundle = unauthorized(edited(["--cluster-name, lab", "--cluster-name, Lab"]));
    assert.deepEqual(confidences(pluginClusterName, bundle), ["K10 certain"]);
  });

  it("recreates a Vouch context with setup eks", () => {
    const bundle = unauthorized(
      vouchExec((text) => text.replace("--cluster-name, lab", "--cluster-name, prod")),
    );
    assert.deepEqual(
      verdicts(pluginClusterName, bundle)?.[0]?.commands.at(-1),
      [
        "kubectl vouch setup eks --cluster lab --region eu-west-1 --role arn:aws:iam::111122223333:role/Dev --server https://us.vouch.sh",
      ].join(),
    );
  });

  const silent = {
    "entries that were renamed by hand": unauthorized(edited(...called(`${ARN}/old`))),
    "another region in the arguments": unauthorized(edited(["--region, eu-west-1", "--region, us-east-1"])),
    "a name that can be none": unauthorized(edited(["--cluster-name, lab", '--cluster-name, "a b"'])),
    "a server that is a tunnel": unauthorized(edited([ENDPOINT, "https://localhost:8443"])),
    "an endpoint that nobody answers at": healthyBundle({
      question: { exitCode: 1, stderr: "Unable to connect to the server: dial tcp: lookup x: no such host" },
      ...edited([ENDPOINT, OTHER_ENDPOINT]),
    }),
    "a plugin that fails": pluginFailed("Unable to locate credentials", { changes: edited(PROD) }),
    "a context that works": healthyBundle(edited(PROD)),
  };
  for (const [name, bundle] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(findingsOf(pluginClusterName, bundle), []);
    });
  }
});
