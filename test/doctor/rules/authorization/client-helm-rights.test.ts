import assert from "node:assert/strict";
import { clientHelmRights } from "../../../../doctor/rules/authorization/client-helm-rights.ts";
import {
  AUTHORIZATION_FAULTS,
  associate,
  LIST_PODS,
  policy,
  refused,
  setGroups,
  verdict,
} from "../../support/authorization-faults.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";

const FAULT = AUTHORIZATION_FAULTS.T2;

describe("client-helm-rights", () => {
  it("gives Edit in the release's namespace", () => {
    assert.deepEqual(
      verdicts(clientHelmRights, FAULT),
      verdict("T2", [associate("Edit", "type=namespace,namespaces=web")]),
    );
    assert.deepEqual(findingsOf(clientHelmRights, FAULT)[0]?.explains, ["P3", "P4", "R7"]);
  });

  it("creates the namespace beforehand for --create-namespace", () => {
    const bundle = refused({
      attempt: { verb: "create", group: "", resource: "namespaces" },
      associated: [policy("Edit", "shop")],
      command: "helm install shop ./shop -n shop --create-namespace",
      words: "Error: INSTALLATION FAILED: 1 error occurred:\n\t* %\n\n\n",
    });
    assert.deepEqual(
      verdicts(clientHelmRights, bundle),
      verdict("T2", [
        "kubectl create namespace shop",
        "kubectl apply -f vouch-namespaces-create.yaml",
        setGroups("vouch-namespaces-create"),
      ]),
    );
  });

  it("knows helm by its words", () => {
    const bundle = refused({
      attempt: { ...LIST_PODS, resource: "secrets" },
      associated: [policy("View")],
      command: "make deploy",
      words: "Error: query: failed to query with labels: %\n",
    });
    assert.deepEqual(confidences(clientHelmRights, bundle), ["T2 certain"]);
  });

  it("leaves kubectl's secrets (P4), helm in another namespace (P1) and custom resources (P5) alone", () => {
    assert.deepEqual(confidences(clientHelmRights, AUTHORIZATION_FAULTS.P4), []);
    const helm = { command: "helm list -n ops", associated: [policy("Edit", "web")] };
    for (const attempt of [
      { ...LIST_PODS, resource: "secrets", namespace: "ops" },
      { verb: "create", group: "monitoring.coreos.com", resource: "servicemonitors", namespace: "web" },
    ]) {
      assert.deepEqual(confidences(clientHelmRights, refused({ ...helm, attempt })), []);
    }
  });
});
