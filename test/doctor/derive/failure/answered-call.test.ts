import assert from "node:assert/strict";
import { answeredCall, symptomInWords } from "../../../../doctor/derive/failure/symptom-words.ts";

/** Source: kubernetes/kubernetes, plugin/pkg/admission and pkg/apis/validation; as kube-apiserver 1.36 prints them. */
const ANSWERS: Readonly<Record<string, RegExp>> = {
  'pods "web" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=10, limited: pods=10':
    /^A ResourceQuota/,
  'pods "web" is forbidden: violates PodSecurity "restricted:latest": privileged': /^Pod Security/,
  'admission webhook "x.acme.io" denied the request: no owner': /webhook's owner/,
  'Internal error occurred: failed calling webhook "x.acme.io": failed to call webhook: Post "https://x.web.svc:443/m?timeout=10s": context deadline exceeded':
    /does not respond/,
  "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'labels' with binding 'labels' denied request: no owner":
    /policy's owner/,
  'pods "web" is forbidden: [maximum cpu usage per Container is 1, but limit is 2]': /^A LimitRange/,
  'pods "web" is forbidden: unable to create new content in namespace web because it is being terminated':
    /being deleted/,
  'pods "web" is forbidden: no PriorityClass with name high was found': /PriorityClass does not exist/,
  "the server is currently unable to handle the request (get pods.metrics.k8s.io)": /^An aggregated API/,
  "the server has received too many requests and has asked us to try again later (get pods)": /throttles/,
  "unable to upgrade connection: Unauthorized": /^The node rejects/,
};

describe("an answer that is no access problem", () => {
  for (const [words, owner] of Object.entries(ANSWERS))
    it(`says whose it is: ${words.slice(0, 60)}`, () => {
      const line = `Error from server (Forbidden): ${words}`;
      assert.match(answeredCall(line)?.owner ?? "", owner);
      assert.deepEqual(symptomInWords(`${line}\n`), { kind: "none", isProbed: false, answer: line });
    });

  it("does not count beside a refusal of the call", () => {
    const refused = "error: You must be logged in to the server (Unauthorized)";
    const answer = "Error from server (TooManyRequests): the server has received too many requests";
    assert.equal(symptomInWords(`${refused}\n${answer}`).kind, "unauthorized");
  });
});
