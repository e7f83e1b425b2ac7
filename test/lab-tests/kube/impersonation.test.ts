import assert from "node:assert/strict";
import type { PolicyRule } from "../../lab/model.ts";
import { entryFor, policyOf, startKubeLab } from "./support/kube-lab.ts";

type Headers = Readonly<Record<string, string>>;

const PODS = "/api/v1/namespaces/default/pods";
const BOB = { "Impersonate-User": "bob" };
const WHOLE = {
  ...BOB,
  "Impersonate-Group": "devs",
  "Impersonate-Uid": "7",
  "Impersonate-Extra-Acme.io%2Fteam": "web",
};
const ACCOUNT = { "Impersonate-User": "system:serviceaccount:ci:runner" };
const NODE = { "Impersonate-User": "system:node:n1" };
const AUTHENTICATION = "authentication.k8s.io";

interface Call {
  readonly version?: string;
  readonly rules?: PolicyRule[];
  readonly headers: Headers;
  readonly path?: string;
}

/** What user U is told, who has these rights; one call after the other. */
async function told(
  { version = "1.36", rules = [] }: Omit<Call, "headers">,
  ...calls: Omit<Call, "rules">[]
) {
  const subjects = [{ kind: "User" as const, name: "U" }];
  const roleRef = { kind: "ClusterRole" as const, name: "imp" };
  const lab = await startKubeLab({
    version,
    accessEntries: new Map([["u", entryFor("role/u", { username: "U" })]]),
    roles: [{ name: "imp", rules }],
    bindings: [{ name: "imp", roleRef, subjects }],
  });
  const token = lab.token(lab.person("role/u"));
  const messages: string[] = [];
  for (const { headers, path = PODS } of calls)
    messages.push(((await lab.call(token, path, { headers })).body as { message: string }).message);
  await lab.close();
  return messages;
}

function may(resource: string, name: string, { verb = "impersonate", group = "" } = {}): PolicyRule {
  return { verbs: [verb], apiGroups: [group], resources: [resource], resourceNames: [name] };
}

/** The right of old to all that the headers of a whole user name. */
const PLAIN = [
  may("users", "bob"),
  may("groups", "devs"),
  may("uids", "7", { group: AUTHENTICATION }),
  may("userextras/acme.io/team", "web", { group: AUTHENTICATION }),
];

/** The same by a constrained mode, for listing pods. */
const CONSTRAINED = [
  { verbs: ["impersonate-on:user-info:list"], apiGroups: [""], resources: ["pods"] },
  ...["users bob", "groups devs", "uids 7", "userextras/acme.io/team web"].map((words) => {
    const [resource = "", name = ""] = words.split(" ");
    return may(resource, name, { verb: "impersonate:user-info", group: AUTHENTICATION });
  }),
];

const asBob =
  'pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"';

/** In the words of kube-apiserver 1.36.3, measured. */
describe("impersonation", () => {
  it("is refused in the words of the first mode that fits", async () => {
    const pods = (mode: string) =>
      `pods is forbidden: User "U" cannot impersonate-on:${mode}:list resource "pods" in API group "" in the namespace "default"`;
    assert.deepEqual(
      await told(
        {},
        { headers: BOB },
        { headers: WHOLE },
        { headers: ACCOUNT },
        { headers: { ...ACCOUNT, "Impersonate-Group": "devs" } },
        { headers: NODE },
        { headers: BOB, path: "/api" },
        { headers: { "Impersonate-Group": "devs" } },
      ),
      [
        pods("user-info"),
        pods("user-info"),
        pods("serviceaccount"),
        'serviceaccounts "runner" is forbidden: User "U" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "ci"',
        pods("arbitrary-node"),
        'forbidden: User "U" cannot impersonate-on:user-info:get path "/api"',
        'requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"devs"}, Extra:map[string][]string(nil)} without impersonating a user name',
      ],
    );
  });

  it("is refused before 1.36 in those of the plain right", async () => {
    assert.deepEqual(await told({ version: "1.35" }, { headers: BOB }), [
      'users "bob" is forbidden: User "U" cannot impersonate resource "users" in API group "" at the cluster scope',
    ]);
  });

  for (const version of ["1.35", "1.36"]) {
    it(`takes the plain right in ${version}, to each thing by its name`, async () => {
      const bobWith = (headers: Headers) => ({ headers: { ...BOB, ...headers } });
      assert.deepEqual(
        await told(
          { version, rules: PLAIN },
          { headers: WHOLE },
          { headers: { "Impersonate-User": "eve" } },
          bobWith({ "Impersonate-Group": "ops" }),
          bobWith({ "Impersonate-Uid": "8" }),
          bobWith({ "Impersonate-Extra-Acme.io%2Fteam": "ops" }),
        ),
        [
          asBob,
          'users "eve" is forbidden: User "U" cannot impersonate resource "users" in API group "" at the cluster scope',
          'groups "ops" is forbidden: User "U" cannot impersonate resource "groups" in API group "" at the cluster scope',
          'uids.authentication.k8s.io "8" is forbidden: User "U" cannot impersonate resource "uids" in API group "authentication.k8s.io" at the cluster scope',
          'userextras.authentication.k8s.io "ops" is forbidden: User "U" cannot impersonate resource "userextras/acme.io/team" in API group "authentication.k8s.io" at the cluster scope',
        ],
      );
    });
  }

  it("takes a constrained right from 1.36 on, for that request alone", async () => {
    assert.deepEqual(
      await told({ rules: CONSTRAINED }, { headers: WHOLE }, { headers: WHOLE, path: "/api/v1/nodes" }),
      [
        asBob,
        'nodes is forbidden: User "U" cannot impersonate-on:user-info:list resource "nodes" in API group "" at the cluster scope',
      ],
    );
    const [refused] = await told({ rules: CONSTRAINED, version: "1.35" }, { headers: WHOLE });
    assert.match(refused ?? "", /cannot impersonate resource "users"/);
  });

  it("never constrains it to administrators, or to extra without a domain", async () => {
    const any = [{ verbs: ["impersonate:user-info"], apiGroups: ["*"], resources: ["*"] }, ...CONSTRAINED];
    const messages = await told(
      { rules: any },
      { headers: { ...BOB, "Impersonate-Group": "system:masters" } },
      { headers: { ...BOB, "Impersonate-Extra-Team": "web" } },
    );
    assert.match(messages[0] ?? "", /: impersonating the system:masters group is not allowed$/);
    assert.match(messages[1] ?? "", /: impersonating an invalid key in extra is not allowed: /);
  });

  it("puts a service account and a node into their groups", async () => {
    const account = { verbs: ["impersonate"], apiGroups: [""], resources: ["serviceaccounts"] };
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    const lab = await startKubeLab({
      accessEntries: new Map([["u", entryFor("role/u", { username: "U" })]]),
      roles: [
        {
          name: "imp",
          rules: [account, { verbs: ["*"], apiGroups: [AUTHENTICATION], resources: ["*"] }],
        },
      ],
      bindings: [
        {
          name: "imp",
          roleRef: { kind: "ClusterRole", name: "imp" },
          subjects: [{ kind: "User", name: "U" }],
        },
      ],
    });
    const token = lab.token(lab.person("role/u"));
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const groupsAs = async (headers: Headers) => {
      const answer = await lab.call(token, path, { method: "POST", headers, body: JSON.stringify(body) });
      return (answer.body as { status: { userInfo: { groups: string[] } } }).status.userInfo.groups;
    };
    const groups = [await groupsAs(ACCOUNT), await groupsAs(NODE)];
    await lab.close();
    assert.deepEqual(groups, [
      ["system:serviceaccounts", "system:serviceaccounts:ci", "system:authenticated"],
      ["system:nodes", "system:authenticated"],
    ]);
  });

  it("drops access policies", async () => {
    const entry = entryFor("role/u", { policies: [policyOf("AmazonEKSClusterAdminPolicy")] });
    const lab = await startKubeLab({ accessEntries: new Map([["u", entry]]) });
    const token = lab.token(lab.person("role/u"));
    const { status, body } = await lab.call(token, PODS, { headers: BOB });
    await lab.close();
    assert.deepEqual([status, (body as { message: string }).message], [403, asBob]);
  });
});
