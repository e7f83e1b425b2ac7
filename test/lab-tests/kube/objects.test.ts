import assert from "node:assert/strict";
import {
  type Answer,
  type CallOptions,
  entryFor,
  type KubeLab,
  policyOf,
  startKubeLab,
} from "./support/kube-lab.ts";

const TABLE =
  "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
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
  const names = ({ body }: Answer) =>
    (body as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);

  it("are created, read, changed and deleted", async () => {
    const created = await create(MAPS, map("a", { k: "1" }));
    const changed = await call(`${MAPS}/a`, {
      method: "PATCH",
      headers: { "Content-Type": "application/merge-patch+json" },
      body: { data: { k: "2" } },
    });
    const deleted = await call(`${MAPS}/a`, { method: "DELETE" });
    const gone = await call(`${MAPS}/a`);
    const { uid, resourceVersion } = (created.body as { metadata: Record<string, string> }).metadata;
    assert.deepEqual([created.status, created.contentType], [201, "application/json"]);
    assert.deepEqual(created.body, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "a",
        namespace: "x",
        uid,
        resourceVersion,
        creationTimestamp: "2026-11-25T10:50:18Z",
      },
      data: { k: "1" },
    });
    assert.match(`${uid} ${resourceVersion}`, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} \d+$/);
    assert.deepEqual([changed.status, (changed.body as { data: unknown }).data], [200, { k: "2" }]);
    assert.deepEqual(
      [deleted.status, deleted.body],
      [
        200,
        {
          kind: "Status",
          apiVersion: "v1",
          metadata: {},
          status: "Success",
          details: { name: "a", kind: "configmaps", uid },
        },
      ],
    );
    assert.deepEqual(gone.body, {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: 'configmaps "a" not found',
      reason: "NotFound",
      details: { name: "a", kind: "configmaps" },
      code: 404,
    });
  });

  it("are listed in a namespace, everywhere, and by label", async () => {
    assert.deepEqual(
      [
        names(await call("/api/v1/namespaces/x/pods")),
        names(await call("/api/v1/pods")),
        names(await call("/api/v1/pods?labelSelector=app%3Dweb")),
        names(await call("/api/v1/namespaces/nowhere/pods")),
      ],
      [["web"], ["db", "web"], ["web"], []],
    );
  });

  it("come as a table when asked so", async () => {
    const { body } = await call("/api/v1/namespaces", { headers: { Accept: TABLE } });
    const { kind, rows } = body as { kind: string; rows: { cells: unknown[] }[] };
    assert.deepEqual(
      [kind, rows.map(({ cells }) => cells)],
      ["Table", ["default", ...OTHERS, "kube-system", "x"].map((name) => [name, "Active", "60m"])],
    );
  });

  it("come as metadata alone when asked so", async () => {
    const type = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    const { body } = await call(AWS_AUTH, { headers: { Accept: type } });
    const { kind, metadata, data } = body as { kind: string; metadata: { name: string }; data?: unknown };
    assert.deepEqual([kind, metadata.name, data], ["PartialObjectMetadata", "aws-auth", undefined]);
  });

  it("come as nothing but JSON", async () => {
    const answer = await call("/api/v1/pods", { headers: { Accept: "application/vnd.kubernetes.protobuf" } });
    assert.equal(answer.status, 406);
  });

  const refused: Readonly<Record<string, readonly [path: string, body: unknown, answer: [number, string]]>> =
    {
      "in a namespace that is not there": [
        "/api/v1/namespaces/nowhere/configmaps",
        map("a", {}),
        [404, 'namespaces "nowhere" not found'],
      ],
      twice: [
        "/api/v1/namespaces/kube-system/configmaps",
        map("aws-auth", {}),
        [409, 'configmaps "aws-auth" already exists'],
      ],
      "for another namespace": [
        MAPS,
        map("a", {}, { namespace: "y" }),
        [400, "the namespace of the provided object does not match the namespace sent on the request"],
      ],
      "of another kind": [
        MAPS,
        { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" } },
        [400, "the API version in the data (apps/v1) does not match the expected API version (v1)"],
      ],
      "with a list where aws-auth needs text": [
        MAPS,
        map("a", { mapRoles: [] }),
        [
          400,
          'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal array into Go struct field ConfigMap.data of type string',
        ],
      ],
    };
  for (const [name, [path, body, answer]] of Object.entries(refused)) {
    it(`are not created ${name}`, async () => assert.deepEqual(message(await create(path, body)), answer));
  }

  it("are not created from a type nobody reads", async () => {
    const options = { method: "POST", body: "a", headers: { "Content-Type": "application/cbor" } };
    assert.equal((await call(MAPS, options)).status, 415);
  });

  it("get a name when they ask for one", async () => {
    const { body } = await create(MAPS, { metadata: { generateName: "a-" } });
    assert.match((body as { metadata: { name: string } }).metadata.name, /^a-[0-9a-f]{5}$/);
  });

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

  it("are made by server-side apply, and changed by it after", async () => {
    const apply = (text: string) =>
      call(`${MAPS}/a?fieldManager=test`, {
        method: "PATCH",
        headers: { "Content-Type": "application/apply-patch+yaml" },
        body: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {${text}}\n`,
      });
    const answers = [await apply("k: one"), await apply("l: two")];
    assert.deepEqual(
      answers.map(({ status, body }) => [status, (body as { data: unknown }).data]),
      [
        [201, { k: "one" }],
        [200, { k: "one", l: "two" }],
      ],
    );
  });

  it("are deleted all together, by label", async () => {
    await call("/api/v1/namespaces/x/pods?labelSelector=app%3Dother", { method: "DELETE" });
    const before = names(await call("/api/v1/namespaces/x/pods"));
    await call("/api/v1/namespaces/x/pods", { method: "DELETE" });
    assert.deepEqual([before, names(await call("/api/v1/pods"))], [["web"], ["db"]]);
  });

  it("that are pods can be evicted, and not entered", async () => {
    const entered = await create("/api/v1/namespaces/x/pods/web/exec?command=ls", {});
    const evicted = await create("/api/v1/namespaces/x/pods/web/eviction", {});
    const again = await create("/api/v1/namespaces/x/pods/web/exec?command=ls", {});
    assert.deepEqual(
      [message(entered), evicted.status, message(again)],
      [[500, "error dialing backend: the lab has no kubelet"], 200, [404, 'pods "web" not found']],
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

  it("that are Kubernetes' own roles can be read, with what is aggregated into them", async () => {
    const { rules } = (await call(`${RBAC}/clusterroles/view`)).body as { rules: { resources: string[] }[] };
    assert.deepEqual(
      [
        rules.some(({ resources }) => resources.includes("pods")),
        rules.some(({ resources }) => resources.includes("secrets")),
      ],
      [true, false],
    );
  });

  it("can be scaled, and pods have a log", async () => {
    const deployments = "/apis/apps/v1/namespaces/x/deployments";
    await create(deployments, { metadata: { name: "d" }, spec: { replicas: 1 } });
    await call(`${deployments}/d/scale`, {
      method: "PATCH",
      headers: { "Content-Type": "application/merge-patch+json" },
      body: { spec: { replicas: 3 } },
    });
    const { spec } = (await call(`${deployments}/d`)).body as { spec: unknown };
    assert.deepEqual(
      [spec, (await call("/api/v1/namespaces/x/pods/web/log")).body],
      [{ replicas: 3 }, "hello from x/web\n"],
    );
  });

  it("of a kind nobody knows are not found", async () => {
    const unknown = ["/api/v1/widgets", "/apis/example.com/v1/widgets", "/api/v1/namespaces/x/pods/web/soul"];
    const answers = await Promise.all(unknown.map((path) => call(path)));
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body]),
      unknown.map(() => [404, "404 page not found\n"]),
    );
  });

  it("are watched in silence until the time is up", async () => {
    const answer = await call("/api/v1/pods?watch=true&timeoutSeconds=0.02");
    assert.deepEqual([answer.status, answer.body], [200, ""]);
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
