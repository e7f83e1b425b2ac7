import assert from "node:assert/strict";
import {
  type Answer,
  type CallOptions,
  entryFor,
  type KubeLab,
  policyOf,
  startKubeLab,
} from "./support/kube-lab.ts";

const MAPS = "/api/v1/namespaces/x/configmaps";
const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const OTHERS = ["kube-node-lease", "kube-public"];
const AWS_AUTH = "/api/v1/namespaces/kube-system/configmaps/aws-auth";

describe("objects", () => {
  let lab: KubeLab;
  let admin: string;

  beforeEach(async () => {
    const entry = entryFor("role/admin", {
      username: "admin",
      policies: [policyOf("AmazonEKSClusterAdminPolicy")],
    });
    lab = await startKubeLab({
      accessEntries: new Map([["admin", entry]]),
      objects: [
        { apiVersion: "v1", kind: "Pod", metadata: { name: "web", namespace: "x", labels: { app: "web" } } },
        { apiVersion: "v1", kind: "Pod", metadata: { name: "db", namespace: "default" } },
      ],
      awsAuth: { mapRoles: "[]" },
    });
    admin = lab.token(lab.person("role/admin"));
  });
  afterEach(() => lab.close());

  const call = (path: string, options?: CallOptions) => lab.call(admin, path, options);
  const create = (path: string, body: unknown) => call(path, { method: "POST", body });
  const map = (name: string, data: unknown, more = {}) => ({ metadata: { name, ...more }, data });
  const message = ({ status, body }: Answer) => [status, (body as { message: string }).message];

  it("are not changed by who has not seen the newest", async () => {
    const { body } = await call(AWS_AUTH);
    const stale = structuredClone(body);
    lab.cluster.awsAuth = { mapRoles: "changed behind the API" };
    const answer = await call(AWS_AUTH, { method: "PUT", body: stale });
    assert.deepEqual(message(answer), [
      409,
      'Operation cannot be fulfilled on configmaps "aws-auth": the object has been modified; please apply your changes to the latest version and try again',
    ]);
  });

  it("stay as they are in a dry run", async () => {
    const made = await create(`${MAPS}?dryRun=All`, map("a", {}));
    await call("/api/v1/namespaces/x?dryRun=All", { method: "DELETE" });
    await call("/api/v1/namespaces/x", { method: "DELETE", body: { dryRun: ["All"] } });
    assert.deepEqual(
      [made.status, (await call(`${MAPS}/a`)).status, lab.cluster.namespaces.has("x")],
      [201, 404, true],
    );
  });

  it("go with their namespace", async () => {
    await call("/api/v1/namespaces/x", { method: "DELETE" });
    assert.deepEqual(
      [[...lab.cluster.namespaces], lab.cluster.objects.map(({ metadata }) => metadata.name)],
      [["default", ...OTHERS, "kube-system"], ["db"]],
    );
  });

  it("that are aws-auth are the model's", async () => {
    await call(AWS_AUTH, {
      method: "PATCH",
      headers: { "Content-Type": "application/merge-patch+json" },
      body: { data: { mapUsers: "- userarn: a\n" }, metadata: { annotations: { note: "kept" } } },
    });
    assert.deepEqual(lab.cluster.awsAuth, { mapRoles: "[]", mapUsers: "- userarn: a\n" });
    const { metadata } = (await call(AWS_AUTH)).body as { metadata: { annotations: unknown } };
    assert.deepEqual(metadata.annotations, { note: "kept" });
    await call(AWS_AUTH, { method: "DELETE" });
    assert.equal(lab.cluster.awsAuth, undefined);
  });

  it("that are roles and bindings are the model's", async () => {
    const rules = [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }];
    await create(`${RBAC}/namespaces/x/roles`, { metadata: { name: "r" }, rules });
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "r" };
    const subjects = [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "bob" }];
    const bound = await create(`${RBAC}/namespaces/x/rolebindings`, {
      metadata: { name: "b" },
      roleRef,
      subjects,
    });
    assert.deepEqual((bound.body as { roleRef: unknown; subjects: unknown }).roleRef, roleRef);
    assert.deepEqual(
      [lab.cluster.roles.at(-1), lab.cluster.bindings.at(-1)],
      [
        { name: "r", namespace: "x", rules },
        {
          name: "b",
          namespace: "x",
          roleRef: { kind: "Role", name: "r" },
          subjects: [{ kind: "User", name: "bob" }],
        },
      ],
    );
  });
});

describe("handing out rights", () => {
  let lab: KubeLab;
  let editor: string;

  /** An `admin` policy in x, and RBAC's view there: may write roles, holds little. */
  before(async () => {
    const entries = [
      entryFor("role/editor", {
        username: "editor",
        kubernetesGroups: ["g"],
        policies: [policyOf("AmazonEKSAdminPolicy", "x")],
      }),
      entryFor("role/admin", { username: "admin", policies: [policyOf("AmazonEKSClusterAdminPolicy")] }),
    ];
    lab = await startKubeLab({
      accessEntries: new Map(entries.map((entry) => [entry.principalArn, entry])),
      bindings: [
        {
          name: "view",
          namespace: "x",
          roleRef: { kind: "ClusterRole", name: "view" },
          subjects: [{ kind: "Group", name: "g" }],
        },
      ],
    });
    editor = lab.token(lab.person("role/editor"));
  });
  after(() => lab.close());

  const role = (name: string, resource: string) => ({
    metadata: { name },
    rules: [{ verbs: ["get"], apiGroups: [""], resources: [resource] }],
  });
  const binding = (name: string, roleName: string) => ({
    metadata: { name },
    roleRef: { kind: "ClusterRole", name: roleName },
    subjects: [{ kind: "User", name: "bob" }],
  });
  const give = async (token: string, resource: string, body: unknown) => {
    const answer = await lab.call(token, `${RBAC}/namespaces/x/${resource}`, { method: "POST", body });
    return [answer.status, (answer.body as { message?: string }).message];
  };
  const WHO =
    'user "editor" (groups=["g" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:';

  it("is allowed for what RBAC gives oneself", async () => {
    assert.deepEqual(await give(editor, "roles", role("pods", "pods")), [201, undefined]);
    assert.deepEqual(await give(editor, "rolebindings", binding("b", "view")), [201, undefined]);
  });

  it("is refused for what only an access policy gives", async () => {
    assert.deepEqual(await give(editor, "roles", role("secrets", "secrets")), [
      403,
      `roles.rbac.authorization.k8s.io "secrets" is forbidden: ${WHO}\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}`,
    ]);
  });

  it("is refused for a role that holds more", async () => {
    assert.deepEqual(await give(editor, "rolebindings", binding("qq", "cluster-admin")), [
      403,
      `rolebindings.rbac.authorization.k8s.io "qq" is forbidden: ${WHO}\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n{NonResourceURLs:["*"], Verbs:["*"]}`,
    ]);
  });

  it("is refused for a role that does not exist", async () => {
    assert.deepEqual(await give(editor, "rolebindings", binding("qq", "none")), [
      404,
      'clusterrole.rbac.authorization.k8s.io "none" not found',
    ]);
  });

  it("is allowed for whoever may escalate and bind", async () => {
    const admin = lab.token(lab.person("role/admin"));
    assert.deepEqual(
      [
        await give(admin, "roles", role("s2", "secrets")),
        await give(admin, "rolebindings", binding("b2", "cluster-admin")),
      ],
      [
        [201, undefined],
        [201, undefined],
      ],
    );
  });

  it("cannot move a binding to another role", async () => {
    const admin = lab.token(lab.person("role/admin"));
    const options = { method: "PUT", body: binding("view", "edit") };
    const { status, body } = await lab.call(admin, `${RBAC}/namespaces/x/rolebindings/view`, options);
    assert.deepEqual(
      [status, (body as { message: string }).message],
      [
        422,
        'RoleBinding.rbac.authorization.k8s.io "view" is invalid: roleRef: Invalid value: {"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"edit"}: cannot change roleRef',
      ],
    );
  });
});
