import assert from "node:assert/strict";
import { RULES } from "../../../doctor/causes/index.ts";
import { diagnose } from "../../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";

const ROLE = "arn:aws:iam::111122223333:role";
const LIST_COMMAND = "aws eks list-access-entries --cluster-name lab";
const json = (value: unknown) => JSON.stringify(value, null, 4);
const LIST = json({ accessEntries: ["A", "B", "C", "Dev"].map((name) => `${ROLE}/${name}`) });
const CLUSTER = json({
  cluster: {
    name: "lab",
    resourcesVpcConfig: { publicAccessCidrs: ["10.0.0.0/8", "192.168.0.0/16"], vpcId: "vpc-1" },
    accessConfig: { authenticationMode: "API" },
    status: "ACTIVE",
  },
});
const ENTRY = json({
  accessEntry: { clusterName: "lab", principalArn: `${ROLE}/Dev`, kubernetesGroups: ["a"], type: "EC2" },
});
const BINDINGS = json({
  apiVersion: "v1",
  items: ["a", "b", "c"].map((name) => ({
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { kind: "ClusterRole", name: "view" },
    subjects: [{ kind: "User", name }],
  })),
  kind: "List",
});

const read = (command: string, text: string) => readPasted([{ text: `$ ${command}\n${text}\n` }], 0);

/** Every text that is cut at an end of a line or within one, at the head or the tail. */
function* cuts(text: string): Iterable<string> {
  for (let at = 12; at < text.length - 2; at += 3) {
    yield text.slice(0, at);
    yield text.slice(at);
  }
}

describe("JSON that is cut off", () => {
  it("gives a list what is whole, wherever it is cut, and says so", () => {
    const whole = JSON.parse(LIST).accessEntries;
    const seen = new Set<number>();
    for (const text of cuts(LIST)) {
      const { evidence, taken } = read(LIST_COMMAND, text);
      const { accessEntries, excerpts } = evidence;
      assert.ok(
        taken.some(({ problem = "" }) => problem.includes("paste the list of access entries again in full")),
        text,
      );
      if (accessEntries === undefined) continue;
      assert.deepEqual(excerpts, ["accessEntries"], text);
      assert.ok("accessEntries" in accessEntries);
      for (const arn of accessEntries.accessEntries) assert.ok(whole.includes(arn), text);
      seen.add(accessEntries.accessEntries.length);
    }
    assert.ok(
      [1, 2, 3].every((count) => seen.has(count)),
      [...seen].join(),
    );
  });

  it("gives a cluster its whole fields, and no list that is short of something", () => {
    const { cluster: whole } = JSON.parse(CLUSTER);
    for (const text of cuts(CLUSTER)) {
      const { cluster } = read("aws eks describe-cluster --name lab", text).evidence;
      if (cluster === undefined || !("cluster" in cluster)) continue;
      for (const [name, value] of Object.entries(cluster.cluster)) assert.deepEqual(value, whole[name], text);
    }
    const { cluster } = read(
      "aws eks describe-cluster --name lab",
      CLUSTER.slice(0, CLUSTER.indexOf('"ACTIVE')),
    ).evidence;
    assert.ok(cluster !== undefined && "cluster" in cluster);
    assert.equal(cluster.cluster.accessConfig?.authenticationMode, "API");
  });

  it("gives RBAC no object that is short of a subject", () => {
    const whole = JSON.parse(BINDINGS).items;
    for (const text of cuts(BINDINGS)) {
      const { rbac, excerpts } = read("kubectl get clusterrolebindings -o json", text).evidence;
      if (rbac === undefined || !("items" in rbac)) continue;
      assert.deepEqual(excerpts, ["rbac"]);
      for (const item of rbac.items)
        assert.ok(
          whole.some((one: unknown) => json(one) === json(item)),
          text,
        );
    }
  });

  it("is not read where what is missing would count", () => {
    const command = "aws eks describe-access-entry --cluster-name lab --principal-arn X";
    for (const text of cuts(ENTRY)) {
      const { evidence, taken } = read(command, text);
      assert.equal(evidence.accessEntryDetails, undefined, text);
      assert.ok(
        taken.some(
          ({ problem }) => problem === "truncated, so it was not read: paste an access entry again in full",
        ),
        text,
      );
    }
  });

  it("is read around what somebody or a pager left out", () => {
    const lines = LIST.split("\n");
    for (const hole of ["...", "        ...,", "…", "[...]", "<snip>", "... 12 more items", "--More--"]) {
      const text = [...lines.slice(0, 3), hole, ...lines.slice(5)].join("\n");
      const { accessEntries, excerpts } = read(LIST_COMMAND, text).evidence;
      assert.deepEqual(accessEntries, { accessEntries: [`${ROLE}/A`, `${ROLE}/Dev`] }, hole);
      assert.deepEqual(excerpts, ["accessEntries"], hole);
    }
  });

  it("proves nothing missing", () => {
    const failed =
      '$ kubectl get pods\nerror: You must be logged in to the server (Unauthorized)\n$ aws sts get-caller-identity\n{"UserId":"AROAX:ada","Account":"111122223333","Arn":"arn:aws:sts::111122223333:assumed-role/Dev/ada"}\n$ aws eks describe-cluster --name lab\n{"cluster":{"name":"lab","accessConfig":{"authenticationMode":"API"}}}\n';
    const others = LIST.replace(/,\s+"[^"]+Dev"/, "");
    const causes = (text: string) => {
      const { evidence } = readPasted([{ text: `${failed}$ ${LIST_COMMAND}\n${text}\n` }], 0);
      return diagnose(RULES, deriveFacts(evidence)).rootCauses.map(
        ({ cause, confidence }) => `${cause} ${confidence}`,
      );
    };
    assert.match(causes(others).join(), /^E1 /);
    for (const text of [others.slice(0, -4), others.replace(`${ROLE}/A`, "").slice(12)])
      assert.ok(!causes(text).some((cause) => cause.startsWith("E1")), text);
  });

  it("is an error where only a bracket begins it", () => {
    const said =
      "[Errno 2] No such file or directory: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token'";
    const { callerIdentity } = read("aws sts get-caller-identity", said).evidence;
    assert.deepEqual(callerIdentity, { failed: said });
  });

  it("is a log where it is no evidence", () => {
    const line =
      '{"level":"error","msg":"error: You must be logged in to the server (Unauthorized)","trace":"at x';
    assert.equal(readPasted([{ text: line }], 0).evidence.question?.stderr, line);
  });
});

describe("aws-auth that is cut off", () => {
  it("is an excerpt without its last line, of which something may be missing", () => {
    const text =
      "apiVersion: v1\ndata:\n  mapRoles: |\n    - rolearn: a\n      username: a\n    - rolearn: b\n      user";
    const { awsAuth, excerpts } = read("kubectl -n kube-system get cm aws-auth -o yaml", text).evidence;
    assert.deepEqual(awsAuth, { apiVersion: "v1", data: { mapRoles: "- rolearn: a\n  username: a" } });
    assert.deepEqual(excerpts, ["awsAuth"]);
  });
});
