/** What real kubectl makes of an API server of EKS, the oldest kubectl and the newest: the same of ours and of the real one. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster } from "../../lab/model.ts";
import { entryFor, type KubeLab, policyOf, startKubeLab } from "../../lab-tests/kube/support/kube-lab.ts";
import { type CommandResult, runCommand } from "../../support/run-command.ts";
import { fetchKubectl, KUBECTL_RELEASES, type KubectlRelease } from "../kubectl/fetch.ts";

const MANIFEST = `
apiVersion: v1
kind: ConfigMap
metadata: {name: applied, namespace: x}
data: {k: "1"}
`;
const WIDE = "arn:aws:sts::111122223333:assumed-role/dev/ada-example.com";

interface Case {
  readonly who: string;
  readonly args: string;
  readonly input?: string;
  /** The real control plane has no nodes. */
  readonly needsKubelet?: true;
  readonly status?: number;
  readonly stdout?: string;
  /** Without the `memcache.go` lines. Some texts differ by release. */
  readonly stderr?: string | Readonly<Record<KubectlRelease, string>>;
}

const EXEC_FORBIDDEN = `pods "web" is forbidden: User "${WIDE}" cannot create resource "pods/exec" in API group "" in the namespace "x"\n`;

const DEPUTY = "arn:aws:sts::111122223333:assumed-role/deputy/ada-example.com";

/** Who runs what, and what kubectl makes of the answer. */
const CASES: readonly Case[] = [
  {
    who: "admin",
    args: "get pods -n x",
    stdout: "NAME   READY   STATUS    RESTARTS   AGE\nweb    1/1     Running   2          (age)\n",
  },
  {
    who: "admin",
    args: "get pods -A",
    stdout:
      "NAMESPACE   NAME   READY   STATUS    RESTARTS   AGE\nx           web    1/1     Running   2          (age)\n",
  },
  {
    who: "admin",
    args: "get ns",
    stdout:
      "NAME              STATUS   AGE\ndefault           Active   (age)\nkube-node-lease   Active   (age)\nkube-public       Active   (age)\nkube-system       Active   (age)\nx                 Active   (age)\n",
  },
  { who: "admin", args: "get pods -n nowhere", stderr: "No resources found in nowhere namespace.\n" },
  {
    who: "admin",
    args: "get foos",
    status: 1,
    stderr: `error: the server doesn't have a resource type "foos"\n`,
  },
  { who: "admin", args: "logs web -n x", stdout: "hello from x/web\n", needsKubelet: true },
  { who: "admin", args: "create cm a --from-literal=k=v -n x", stdout: "configmap/a created\n" },
  { who: "admin", args: "get cm a -n x -o jsonpath={.data.k}", stdout: "v" },
  { who: "admin", args: "delete cm a -n x -o name", stdout: "configmap/a\n" },
  {
    who: "admin",
    args: "create cm a -n nowhere",
    status: 1,
    stderr: 'error: failed to create configmap: namespaces "nowhere" not found\n',
  },
  {
    who: "admin",
    args: "apply --validate=false -f -",
    input: MANIFEST,
    stdout: "configmap/applied created\n",
  },
  { who: "admin", args: "apply -f -", input: MANIFEST, stdout: "configmap/applied unchanged\n" },
  {
    who: "admin",
    args: "apply --server-side --force-conflicts -f -",
    input: MANIFEST,
    stdout: "configmap/applied serverside-applied\n",
  },
  { who: "admin", args: "delete -f - -o name", input: MANIFEST, stdout: "configmap/applied\n" },
  {
    who: "admin",
    args: 'patch cm aws-auth -n kube-system --type=merge -p {"data":{"mapUsers":"[]"}}',
    stdout: "configmap/aws-auth patched\n",
  },
  { who: "admin", args: "get cm aws-auth -n kube-system -o jsonpath={.data.mapUsers}", stdout: "[]" },
  {
    who: "admin",
    args: "create role r --verb=get --resource=pods -n x",
    stdout: "role.rbac.authorization.k8s.io/r created\n",
  },
  {
    who: "admin",
    args: "create rolebinding b --role=r --user=bob -n x",
    stdout: "rolebinding.rbac.authorization.k8s.io/b created\n",
  },
  {
    who: "admin",
    args: "delete role/r rolebinding/b -n x -o name",
    stdout: "role.rbac.authorization.k8s.io/r\nrolebinding.rbac.authorization.k8s.io/b\n",
  },
  { who: "admin", args: "auth can-i * *", stdout: "yes\n" },
  { who: "dev", args: "auth whoami -o jsonpath={.status.userInfo.username}", stdout: WIDE },
  { who: "dev", args: "auth can-i list pods -n x", stdout: "yes\n" },
  { who: "dev", args: "auth can-i list pods -A", status: 1, stdout: "no\n" },
  {
    who: "dev",
    args: "auth can-i list nodes",
    status: 1,
    stdout: "no\n",
    stderr: "Warning: resource 'nodes' is not namespace scoped\n\n",
  },
  {
    who: "dev",
    args: "get pods",
    status: 1,
    stderr: `Error from server (Forbidden): pods is forbidden: User "${WIDE}" cannot list resource "pods" in API group "" in the namespace "default"\n`,
  },
  {
    who: "dev",
    args: "get ns",
    status: 1,
    stderr: `Error from server (Forbidden): namespaces is forbidden: User "${WIDE}" cannot list resource "namespaces" in API group "" at the cluster scope\n`,
  },
  { who: "dev", args: "get ns x -o name", stdout: "namespace/x\n" },
  {
    who: "dev",
    args: "exec web -n x -- ls",
    status: 1,
    stderr: {
      v28: `Error from server (Forbidden): ${EXEC_FORBIDDEN}`,
      v36: `error: unable to upgrade connection: ${EXEC_FORBIDDEN}`,
    },
  },
  {
    who: "dev",
    args: "create cm a -n x",
    status: 1,
    stderr: `error: failed to create configmap: configmaps is forbidden: User "${WIDE}" cannot create resource "configmaps" in API group "" in the namespace "x"\n`,
  },
  {
    who: "dev",
    args: "apply --validate=false -f -",
    input: MANIFEST,
    status: 1,
    stderr: `Error from server (Forbidden): error when creating "STDIN": configmaps is forbidden: User "${WIDE}" cannot create resource "configmaps" in API group "" in the namespace "x"\n`,
  },
  {
    who: "dev",
    args: "delete ns x",
    status: 1,
    stderr: `Error from server (Forbidden): namespaces "x" is forbidden: User "${WIDE}" cannot delete resource "namespaces" in API group "" in the namespace "x"\n`,
  },
  {
    who: "dev",
    args: "get --raw /metrics",
    status: 1,
    stderr: `Error from server (Forbidden): forbidden: User "${WIDE}" cannot get path "/metrics"\n`,
  },
  {
    who: "dev",
    args: "get pods --as bob",
    status: 1,
    stderr: `Error from server (Forbidden): pods is forbidden: User "${WIDE}" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "default"\n`,
  },
  {
    who: "deputy",
    args: "get pods -n x --as bob",
    status: 1,
    stderr:
      'Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "x"\n',
  },
  { who: "deputy", args: "get pods -n x -o name --as viewer", stdout: "pod/web\n" },
  { who: "deputy", args: "get pods -n x -o name --as bob --as-group viewers", stdout: "pod/web\n" },
  { who: "deputy", args: "get pods -n x -o name --as system:serviceaccount:x:runner", stdout: "pod/web\n" },
  // Once the plain right has let somebody be another, it is asked first, and words the refusal.
  {
    who: "deputy",
    args: "get pods -n x --as eve",
    status: 1,
    stderr: `Error from server (Forbidden): users "eve" is forbidden: User "${DEPUTY}" cannot impersonate resource "users" in API group "" at the cluster scope\n`,
  },
  {
    who: "deputy",
    args: "get pods -n x --as bob --as-group admins",
    status: 1,
    stderr: `Error from server (Forbidden): groups "admins" is forbidden: User "${DEPUTY}" cannot impersonate resource "groups" in API group "" at the cluster scope\n`,
  },
  {
    who: "deputy",
    args: "get pods -n x --as system:serviceaccount:x:other",
    status: 1,
    stderr: `Error from server (Forbidden): serviceaccounts "other" is forbidden: User "${DEPUTY}" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "x"\n`,
  },
  {
    who: "nobody",
    args: "get pods",
    status: 1,
    stderr:
      "error: You must be logged in to the server (the server has asked for the client to provide credentials)\n",
  },
  {
    who: "nobody",
    args: "auth whoami",
    status: 1,
    stderr: "error: You must be logged in to the server (Unauthorized)\n",
  },
];

/** The real one, or the lab's stand-in, whatever KUBECTL_VOUCH_LAB says. */
export function describeApiServer(kind: "real" | "stand-in"): void {
  for (const release of KUBECTL_RELEASES) describeTo(kind === "real", release);
}

function describeTo(isReal: boolean, release: KubectlRelease): void {
  const subject = isReal ? "the real API server" : "the API server stand-in";
  describe(`${subject}, to kubectl ${release}`, () => {
    let lab: KubeLab;
    let home: string;
    let kubectl: string;

    before(async () => {
      kubectl = await fetchKubectl(release);
      home = await mkdtemp(join(tmpdir(), "kube-peer-"));
      lab = await startPeerLab(isReal);
      for (const who of ["admin", "deputy", "dev", "nobody"]) {
        await mkdir(join(home, who));
        await writeFile(join(home, who, "config"), kubeconfig(lab, who), { mode: 0o600 });
      }
    });
    after(async () => {
      await lab?.close();
      await rm(home, { recursive: true, force: true });
    });

    const cases = CASES.filter(({ needsKubelet }) => !(isReal && needsKubelet));
    for (const { who, args, input = "", status = 0, stdout = "", stderr = "" } of cases) {
      it(`answers ${who}'s ${args}`, async () => {
        const run = await execute(kubectl, args.split(" "), { home: join(home, who), input });
        const said = typeof stderr === "string" ? stderr : stderr[release];
        assert.deepEqual(run, { status, stdout, stderr: said });
      });
    }

    it("lists no rights from access policies, and says so", async () => {
      const args = ["auth", "can-i", "--list", "-n", "x", "--no-headers"];
      const { status, stdout, stderr } = await execute(kubectl, args, { home: join(home, "dev"), input: "" });
      const mentions = { pods: /^pods /m.test(stdout), reviews: stdout.includes("selfsubjectreviews") };
      assert.deepEqual(
        { status, stderr, mentions },
        {
          status: 0,
          stderr:
            "Warning: the list may be incomplete: webhook authorizer does not support user rule resolution\n",
          mentions: { pods: false, reviews: true },
        },
      );
    });
  });
}

/** An administrator, and somebody who may view namespace x. */
function startPeerLab(real: boolean): Promise<KubeLab> {
  const entries = [
    entryFor("role/admin", { policies: [policyOf("AmazonEKSClusterAdminPolicy")] }),
    entryFor("role/deputy"),
    entryFor("role/dev", { policies: [policyOf("AmazonEKSViewPolicy", "x")] }),
  ];
  const status = {
    phase: "Running",
    containerStatuses: [
      {
        name: "c",
        image: "nginx",
        imageID: "nginx@sha256:0",
        ready: true,
        restartCount: 2,
        state: { running: { startedAt: "2026-01-15T08:00:00Z" } },
      },
    ],
  };
  const spec = { containers: [{ name: "c", image: "nginx" }] };
  const changes = {
    accessEntries: new Map(entries.map((entry) => [entry.principalArn, entry])),
    awsAuth: { mapRoles: "[]" },
    ...deputies(),
    objects: [{ apiVersion: "v1", kind: "Pod", metadata: { name: "web", namespace: "x" }, spec, status }],
  };
  return startKubeLab(changes, { real });
}

/** Somebody who may be bob or the viewer, put on the group of viewers, and be a service account; all but bob may view x. */
function deputies(): Pick<Cluster, "roles" | "bindings"> {
  const impersonate = (resources: string, ...resourceNames: string[]) => ({
    verbs: ["impersonate"],
    apiGroups: [""],
    resources: [resources],
    resourceNames,
  });
  const rules = [
    impersonate("users", "bob", "viewer"),
    impersonate("groups", "viewers"),
    impersonate("serviceaccounts", "runner"),
  ];
  const viewers = [
    { kind: "User", name: "viewer" },
    { kind: "Group", name: "viewers" },
    { kind: "ServiceAccount", name: "runner", namespace: "x" },
  ] as const;
  return {
    roles: [{ name: "deputy", rules }],
    bindings: [
      {
        name: "deputies",
        roleRef: { kind: "ClusterRole", name: "deputy" },
        subjects: [{ kind: "User", name: DEPUTY }],
      },
      {
        name: "viewers",
        namespace: "x",
        roleRef: { kind: "ClusterRole", name: "view" },
        subjects: [...viewers],
      },
    ],
  };
}

function kubeconfig(lab: KubeLab, who: string): string {
  const ca = Buffer.from(lab.cluster.certificateAuthority).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "lab",
    clusters: [{ name: "lab", cluster: { server: lab.kube.url, "certificate-authority-data": ca } }],
    users: [{ name: "u", user: { token: lab.token(lab.person(`role/${who}`)) } }],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "u" } }],
  });
}

async function execute(
  kubectl: string,
  args: readonly string[],
  { home, input }: { home: string; input: string },
): Promise<CommandResult> {
  const env = { HOME: home, KUBECONFIG: join(home, "config"), PATH: "" };
  const result = await runCommand([kubectl, ...args], { env, stdin: input });
  return {
    status: result.status,
    stdout: result.stdout.replaceAll(/\d+[smh]$/gm, "(age)"),
    stderr: result.stderr.replaceAll(/^.* memcache\.go:\d+\].*\n/gm, ""),
  };
}
