import assert from "node:assert/strict";
import { pruneContexts } from "../../../plugin/setup/eks-plan.ts";
import { setUpEks } from "../../../plugin/setup/eks-setup.ts";
import { kubeconfigDraft } from "../../../plugin/setup/kubeconfig-draft.ts";
import { mergeKubeconfigs } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { labEntry } from "./lab-entry.ts";

const FOREIGN =
  "contexts:\n- name: kind # mine\n  context: {cluster: kind, user: kind}\nusers:\n- name: kind\n  user: {token: x}\n";
const ARN = "arn:aws:eks:us-east-1:111122223333:cluster/lab";
const HERE = [{ accountId: "111122223333", region: "us-east-1" }];

describe("--prune", () => {
  let text: string;
  const draftOf = () => kubeconfigDraft(mergeKubeconfigs(["/kc"], () => text));

  beforeEach(() => {
    text = FOREIGN;
    for (const entry of [
      labEntry(),
      labEntry({ role: "arn:aws:iam::111122223333:role/Admin" }),
      labEntry({ region: "eu-west-1", endpoint: "https://eu" }),
    ]) {
      const draft = draftOf();
      setUpEks(draft, entry);
      text = draft.changes()[0]?.after ?? text;
    }
  });

  it("removes our contexts of a cluster that is gone, with their cluster and users", () => {
    const draft = draftOf();
    const pruned = pruneContexts(draft, { arns: new Set(), scopes: HERE });
    assert.deepEqual(pruned, [
      { context: "lab-vouch", clusterArn: ARN },
      { context: "lab-Admin-vouch", clusterArn: ARN },
    ]);
    const [change] = draft.changes();
    const view = mergeKubeconfigs(["/kc"], () => change?.after);
    assert.deepEqual([...view.entries.contexts.keys()], ["kind", "lab-eu-west-1-vouch"]);
    assert.deepEqual([...view.entries.clusters.keys()], ["vouch-eks/111122223333/eu-west-1/lab"]);
    assert.deepEqual(
      [...view.entries.users.keys()],
      ["kind", "vouch-eks/111122223333/eu-west-1/lab/VouchDeveloper"],
    );
    assert.ok(change?.after?.startsWith(FOREIGN.split("users:")[0] ?? ""));
  });

  it("leaves clusters that live, and places where nobody looked", () => {
    const draft = draftOf();
    assert.deepEqual(pruneContexts(draft, { arns: new Set([ARN]), scopes: HERE }), []);
    assert.deepEqual(
      pruneContexts(draft, { arns: new Set(), scopes: [{ accountId: "999988887777", region: "us-east-1" }] }),
      [],
    );
    assert.deepEqual(draft.changes(), []);
  });

  it("leaves a cluster and user that another context still uses", () => {
    text = text.replace(
      "contexts:\n",
      `contexts:\n- name: own\n  context: {cluster: vouch-eks/111122223333/us-east-1/lab, user: vouch-eks/111122223333/us-east-1/lab/Admin}\n`,
    );
    const draft = draftOf();
    pruneContexts(draft, { arns: new Set(), scopes: HERE });
    assert.deepEqual(draft.names("contexts"), ["own", "kind", "lab-eu-west-1-vouch"]);
    assert.ok(draft.entry("clusters", "vouch-eks/111122223333/us-east-1/lab"));
    assert.ok(draft.entry("users", "vouch-eks/111122223333/us-east-1/lab/Admin"));
    assert.equal(draft.entry("users", "vouch-eks/111122223333/us-east-1/lab/VouchDeveloper"), undefined);
  });
});
