import assert from "node:assert/strict";
import { entryFor, type KubeLab, policyOf, startKubeLab } from "./support/kube-lab.ts";

const AUTHORIZATION = "/apis/authorization.k8s.io/v1";
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const POLICY_REASON = `EKS Access Policy: allowed by RoleBinding "arn:aws:iam::111122223333:role/dev+${VIEW}" of ClusterRole "${VIEW}" to User "AROADEV00000000000000"`;

describe("a review", () => {
  let lab: KubeLab;
  let dev: string;
  let admin: string;

  before(async () => {
    const entries = [
      entryFor("role/dev", {
        username: "dev",
        kubernetesGroups: ["devs"],
        policies: [policyOf("AmazonEKSViewPolicy", "team-*")],
      }),
      entryFor("role/admin", { username: "admin", policies: [policyOf("AmazonEKSClusterAdminPolicy")] }),
    ];
    lab = await startKubeLab({
      accessEntries: new Map(entries.map((entry) => [entry.principalArn, entry])),
      bindings: [
        {
          name: "devs-view",
          namespace: "x",
          roleRef: { kind: "ClusterRole", name: "view" },
          subjects: [{ kind: "Group", name: "devs" }],
        },
      ],
    });
    dev = lab.token(lab.person("role/dev"));
    admin = lab.token(lab.person("role/admin"));
  });
  after(() => lab.close());

  async function ask(token: string, path: string, kind: string, spec?: unknown) {
    const apiVersion = path.split("/").slice(2, 4).join("/");
    return lab.call(token, path, {
      method: "POST",
      body: { apiVersion, kind, ...(spec !== undefined && { spec }) },
    });
  }

  async function statusOf(token: string, path: string, kind: string, spec?: unknown): Promise<unknown> {
    return ((await ask(token, path, kind, spec)).body as { status: unknown }).status;
  }

  it("of oneself tells who one is, and how the token says so", async () => {
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    assert.deepEqual((await ask(dev, path, "SelfSubjectReview")).body, {
      kind: "SelfSubjectReview",
      apiVersion: "authentication.k8s.io/v1",
      metadata: { creationTimestamp: "2026-11-25T10:50:18Z" },
      status: {
        userInfo: {
          username: "dev",
          uid: "aws-iam-authenticator:111122223333:AROADEV00000000000000",
          groups: ["devs", "system:authenticated"],
          extra: {
            accessKeyId: ["ASIAROLEDEV"],
            arn: ["arn:aws:sts::111122223333:assumed-role/dev/ada@example.com"],
            canonicalArn: ["arn:aws:iam::111122223333:role/dev"],
            principalId: ["AROADEV00000000000000"],
            sessionName: ["ada@example.com"],
            "sigs.k8s.io/aws-iam-authenticator/principalId": ["AROADEV00000000000000"],
          },
        },
      },
    });
  });

  it("of an IAM user has an empty session name", async () => {
    lab.cluster.accessEntries.set("dave", entryFor("user/team/dave"));
    const token = lab.token(lab.person("user/team/dave"));
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    const { userInfo } = (await statusOf(token, path, "SelfSubjectReview")) as {
      userInfo: { username: string; extra: Record<string, string[]> };
    };
    assert.deepEqual(
      [userInfo.username, userInfo.extra["sessionName"]],
      ["arn:aws:iam::111122223333:user/team/dave", [""]],
    );
  });

  const questions: Readonly<Record<string, readonly [resourceAttributes: object, status: object]>> = {
    "what RBAC allows": [
      { verb: "list", resource: "pods", namespace: "x" },
      {
        allowed: true,
        reason: 'RBAC: allowed by RoleBinding "devs-view/x" of ClusterRole "view" to Group "devs"',
      },
    ],
    "what a policy allows": [
      { verb: "list", resource: "pods", namespace: "team-a" },
      { allowed: true, reason: POLICY_REASON },
    ],
    "what nobody allows": [{ verb: "list", resource: "pods", namespace: "y" }, { allowed: false }],
    "all namespaces": [{ verb: "list", resource: "pods" }, { allowed: false }],
    "a subresource": [
      { verb: "get", resource: "pods", subresource: "log", namespace: "team-a" },
      { allowed: true, reason: POLICY_REASON },
    ],
    "a custom resource": [
      { verb: "get", group: "example.com", resource: "widgets", namespace: "team-a" },
      { allowed: false },
    ],
  };
  for (const [name, [resourceAttributes, status]] of Object.entries(questions)) {
    it(`of one's own access answers for ${name}`, async () => {
      const path = `${AUTHORIZATION}/selfsubjectaccessreviews`;
      assert.deepEqual(await statusOf(dev, path, "SelfSubjectAccessReview", { resourceAttributes }), status);
    });
  }

  it("of one's own access answers for a path, and gives the question back", async () => {
    const spec = { nonResourceAttributes: { path: "/metrics", verb: "get" } };
    const path = `${AUTHORIZATION}/selfsubjectaccessreviews`;
    const { status, body } = await ask(dev, path, "SelfSubjectAccessReview", spec);
    assert.deepEqual(
      { status, body },
      {
        status: 201,
        body: {
          kind: "SelfSubjectAccessReview",
          apiVersion: "authorization.k8s.io/v1",
          metadata: {},
          spec,
          status: { allowed: false },
        },
      },
    );
  });

  it("of one's own access needs a question", async () => {
    const { status } = await ask(
      dev,
      `${AUTHORIZATION}/selfsubjectaccessreviews`,
      "SelfSubjectAccessReview",
      {},
    );
    assert.equal(status, 400);
  });

  it("of rules lists those of RBAC, and says that this is not all", async () => {
    const status = (await statusOf(
      dev,
      `${AUTHORIZATION}/selfsubjectrulesreviews`,
      "SelfSubjectRulesReview",
      {
        namespace: "team-a",
      },
    )) as { resourceRules: unknown[] };
    assert.deepEqual(
      { ...status, nonResourceRules: undefined },
      {
        resourceRules: [
          {
            verbs: ["create"],
            apiGroups: ["authorization.k8s.io"],
            resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
          },
          { verbs: ["create"], apiGroups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"] },
        ],
        nonResourceRules: undefined,
        incomplete: true,
        evaluationError: "webhook authorizer does not support user rule resolution",
      },
    );
  });

  it("of somebody else is for those who may", async () => {
    const { status } = await ask(dev, `${AUTHORIZATION}/subjectaccessreviews`, "SubjectAccessReview", {});
    assert.equal(status, 403);
  });

  it("of somebody else by name and groups knows RBAC only", async () => {
    const about = (namespace: string) =>
      statusOf(admin, `${AUTHORIZATION}/subjectaccessreviews`, "SubjectAccessReview", {
        user: "dev",
        groups: ["devs"],
        resourceAttributes: { verb: "list", resource: "pods", namespace },
      });
    assert.deepEqual(
      [await about("x"), await about("team-a")],
      [
        {
          allowed: true,
          reason: 'RBAC: allowed by RoleBinding "devs-view/x" of ClusterRole "view" to Group "devs"',
        },
        { allowed: false },
      ],
    );
  });

  it("of somebody else by their unique id knows policies too", async () => {
    const status = await statusOf(admin, `${AUTHORIZATION}/subjectaccessreviews`, "SubjectAccessReview", {
      user: "dev",
      extra: { "sigs.k8s.io/aws-iam-authenticator/principalId": ["AROADEV00000000000000"] },
      resourceAttributes: { verb: "list", resource: "pods", namespace: "team-a" },
    });
    assert.deepEqual(status, { allowed: true, reason: POLICY_REASON });
  });

  it("of access in one namespace is about that namespace", async () => {
    const path = `${AUTHORIZATION}/namespaces/x/localsubjectaccessreviews`;
    const about = (namespace: string) =>
      ask(admin, path, "LocalSubjectAccessReview", {
        user: "dev",
        groups: ["devs"],
        resourceAttributes: { verb: "list", resource: "pods", namespace },
      });
    assert.deepEqual([(await about("x")).status, (await about("y")).status], [201, 400]);
  });
});
