import assert from "node:assert/strict";
import type { EksEntry } from "../../../plugin/setup/eks-entry.ts";
import { type EksSetup, setUpEks } from "../../../plugin/setup/eks-setup.ts";
import { kubeconfigDraft } from "../../../plugin/setup/kubeconfig-draft.ts";
import { mergeKubeconfigs } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { ambientEntry, labEntry } from "./lab-entry.ts";

/** Sets up clusters one after the other, each as a command of its own, in files of these texts. */
function setUp(texts: Record<string, string | undefined>, entries: readonly EksEntry[], template?: string) {
  const files = { ...texts };
  const results: EksSetup[] = [];
  for (const entry of entries) {
    const draft = kubeconfigDraft(mergeKubeconfigs(Object.keys(files), (file) => files[file]));
    results.push(setUpEks(draft, entry, { template }));
    for (const { path, after } of draft.changes()) files[path] = after;
  }
  return { files, results, view: mergeKubeconfigs(Object.keys(files), (file) => files[file]) };
}

const one = (text: string | undefined, entries: readonly EksEntry[], template?: string) => {
  const { files, ...rest } = setUp({ "/kc": text }, entries, template);
  return { text: files["/kc"] ?? "", ...rest };
};

const KEY = "vouch-eks/111122223333/us-east-1/lab";
const ARN = "arn:aws:eks:us-east-1:111122223333:cluster/lab";

describe("setUpEks", () => {
  it("puts today's hint in the place of its own former one, and leaves a person's", () => {
    const { text } = one(undefined, [labEntry()]);
    const withHint = (hint: string) =>
      text.replace(/installHint: "[^"]+"/, `installHint: ${JSON.stringify(hint)}`);
    const former =
      "kubectl-vouch is not installed, or not on the PATH. Install it with: kubectl krew install vouch";
    assert.equal(one(withHint(former), [labEntry()]).text, text);
    assert.equal(one(withHint("ask Grace"), [labEntry()]).text, withHint("ask Grace"));
  });

  it("writes a new kubeconfig", () => {
    const { text, results } = one(undefined, [
      labEntry({ via: ["arn:aws:iam::999988887777:role/Hub"], namespace: "payments" }),
    ]);
    assert.equal(
      text,
      `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==
    extensions:
    - extension:
        cluster: ${ARN}
        tool: kubectl-vouch
        version: "0.1.0"
      name: vouch.kubectl/owner
    server: https://ABCDEF0123456789.gr7.us-east-1.eks.amazonaws.com
  name: ${KEY}
contexts:
- context:
    cluster: ${KEY}
    extensions:
    - extension:
        cluster: ${ARN}
        tool: kubectl-vouch
        version: "0.1.0"
      name: vouch.kubectl/owner
    namespace: payments
    user: ${KEY}/VouchDeveloper
  name: lab-vouch
users:
- name: ${KEY}/VouchDeveloper
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      args:
      - credential
      - eks
      - --cluster-name
      - lab
      - --region
      - us-east-1
      - --role
      - arn:aws:iam::111122223333:role/VouchDeveloper
      - --via
      - arn:aws:iam::999988887777:role/Hub
      - --server
      - https://us.vouch.sh
      command: kubectl-vouch
      installHint: "kubectl-vouch is not on the PATH of this program. Install it: kubectl krew install vouch. For an IDE, write its full path: kubectl vouch setup eks --cluster NAME --absolute"
      interactiveMode: Never
      provideClusterInfo: true
`,
    );
    assert.deepEqual(results, [
      {
        clusterArn: ARN,
        source: labEntry({ via: ["arn:aws:iam::999988887777:role/Hub"] }).source,
        safeguards: { agentRole: undefined, isProtected: false },
        context: "lab-vouch",
        cluster: KEY,
        user: `${KEY}/VouchDeveloper`,
        status: "added",
        insteadOf: undefined,
        tlsServerName: undefined,
        also: [],
      },
    ]);
  });

  it("changes no byte the second time", () => {
    const { text } = one(undefined, [labEntry()]);
    const again = one(text, [labEntry()]);
    assert.equal(again.text, text);
    assert.equal(again.results[0]?.status, "unchanged");
  });

  it("keeps apart clusters of one name, and roles on one cluster", () => {
    const entries = [
      labEntry(),
      labEntry({ region: "eu-west-1", endpoint: "https://eu" }),
      labEntry({ accountId: "999988887777", endpoint: "https://other-account" }),
      labEntry({
        region: "cn-north-1",
        partition: "aws-cn",
        endpoint: "https://cn",
        role: "arn:aws-cn:iam::111122223333:role/VouchDeveloper",
      }),
      labEntry({ role: "arn:aws:iam::111122223333:role/Admin" }),
      labEntry({ role: "arn:aws:iam::444455556666:role/team/Admin" }),
    ];
    const { text, results, view } = one(undefined, entries);
    assert.deepEqual(
      results.map(({ context, insteadOf }) => [context, insteadOf]),
      [
        ["lab-vouch", undefined],
        ["lab-eu-west-1-vouch", "lab-vouch"],
        ["lab-999988887777-vouch", "lab-vouch"],
        ["lab-cn-north-1-vouch", "lab-vouch"],
        ["lab-Admin-vouch", "lab-vouch"],
        ["lab-us-east-1-111122223333-Admin-vouch", "lab-vouch"],
      ],
    );
    for (const [index, { context }] of results.entries()) {
      const { cluster, user } = view.entries.contexts.get(context)?.body ?? {};
      assert.equal(
        view.entries.clusters.get(String(cluster))?.body["server"],
        entries[index]?.endpoint,
        context,
      );
      const exec = view.entries.users.get(String(user))?.body["exec"] as { args: string[] };
      assert.equal(exec.args[exec.args.indexOf("--role") + 1], entries[index]?.source.role, context);
    }
    assert.equal(new Set(results.map(({ user }) => user)).size, 6);
    const again = one(text, entries);
    assert.equal(again.text, text);
    assert.deepEqual(
      again.results.map(({ context }) => context),
      results.map(({ context }) => context),
    );
  });

  it("leaves alone a context of somebody else that has the name", () => {
    const text = "contexts:\n- name: lab-vouch # mine\n  context: {cluster: kind, user: kind}\n";
    const { text: after, results } = one(text, [labEntry()]);
    assert.equal(results[0]?.context, "lab-us-east-1-vouch");
    assert.equal(results[0]?.insteadOf, "lab-vouch");
    assert.ok(after.startsWith(text));
  });

  it("leaves alone the entries aws wrote for the same cluster", () => {
    const text = `clusters:\n- name: ${ARN}\n  cluster: {server: https://x}\nusers:\n- name: ${ARN}\n  user: {exec: {command: aws, args: [eks, get-token, --cluster-name, lab]}}\ncontexts:\n- name: ${ARN}\n  context: {cluster: "${ARN}", user: "${ARN}"}\n`;
    const { view } = one(text, [labEntry()]);
    assert.deepEqual(view.entries.clusters.get(ARN)?.body, { server: "https://x" });
    assert.deepEqual(view.entries.contexts.get(ARN)?.body, { cluster: ARN, user: ARN });
  });

  it("finds its context again when it was renamed, and keeps what was added to its entries", () => {
    const { text } = one(undefined, [labEntry()]);
    const edited = text
      .replace("name: lab-vouch", "name: work # renamed")
      .replace("    server: https://ABC", "    proxy-url: http://proxy:3128 # added\n    server: https://ABC")
      .replace(`    user: ${KEY}/VouchDeveloper`, `    namespace: mine\n    user: ${KEY}/VouchDeveloper`)
      .replace(
        "      interactiveMode",
        "      env:\n      - name: HTTPS_PROXY\n        value: http://p\n      interactiveMode",
      );
    const { text: after, results } = one(edited, [
      labEntry({ endpoint: "https://new.example", interactive: true, command: "/opt/kubectl-vouch" }),
    ]);
    assert.equal(
      after,
      edited
        .replace("https://ABCDEF0123456789.gr7.us-east-1.eks.amazonaws.com", "https://new.example")
        .replace("command: kubectl-vouch", "command: /opt/kubectl-vouch")
        .replace("interactiveMode: Never", "interactiveMode: IfAvailable"),
    );
    assert.deepEqual(
      results.map(({ context, status, insteadOf }) => [context, status, insteadOf]),
      [["work", "updated", undefined]],
    );
  });

  it("finds its context again by the command line, when another program dropped the marks", () => {
    const { text } = one(undefined, [labEntry()]);
    const bare = text
      .replaceAll(/ {4}extensions:\n(?: {4,}.*\n){5}/g, "")
      .replace("name: lab-vouch", "name: work");
    assert.ok(!bare.includes("vouch.kubectl/owner"));
    const { results, view } = one(bare, [labEntry({ endpoint: "https://new.example" })]);
    assert.equal(results[0]?.context, "work");
    assert.deepEqual([...view.entries.contexts.keys()], ["work"]);
    assert.deepEqual([...view.entries.clusters.keys()], [KEY]);
  });

  describe("on a context of others that runs us since, whose server was replaced", () => {
    const { text } = one(undefined, [labEntry()]);
    const exec = text.slice(text.indexOf("\n    exec:"));
    const migrated = `clusters:\n- name: ${ARN}\n  cluster: {server: "https://gone.example"}\ncontexts:\n- name: work\n  context: {cluster: "${ARN}", user: work, namespace: mine}\nusers:\n- name: work\n  user:${exec}`;

    it("mends it under the name that is asked for, beside the cluster entry of others", () => {
      const { results, view } = one(migrated, [labEntry()], "work");
      assert.deepEqual(
        results.map(({ context, status, insteadOf }) => [context, status, insteadOf]),
        [["work", "updated", undefined]],
      );
      const { cluster, user, namespace } = view.entries.contexts.get("work")?.body ?? {};
      assert.deepEqual({ cluster, user, namespace }, { cluster: KEY, user: "work", namespace: "mine" });
      assert.deepEqual(view.entries.clusters.get(ARN)?.body, { server: "https://gone.example" });
    });

    it("leaves it alone where nobody names it, or for another identity", () => {
      const other = ambientEntry();
      for (const [entry, template] of [
        [labEntry(), undefined],
        [other, "work"],
      ] as const) {
        const { results, view } = one(migrated, [entry], template);
        assert.equal(results[0]?.status, "added");
        assert.deepEqual(view.entries.contexts.get("work")?.body, {
          cluster: ARN,
          user: "work",
          namespace: "mine",
        });
      }
    });
  });

  it("gives a second context when one is asked for by name, and says that the other is there", () => {
    const { text } = one(undefined, [labEntry()]);
    const { results, view } = one(text, [labEntry()], "lab@us-east-1");
    assert.deepEqual(
      results.map(({ context, also }) => [context, also]),
      [["lab@us-east-1", ["lab-vouch"]]],
    );
    assert.deepEqual(
      view.entries.contexts.get("lab@us-east-1")?.body,
      view.entries.contexts.get("lab-vouch")?.body,
    );
  });

  it("renames the context where a template has another name for it: its place, comments and other fields stay", () => {
    const { text } = one(undefined, [
      labEntry(),
      labEntry({ clusterName: "web", endpoint: "https://web.example" }),
    ]);
    const own = text
      .replace("- context:\n", "# mine\n- context:\n")
      .replace(/(name: lab-vouch)$/m, "$1 # the lab")
      .replace(/^current-context:.*$/m, "current-context: lab-vouch");
    const { text: after, results } = one(own, [labEntry()], "{cluster}@{region}");
    assert.equal(after, own.replaceAll("lab-vouch", "lab@us-east-1"));
    assert.deepEqual(
      results.map(({ context, renamedFrom, status, also }) => [context, renamedFrom, status, also]),
      [["lab@us-east-1", "lab-vouch", "updated", []]],
    );
    const { results: again, text: same } = one(after, [labEntry()], "{cluster}@{region}");
    assert.deepEqual([again[0]?.status, again[0]?.renamedFrom, same], ["unchanged", undefined, after]);
  });

  it("names the current context anew in the file that says which it is, and leaves a name that is taken", () => {
    const { text } = one(undefined, [labEntry()]);
    const files = {
      "/first": "apiVersion: v1\nkind: Config\ncurrent-context: lab-vouch # here\n",
      "/second": text,
    };
    const { files: after, view } = setUp(files, [labEntry()], "{cluster}-x");
    assert.equal(after["/first"], files["/first"].replace("lab-vouch", "lab-x"));
    assert.equal(view.currentContext?.name, "lab-x");
    const taken = text.replace(/^contexts:$/m, "contexts:\n- context: {cluster: c, user: u}\n  name: lab-x");
    assert.deepEqual(
      one(taken, [labEntry()], "{cluster}-x").results.map(({ renamedFrom, insteadOf }) => [
        renamedFrom,
        insteadOf,
      ]),
      [["lab-vouch", "lab-x"]],
    );
  });

  it("changes each entry in the file that has it, and puts new ones where kubectl would", () => {
    const { files } = setUp({ "/none": undefined, "/first": "kind: Config\n", "/second": "" }, [labEntry()]);
    assert.deepEqual([files["/none"], files["/second"]], [undefined, ""]);
    const moved = { "/first": "kind: Config\n", "/second": files["/first"] };
    const { files: after } = setUp(moved, [labEntry({ endpoint: "https://new.example" })]);
    assert.equal(after["/first"], "kind: Config\n");
    assert.match(after["/second"] ?? "", /https:\/\/new\.example/);
  });

  it("carries AWS_CONFIG_FILE on when it was set", () => {
    const { view, text } = one(undefined, [labEntry({ awsConfigFile: "/etc/aws/config" })]);
    const exec = view.entries.users.get(`${KEY}/VouchDeveloper`)?.body["exec"] as { env: unknown };
    assert.deepEqual(exec.env, [{ name: "AWS_CONFIG_FILE", value: "/etc/aws/config" }]);
    assert.equal(one(text, [labEntry({ awsConfigFile: "/etc/aws/config" })]).text, text);
  });
});
