import assert from "node:assert/strict";
import { readPasted } from "../../../doctor/paste/read-paste.ts";

const UNAUTHORIZED = "error: You must be logged in to the server (Unauthorized)";
const LAB = "arn:aws:eks:eu-west-1:111122223333:cluster/lab";
const CONTEXTS = `CURRENT   NAME${" ".repeat(43)}CLUSTER   AUTHINFO   NAMESPACE
          prod${" ".repeat(43)}prod      prod
*         ${LAB} lab       lab
`;
const BINDINGS = `NAMESPACE     NAME   ROLE                AGE   USERS   GROUPS      SERVICEACCOUNTS
kube-system   own    Role/own            5d    own
web           devs   ClusterRole/edit    5d            devs, ops   kube-system/x, y
`;

const read = (text: string) => readPasted([{ text }], 0);

describe("a table of kubectl", () => {
  it("shows who is bound to what, and is never all of RBAC", () => {
    const { evidence } = read(`$ kubectl get rolebinding -A -o wide\n${BINDINGS}`);
    assert.deepEqual(evidence.excerpts, ["rbac"]);
    assert.deepEqual(evidence.rbac, {
      items: [
        {
          kind: "RoleBinding",
          metadata: { name: "own", namespace: "kube-system" },
          roleRef: { kind: "Role", name: "own" },
          subjects: [{ kind: "User", name: "own" }],
        },
        {
          kind: "RoleBinding",
          metadata: { name: "devs", namespace: "web" },
          roleRef: { kind: "ClusterRole", name: "edit" },
          subjects: [
            { kind: "Group", name: "devs" },
            { kind: "Group", name: "ops" },
            { kind: "ServiceAccount", name: "x", namespace: "kube-system" },
            { kind: "ServiceAccount", name: "y" },
          ],
        },
      ],
    });
  });

  it("shows the bindings of a cluster, and those of the namespace that the command names", () => {
    const wide = BINDINGS.replaceAll(/^.{14}/gm, "");
    const namespaceIn = (command: string) => {
      const { rbac } = read(`$ ${command}\n${wide}`).evidence;
      return (
        rbac !== undefined &&
        "items" in rbac &&
        rbac.items.map(({ kind, metadata }) => [kind, metadata.namespace])
      );
    };
    assert.deepEqual(namespaceIn("kubectl get clusterrolebinding -o wide"), [
      ["ClusterRoleBinding", undefined],
      ["ClusterRoleBinding", undefined],
    ]);
    for (const flag of ["-n web", "-nweb", "--namespace web", "--namespace=web"])
      assert.deepEqual(namespaceIn(`kubectl ${flag} get rolebindings -o wide`), [
        ["RoleBinding", "web"],
        ["RoleBinding", "web"],
      ]);
  });

  // As kubectl prints them: pkg/printers/tableprinter.go, `PrintObj`, with the kind where several are asked for.
  it("shows bindings of both kinds, each as what it is", () => {
    const table = (...rows: readonly string[][]) =>
      [["NAMESPACE", "NAME", "ROLE", "AGE", "USERS", "GROUPS", "SERVICEACCOUNTS"], ...rows]
        .map(
          (cells) =>
            `${cells
              .map((cell) => cell.padEnd(52))
              .join("")
              .trimEnd()}\n`,
        )
        .join("");
    const text = [
      table(["web", "rolebinding.rbac.authorization.k8s.io/devs", "ClusterRole/edit", "5d", "", "devs"]),
      table(["", "clusterrolebinding.rbac.authorization.k8s.io/all", "ClusterRole/view", "5d", "", "devs"]),
    ].join("\n");
    const { rbac } = read(`$ kubectl get rolebindings,clusterrolebindings -A -o wide\n${text}`).evidence;
    assert.deepEqual(
      rbac &&
        "items" in rbac &&
        rbac.items.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name]),
      [
        ["RoleBinding", "web", "devs"],
        ["ClusterRoleBinding", undefined, "all"],
      ],
    );
  });

  it("is not read where a copy has moved its columns, or where it lacks what is needed", () => {
    const narrow = "NAMESPACE   NAME   ROLE                AGE\nweb         devs   ClusterRole/edit    5d\n";
    const list =
      "Resources   Non-Resource URLs   Resource Names   Verbs\npods        []                  []               [get]\n";
    for (const [command, table, problem] of [
      ["kubectl get ns", "NAME STATUS AGE\ndefault Active 5d\n", /columns are not aligned/],
      ["kubectl get ns", "NAME   STATUS   AGE\ndefault   Active   5d\n", /columns are not aligned/],
      ["kubectl get rolebinding -A", narrow, /without subjects/],
      ["kubectl auth can-i --list", list, /omits what access policies grant/],
    ] as const) {
      const { evidence, taken } = read(`$ ${command}\n${table}`);
      assert.deepEqual([evidence.namespaces, evidence.rbac], [undefined, undefined]);
      assert.match(taken[0]?.problem ?? "", problem);
    }
  });

  it("shows all namespaces, or only some", () => {
    const table = "NAME      STATUS   AGE\ndefault   Active   5d\n";
    for (const [command, excerpts] of [
      ["kubectl get ns", undefined],
      ["kubectl get ns -l team=web", ["namespaces"]],
      ["kubectl get ns default", ["namespaces"]],
    ] as const) {
      const { evidence } = read(`$ ${command}\n${table}${UNAUTHORIZED}\n`);
      assert.deepEqual(
        [evidence.namespaces, evidence.excerpts],
        [{ items: [{ kind: "Namespace", metadata: { name: "default" } }] }, excerpts],
      );
    }
  });

  it("tells the current context, unless the failed call or a kubeconfig tells its own", () => {
    const contextIn = (text: string) => read(text).evidence.question?.context;
    const failed = `$ kubectl get pods\n${UNAUTHORIZED}\n`;
    const shown = `$ kubectl config get-contexts\n${CONTEXTS}`;
    assert.equal(contextIn(failed + shown), LAB);
    assert.equal(contextIn(shown + failed), LAB);
    assert.equal(contextIn(`$ kubectl config current-context\n${LAB}\n${failed}`), LAB);
    assert.equal(contextIn(shown + failed.replace("get", "--context prod get")), undefined);
    assert.equal(
      contextIn(`${shown}$ cat ~/.kube/config\nkind: Config\ncurrent-context: x\n${failed}`),
      undefined,
    );
  });
});
