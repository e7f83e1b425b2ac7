import assert from "node:assert/strict";
import { stringify } from "yaml";
import { RULES } from "../../doctor/causes/index.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { impersonated } from "../lab/kube/impersonation.ts";
import type { Cluster } from "../lab/model.ts";
import { entry, kubeconfigText } from "./support/bundle.ts";
import { carryOut } from "./support/carry-out.ts";
import { firstCluster, userOf } from "./support/denied-clusters.ts";
import { forbidden } from "./support/mapping-faults.ts";

/** Whom somebody wants to be. */
interface Wanted {
  readonly user: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  /** Keys and values. */
  readonly extra?: Readonly<Record<string, string>>;
}

const WANTED: Readonly<Record<string, Wanted>> = {
  "a user": { user: "bob" },
  "a user in groups": { user: "bob", groups: ["devs", "ops"] },
  "a user in many groups": { user: "bob", groups: ["a", "b", "c", "d", "e"] },
  "a whole user": {
    user: "bob",
    groups: ["devs"],
    uid: "7",
    extra: { "acme.io/team": "web", scopes: "view" },
  },
  "an administrator": { user: "bob", groups: ["system:masters"] },
  "a service account": { user: "system:serviceaccount:shop:deployer" },
  "a service account in a group": { user: "system:serviceaccount:shop:deployer", groups: ["devs"] },
  "a node": { user: "system:node:ip-10-0-1-7.eu-west-1.compute.internal" },
};

const ASKED = {
  ...{
    verb: "list",
    group: "",
    version: "v1",
    resource: "pods",
    subresource: "",
    namespace: "web",
    name: "",
  },
};
const DISCOVERY = { verb: "get", path: "/api" };

function headersOf({ user, groups = [], uid, extra = {} }: Wanted) {
  return {
    "impersonate-user": user,
    ...(groups.length > 0 && { "impersonate-group": groups.join(", ") }),
    ...(uid !== undefined && { "impersonate-uid": uid }),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, value]) => [`impersonate-extra-${encodeURIComponent(key)}`, value]),
    ),
  };
}

/** Why the cluster does not let somebody be them, as the lab's API server says it; undefined when it does. */
function refusalOf(cluster: Cluster, wanted: Wanted): string | undefined {
  const user = userOf({ caller: "entry", cluster });
  try {
    for (const asked of [ASKED, DISCOVERY])
      impersonated(cluster, user, { headers: headersOf(wanted), asked });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The same request by flags, and in a kubeconfig. */
function commandFor({ user, groups = [], uid, extra = {} }: Wanted): string {
  const more = Object.entries(extra).map(([key, value]) => `--as-user-extra=${key}=${value}`);
  const flags = [
    ...groups.map((group) => `--as-group=${group}`),
    ...(uid === undefined ? [] : [`--as-uid ${uid}`]),
  ];
  return ["kubectl get pods -n web --as", user, ...flags, ...more].join(" ");
}

function kubeconfigFor({ user, groups, uid, extra = {} }: Wanted): Pick<DoctorEvidence, "kubeconfig"> {
  const lists = Object.fromEntries(Object.entries(extra).map(([key, value]) => [key, [value]]));
  const as = stringify({
    as: user,
    ...(groups && { "as-groups": groups }),
    ...(uid && { "as-uid": uid }),
    ...(Object.keys(extra).length > 0 && { "as-user-extra": lists }),
  });
  const text = kubeconfigText("command: aws\n").replace(
    "  user:\n",
    `  user:\n${as.replaceAll(/^(?=.)/gm, "    ")}`,
  );
  return { kubeconfig: { files: [{ path: "/home/ada/.kube/config", text }] } };
}

/** Carries the last fix out, which is the administrator's. */
function grant(cluster: Cluster, bundle: DoctorEvidence): void {
  const [{ kubernetesGroups = [] } = {}] = [...cluster.accessEntries.values()];
  const seen = { ...bundle, ...entry({ kubernetesGroups }), apiServer: { status: 200, isKubernetes: true } };
  const [root] = diagnose(RULES, deriveFacts(seen)).rootCauses;
  assert.equal(root?.cause, "P7");
  carryOut(root.fixes.at(-1) ?? assert.fail("no fix"), cluster);
}

describe("a refused impersonation", () => {
  for (const version of ["1.35", "1.36"]) {
    for (const [who, wanted] of Object.entries(WANTED)) {
      it(`of ${who} is cured in ${version}, and lets nobody else be impersonated`, () => {
        const told = {
          command: { question: { command: commandFor(wanted) } },
          kubeconfig: { question: { command: "kubectl get pods -n web" }, ...kubeconfigFor(wanted) },
        };
        for (const { question, ...files } of Object.values(told)) {
          const cluster = { ...firstCluster("entry"), version };
          const stderr = `Error from server (Forbidden): ${refusalOf(cluster, wanted)}\n`;
          grant(cluster, forbidden({ ...files, question: { ...question, exitCode: 1, stderr } }));
          assert.equal(refusalOf(cluster, wanted), undefined);
          assert.notEqual(refusalOf(cluster, { ...wanted, user: "eve" }), undefined);
          assert.notEqual(refusalOf(cluster, { ...wanted, groups: ["others"] }), undefined);
        }
      });
    }
  }

  it("is cured one right after the other where only the refusals of 1.35 are known", () => {
    const cluster = { ...firstCluster("entry"), version: "1.35" };
    const wanted = WANTED["a whole user"] ?? assert.fail();
    const refusals: string[] = [];
    while (refusals.length < 9) {
      const message = refusalOf(cluster, wanted);
      if (message === undefined) break;
      refusals.push(message.split(" ")[0] ?? "");
      const question = { exitCode: 1, stderr: `Error from server (Forbidden): ${message}\n` };
      grant(cluster, forbidden({ question }));
    }
    assert.deepEqual(refusals.sort(), ["groups", "uids", "userextras", "userextras", "users"].map(qualified));
  });
});

function qualified(resource: string): string {
  return ["uids", "userextras"].includes(resource) ? `${resource}.authentication.k8s.io` : resource;
}
