import assert from "node:assert/strict";
import { readSymptom } from "../../../../doctor/derive/failure/read-symptom.ts";
import type { Symptom } from "../../../../doctor/derive/failure/symptom.ts";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { ACCOUNT, healthyBundle, USERNAME, without } from "../../support/bundle.ts";

const asked = { command: "kubectl get pods -n web", exitCode: 1 };
const attempt = { verb: "list", group: "", resource: "pods", namespace: "web" };

const WORKED: Symptom = { kind: "none", isProbed: false };
const PROBED: Symptom = { kind: "none", isProbed: true };

describe("readSymptom", () => {
  const cases: Readonly<Record<string, readonly [Partial<DoctorEvidence>, Symptom | undefined]>> = {
    "is none when the call worked": [{}, WORKED],
    "is none when the call worked, whatever it printed": [
      { question: { ...asked, exitCode: 0, stderr: "Warning: dial tcp: i/o timeout" } },
      WORKED,
    ],
    "is what the words say": [
      { question: { ...asked, stderr: "error: You must be logged in to the server (Unauthorized)\n" } },
      { kind: "unauthorized" },
    ],
    "is what the API server answers, when nobody pasted anything": [
      { question: {}, apiServer: { status: 401 } },
      { kind: "unauthorized" },
    ],
    "is a failure now, although the call worked": [{ apiServer: { status: 401 } }, { kind: "unauthorized" }],
    "is the words, although the API server answers now": [
      { question: { ...asked, stderr: "Unable to connect to the server: EOF" } },
      { kind: "unreachable", text: "Unable to connect to the server: EOF" },
    ],
    "is the failure now, when the words are strange": [
      { question: { ...asked, stderr: "boom" }, apiServer: { status: 401 } },
      { kind: "unauthorized" },
    ],
    "is the strange words, when all works now": [
      { question: { ...asked, stderr: "boom" } },
      { kind: "other", text: "boom" },
    ],
    "is no answer, when a proxy refuses": [
      { question: {}, apiServer: { status: 403, isKubernetes: false, message: "<html>" } },
      { kind: "unreachable", text: "HTTP 403: <html>" },
    ],
    "is unknown, while the API server did not say who the caller is": [
      { question: {}, selfSubjectReview: { failed: "localhost:443 answered with more than 256 KiB." } },
      undefined,
    ],
    "is unknown, when it names nobody": [
      { question: {}, selfSubjectReview: { status: { userInfo: {} } } },
      undefined,
    ],
    "is unknown, when it allows the attempt, and did not say who the caller is": [
      { question: { attempt }, selfSubjectReview: { failed: "no answer within 12 s" } },
      undefined,
    ],
    "is something else, when it takes the caller for nobody": [
      { question: {}, selfSubjectReview: { status: { userInfo: { username: "system:anonymous" } } } },
      { kind: "other", text: "the API server identifies the caller as system:anonymous" },
    ],
    "is none at an API server too old to say who the caller is, which answers access reviews": [
      {
        question: {},
        selfSubjectReview: { failed: "HTTP 404: the server could not find the requested resource" },
      },
      PROBED,
    ],
    "is unknown there, when it answers none": [
      { question: {}, selfSubjectReview: { failed: "HTTP 404" }, accessReviews: [] },
      undefined,
    ],
    "is something else, when what answers is not Kubernetes": [
      { question: {}, apiServer: { status: 200, isKubernetes: false } },
      { kind: "other", text: "HTTP 200" },
    ],
    "is none, when the review of the attempt allows it": [{ question: { attempt } }, PROBED],
    "is forbidden, when the review of the attempt does not": [
      {
        question: { attempt },
        accessReviews: [{ spec: { resourceAttributes: { ...attempt } }, status: { allowed: false } }],
      },
      {
        kind: "forbidden",
        user: USERNAME,
        attempt,
        escalation: false,
        text: "kubectl auth can-i answers no",
      },
    ],
    "is unknown, when nobody reviewed the attempt": [{ question: { attempt }, accessReviews: [] }, undefined],
    "is unknown, when the call failed without a word and all works now": [{ question: asked }, undefined],
    "is unknown for somebody else, whatever the caller gets": [
      { question: { principal: `arn:aws:iam::${ACCOUNT}:role/Other` } },
      undefined,
    ],
    "is the caller's own for the caller's own role": [
      { question: { principal: `arn:aws:iam::${ACCOUNT}:role/team/Dev` } },
      PROBED,
    ],
    "is the network's failure, when nobody reached the API server": [
      {
        question: {},
        apiServer: { failed: "not asked" },
        network: { host: "x.eks.amazonaws.com", port: 443, dnsError: "no such host" },
      },
      { kind: "unreachable", text: "lookup x.eks.amazonaws.com: no such host" },
    ],
    "is not the network's failure behind a proxy": [
      {
        question: {},
        apiServer: { failed: "not asked" },
        network: {
          host: "x",
          port: 443,
          tcp: "timeout",
          proxy: { url: "http://proxy:3128", origin: "HTTPS_PROXY" },
        },
      },
      undefined,
    ],
  };
  for (const [name, [changes, symptom]] of Object.entries(cases)) {
    it(name, () => {
      assert.deepEqual(readSymptom(healthyBundle(changes)), symptom);
    });
  }

  it("is the plugin's failure, when the call went no further", () => {
    const bundle = without(
      healthyBundle({ question: {}, pluginRun: { exitCode: 255, stderr: "Unable to locate credentials\n" } }),
      "apiServer",
    );
    assert.deepEqual(readSymptom(bundle), {
      kind: "plugin-failed",
      text: "Unable to locate credentials",
      exitCode: 255,
    });
  });

  it("is unknown when nobody looked", () => {
    assert.equal(readSymptom({ apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence" }), undefined);
  });
});

describe("an answer that is no matter of access", () => {
  const ANSWERS: Readonly<Record<string, string>> = {
    "kubectl get pod web-1": 'Error from server (NotFound): pods "web-1" not found\n',
    "kubectl get podz": `error: the server doesn't have a resource type "podz"\n`,
    "kubectl apply -f quota.yaml":
      'Error from server (Forbidden): error when creating "pod.yaml": pods "web" is forbidden: exceeded quota: team, requested: pods=1, used: pods=4, limited: pods=4\n',
    "kubectl create ns web": 'Error from server (AlreadyExists): namespaces "web" already exists\n',
  };
  for (const [command, stderr] of Object.entries(ANSWERS)) {
    it(`is what ${command} gets from a cluster that lets it in`, () => {
      const bundle = healthyBundle({ question: { command, stderr, exitCode: 1 } });
      assert.deepEqual(readSymptom(bundle), { kind: "none", isProbed: false, answer: stderr.trim() });
    });
  }

  it("is none beside a refusal, and none where nobody says what is not found", () => {
    const refusals = {
      forbidden: `Error from server (NotFound): pods "a" not found\nError from server (Forbidden): pods is forbidden: User "ada" cannot list resource "pods" in API group "" in the namespace "web"`,
      other: "Error from server (NotFound): the server could not find the requested resource",
    };
    for (const [kind, stderr] of Object.entries(refusals)) {
      const bundle = healthyBundle({ question: { stderr, exitCode: 1 }, apiServer: { failed: "not asked" } });
      assert.equal(readSymptom(bundle)?.kind, kind, stderr);
    }
  });
});
