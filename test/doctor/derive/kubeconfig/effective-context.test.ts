import assert from "node:assert/strict";
import {
  effectiveContext,
  readKubeconfigEvidence,
} from "../../../../doctor/derive/kubeconfig/effective-context.ts";
import type { DoctorEvidence, Kubeconfig } from "../../../../doctor/evidence/evidence.ts";
import { AWS_EXEC, healthyBundle, kubeconfigText } from "../../support/bundle.ts";

const LAB = { path: "/home/ada/.kube/config", text: kubeconfigText(AWS_EXEC) };
const OTHER = {
  path: "C:\\Users\\ada\\other.yaml",
  text: `current-context: other
clusters: [{name: lab, cluster: {server: https://elsewhere}}]
contexts: [{name: other, context: {cluster: lab, user: gone}}]
`,
};

function contextIn(files: Kubeconfig["files"], question: DoctorEvidence["question"] = {}) {
  const bundle = healthyBundle({ kubeconfig: { files }, question });
  return effectiveContext(bundle, readKubeconfigEvidence(bundle));
}

describe("effectiveContext", () => {
  it("is the current context of the first file that sets one, with the first entries of each name", () => {
    const context = contextIn([OTHER, LAB]);
    assert.deepEqual(context, {
      name: "other",
      body: { cluster: "lab", user: "gone" },
      currentFrom: OTHER.path,
      namespace: undefined,
      clusterName: "lab",
      cluster: { body: { server: "https://elsewhere" }, path: OTHER.path },
      userName: "gone",
      user: undefined,
      shadowed: [{ section: "clusters", name: "lab", path: LAB.path, shadowedBy: OTHER.path }],
    });
  });

  it("is the one that the question names", () => {
    const context = contextIn([OTHER, LAB], { context: "lab" });
    assert.deepEqual([context?.name, context?.namespace, context?.currentFrom], ["lab", "web", undefined]);
  });

  for (const command of ["kubectl --context lab get po", "helm ls --kube-context=lab"]) {
    it(`is the one that the command names: ${command}`, () => {
      assert.equal(contextIn([OTHER, LAB], { command })?.name, "lab");
    });
  }

  it("skips a file that is not there", () => {
    assert.equal(contextIn([{ path: "/nope", failed: "ENOENT: no such file" }, LAB])?.name, "lab");
  });

  it("is unknown when a file that counts is unknown, broken or without the context", () => {
    assert.equal(contextIn([{ path: "/a", failed: "not collected" }, LAB]), undefined);
    assert.equal(contextIn([{ path: "/a", text: "clusters: nonsense" }, LAB]), undefined);
    assert.equal(contextIn([LAB], { context: "gone" }), undefined);
    assert.equal(contextIn([]), undefined);
  });
});

describe("readKubeconfigEvidence", () => {
  it("tells files that kubectl refuses", () => {
    const files = [
      { path: "/a", text: "clusters: nonsense" },
      { path: "/c", failed: "EACCES: permission denied, open '/c'" },
      { path: "/d", failed: "ENOENT: no such file or directory, open '/d'" },
    ];
    assert.deepEqual(readKubeconfigEvidence(healthyBundle({ kubeconfig: { files } })), {
      view: undefined,
      broken: [
        { path: "/a", why: "its clusters are not a list", mayBeRead: false },
        { path: "/c", why: "EACCES: permission denied, open '/c'", mayBeRead: false },
      ],
      missing: ["/d"],
    });
  });

  it("reads of several documents the first, and of two equal keys the last, as kubectl does", () => {
    const files = [
      { path: "/b", text: "current-context: a\n---\ncurrent-context: b\n" },
      { path: "/c", text: "clusters: []\nclusters: [{name: c, cluster: {}}]\n" },
    ];
    const reading = readKubeconfigEvidence(healthyBundle({ kubeconfig: { files } }));
    assert.equal(reading?.view?.currentContext?.name, "a");
    assert.deepEqual([...(reading?.view?.entries.clusters.keys() ?? [])], ["c"]);
  });

  it("is unknown when nobody looked", () => {
    assert.equal(readKubeconfigEvidence(healthyBundle({ kubeconfig: { failed: "no HOME" } })), undefined);
  });
});
