import assert from "node:assert/strict";
import { stringify } from "yaml";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { regenerateEntry } from "../../../doctor/fixes/regenerate-context.ts";
import { renderFix } from "../../../doctor/fixes/render-fix.ts";
import {
  ACCOUNT,
  awsExec,
  ENDPOINT,
  execBlock,
  healthyBundle,
  healthyProfileBundle,
  healthyVouchBundle,
  PROFILE_EXEC,
  ROLE_ARN,
  VOUCH_EXEC,
  without,
} from "../support/bundle.ts";

const DENIED = {
  cluster: { failed: "AccessDeniedException: not authorized to perform: eks:DescribeCluster" },
};
const ALIAS = "--alias lab --user-alias lab";
const GET_TOKEN =
  "--exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json";

const fixes = (bundle: DoctorEvidence, how: Parameters<typeof regenerateEntry>[2] = {}) =>
  regenerateEntry(deriveFacts(bundle), "Recreate it.", how).map((fix) => renderFix(fix, { shell: "bash" }));
const commands = (...of: Parameters<typeof fixes>) => fixes(...of).flatMap((fix) => fix.commands);

describe("regenerateEntry", () => {
  it("runs the tool that wrote the entry, with its identity", () => {
    assert.deepEqual(commands(healthyBundle(awsExec({}, ["--role", ROLE_ARN, "--profile", "dev"]))), [
      `aws eks update-kubeconfig --name lab --region eu-west-1 ${ALIAS} --role-arn ${ROLE_ARN} --profile dev`,
    ]);
    assert.deepEqual(commands(healthyVouchBundle()), [
      `kubectl vouch setup eks --cluster lab --region eu-west-1 --role ${ROLE_ARN} --server https://us.vouch.sh`,
    ]);
    const byProfile = "kubectl vouch setup eks --cluster lab --region eu-west-1 --profile dev";
    assert.deepEqual(commands(healthyProfileBundle()), [byProfile]);
    const ambient = PROFILE_EXEC.replace("--profile, dev", `--ambient, --role, "${ROLE_ARN}"`);
    assert.deepEqual(commands(healthyProfileBundle(execBlock(ambient))), [
      `kubectl vouch setup eks --cluster lab --region eu-west-1 --role ${ROLE_ARN} --ambient`,
    ]);
  });

  it("keeps the user's role and the safeguards of a context, also where an AI agent calls", () => {
    const reader = `arn:aws:iam::${ACCOUNT}:role/reader`;
    const exec = VOUCH_EXEC.replace(/args: \[(.*)\]/, `args: [$1, --agent-role, "${reader}", --protected]`);
    const bundle = healthyVouchBundle({ ...execBlock(exec), environment: { CLAUDECODE: "1" } });
    assert.deepEqual(commands(bundle), [
      `kubectl vouch setup eks --cluster lab --region eu-west-1 --role ${ROLE_ARN} --server https://us.vouch.sh`,
    ]);
    const [command = ""] = commands({ ...bundle, ...DENIED });
    assert.ok(command.includes(`--exec-arg=--role --exec-arg=${ROLE_ARN} `), command);
    assert.ok(
      command.includes(`--exec-arg=--agent-role --exec-arg=${reader} --exec-arg=--protected `),
      command,
    );
  });

  it("lets kubectl write a context of ours by a profile where AWS denies to describe the cluster", () => {
    const [command = ""] = commands(healthyProfileBundle(DENIED));
    assert.match(command, /^kubectl config set-credentials lab .*--exec-arg=--profile --exec-arg=dev /);
    assert.doesNotMatch(command, /--server/);
  });

  describe("is setup where a part of a context of ours is gone", () => {
    const extensions = [
      { name: "vouch.kubectl/owner", extension: { cluster: `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab` } },
    ];
    const key = `vouch-eks/${ACCOUNT}/eu-west-1/lab`;
    const whole = {
      "current-context": "lab-vouch",
      clusters: [{ name: key, cluster: { server: ENDPOINT, extensions } }],
      contexts: [{ name: "lab-vouch", context: { cluster: key, user: `${key}/Dev`, extensions } }],
      users: [{ name: `${key}/Dev`, user: {} }],
    };
    const OPS = `arn:aws:iam::${ACCOUNT}:role/Ops`;
    const args = [
      ...["credential", "eks", "--cluster-name", "lab", "--region", "eu-west-1"],
      ...["--role", OPS, "--server", "https://v.example"],
    ];
    const SETUP = "kubectl vouch setup eks --cluster lab --region eu-west-1";
    const AS_DEV = `${SETUP} --role ${ROLE_ARN}`;
    const contextOf = (user: string) => ({ name: "lab-vouch", context: { cluster: key, user, extensions } });
    const cases: Readonly<Record<string, readonly [object, string]>> = {
      "its exec block": [{}, AS_DEV],
      "its user": [{ users: [] }, AS_DEV],
      "its user and its cluster": [{ users: [], clusters: [] }, AS_DEV],
      "its exec block and the owner of its context": [
        { contexts: [{ name: "lab-vouch", context: { cluster: key, user: `${key}/Dev` } }] },
        AS_DEV,
      ],
      "its user, where another is for the same cluster": [
        {
          contexts: [{ name: "lab-vouch", context: { cluster: key, user: "ada", extensions } }],
          users: [{ name: `${key}/Ops`, user: { exec: { command: "kubectl-vouch", args } } }],
        },
        `${SETUP} --role ${OPS} --server https://v.example`,
      ],
      "its user, whose name says an AWS profile": [
        { contexts: [contextOf(`${key}/profile:dev`)], users: [] },
        `${SETUP} --profile dev`,
      ],
      "its user, whose name says a profile and a role": [
        { contexts: [contextOf(`${key}/profile:old-laptop:Dev`)], users: [] },
        `${SETUP} --role ${ROLE_ARN} --profile old-laptop`,
      ],
      "its user, whose name says the caller's own credentials": [
        { contexts: [contextOf(`${key}/ambient:`)], users: [] },
        `${SETUP} --ambient`,
      ],
      "its user, whose name says no role": [
        { contexts: [{ name: "lab-vouch", context: { cluster: key, user: "ada", extensions } }], users: [] },
        SETUP,
      ],
    };
    for (const [gone, [changes, command]] of Object.entries(cases)) {
      it(gone, () => {
        const text = stringify({ apiVersion: "v1", kind: "Config", ...whole, ...changes });
        const kubeconfig = { files: [{ path: "/home/ada/.kube/config", text }] };
        const seen = without(healthyBundle({ kubeconfig }), "cluster", "role", "accessEntries", "clusters");
        assert.deepEqual(commands(seen), [command]);
      });
    }

    it("with the role that is known by a name with dots, or with a path", () => {
      const Arn = `arn:aws:iam::${ACCOUNT}:role/teams/web.Dev`;
      const text = stringify({ ...whole, ...{ users: [] } }).replaceAll(`${key}/Dev`, `${key}/web-Dev`);
      const kubeconfig = { files: [{ path: "/home/ada/.kube/config", text }] };
      const roles = { Roles: [{ Arn, RoleName: "web.Dev" }] };
      assert.deepEqual(commands(healthyBundle({ kubeconfig, roles })), [`${SETUP} --role ${Arn}`]);
    });
  });

  describe("tells names apart that are one name in a user entry", () => {
    const key = `vouch-eks/${ACCOUNT}/eu-west-1/lab`;
    const extensions = [
      { name: "vouch.kubectl/owner", extension: { cluster: `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab` } },
    ];
    const SETUP = "kubectl vouch setup eks --cluster lab --region eu-west-1";
    const arn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
    const lost = (word: string, profiles: readonly string[], roles: readonly string[] = []) => {
      const context = { name: "lab-vouch", context: { cluster: key, user: `${key}/${word}`, extensions } };
      const whole = { "current-context": "lab-vouch", contexts: [context], clusters: [], users: [] };
      const kubeconfig = { files: [{ path: "/home/ada/.kube/config", text: stringify(whole) }] };
      const text = profiles.map((name) => `[profile ${name}]\nregion = eu-west-1\n`).join("");
      const awsConfig = { path: "/home/ada/.aws/config", text };
      const Roles = roles.map((name) => ({ Arn: arn(name), RoleName: name }));
      return commands(healthyBundle({ kubeconfig, awsConfig, roles: { Roles } })).join();
    };

    it("profiles: the very name, else the only one, else whoever reads it says which", () => {
      assert.equal(lost("profile:a-b", ["a.b", "a-b"]), `${SETUP} --profile a-b`);
      assert.equal(lost("profile:a-b", ["a.b", "c"]), `${SETUP} --profile a.b`);
      assert.equal(lost("profile:a-b", ["a.b", "a+b"]), `${SETUP} --profile PROFILE`);
    });

    it("roles, of Vouch and by a profile", () => {
      assert.equal(lost("a-b", [], ["a.b", "a-b"]), `${SETUP} --role ${arn("a-b")}`);
      assert.equal(lost("a-b", [], ["a.b"]), `${SETUP} --role ${arn("a.b")}`);
      assert.equal(
        lost("profile:dev:a-b", ["dev"], ["a+b", "a.b", "a-b"]),
        `${SETUP} --role ${arn("a-b")} --profile dev`,
      );
    });
  });

  it("takes another cluster than the entry names", () => {
    assert.match(
      commands(healthyBundle({ clusters: { clusters: ["prod"] } }), { cluster: "prod" }).join(),
      /--name prod /,
    );
  });

  it("leaves out a profile and a role that do not exist", () => {
    const role = `arn:aws:iam::${ACCOUNT}:role/Gone`;
    const gone = { role: { failed: "NoSuchEntity: The role with name Gone cannot be found." } };
    assert.deepEqual(
      commands(healthyBundle({ ...awsExec({ AWS_PROFILE: "gone" }, ["--role", role]), ...gone })),
      [`aws eks update-kubeconfig --name lab --region eu-west-1 ${ALIAS}`],
    );
  });

  it("has kubectl write the user entry of whom AWS does not let describe the cluster", () => {
    assert.deepEqual(commands(healthyBundle(DENIED)), [
      `kubectl config set-credentials lab --exec-api-version=client.authentication.k8s.io/v1beta1 --exec-command=aws ${GET_TOKEN} --exec-env=AWS_PROFILE=dev`,
    ]);
    assert.deepEqual(commands({ ...healthyVouchBundle(), ...DENIED }), [
      `kubectl config set-credentials lab --exec-api-version=client.authentication.k8s.io/v1 --exec-command=kubectl-vouch --exec-arg=credential --exec-arg=eks --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=--role --exec-arg=${ROLE_ARN} --exec-arg=--server --exec-arg=https://us.vouch.sh --exec-interactive-mode=Never --exec-provide-cluster-info`,
    ]);
  });

  it("allows eks:DescribeCluster first where EKS alone can tell what is to be written", () => {
    const whole = fixes(healthyBundle(DENIED), { isWhole: true });
    assert.deepEqual(
      whole.map(({ audience }) => audience),
      ["iam-admin", "you"],
    );
    assert.match(
      whole[0]?.commands.join() ?? "",
      /^aws iam put-role-policy --role-name Dev .*eks:DescribeCluster/,
    );
    const nobody = fixes(
      healthyBundle({ ...DENIED, callerIdentity: { failed: "-" }, selfSubjectReview: { failed: "-" } }),
      { isWhole: true },
    );
    assert.match(nobody[0]?.text ?? "", /"eks:DescribeCluster"[\s\S]*cluster\/lab"/);
    const bare = execBlock("command: kubectl-vouch\nargs: [credential, eks, --cluster-name, lab]\n");
    assert.deepEqual(
      fixes({ ...healthyBundle(bare), ...DENIED }).map(({ audience }) => audience),
      ["iam-admin", "you"],
    );
  });

  it("prints no Allow where a policy denies the call whatever else allows it, and says who must lift that", () => {
    for (const [ending, says] of [
      [
        "with an explicit deny in a service control policy",
        "Another Allow does not help: an AWS organization admin must remove eks:DescribeCluster from the service control policy that denies it.",
      ],
      [
        "with an explicit deny in a permissions boundary",
        "Another Allow does not help: the admin of the caller's permissions boundary must remove eks:DescribeCluster from the permissions boundary that denies it.",
      ],
      [
        "because no service control policy allows the eks:DescribeCluster action",
        "An Allow for the caller is not enough: an AWS organization admin must allow eks:DescribeCluster in the service control policy.",
      ],
    ] as const) {
      const failed = `AccessDeniedException: User: x is not authorized to perform: eks:DescribeCluster on resource: y ${ending}`;
      const [lift, write] = fixes(healthyBundle({ cluster: { failed } }), { isWhole: true });
      assert.deepEqual([lift?.audience, lift?.commands, lift?.text], ["iam-admin", [], undefined]);
      assert.equal(lift?.description, says);
      assert.equal(write?.audience, "you");
    }
  });

  it("offers the clusters there are instead of one that EKS does not have", () => {
    const among = (...clusters: string[]) =>
      fixes(healthyBundle({ clusters: { clusters }, cluster: { failed: "ResourceNotFoundException" } }));
    const [several, one, none] = [among("prod", "stage"), among("prod"), among()];
    assert.match(
      several[0]?.description ?? "",
      /EKS does not list cluster lab in eu-west-1, only prod, stage\.$/,
    );
    assert.match(several[0]?.commands.join() ?? "", /--name CLUSTER /);
    assert.match(one[0]?.commands.join() ?? "", /--name prod /);
    assert.deepEqual([none.length, none[0]?.commands], [1, []]);
  });
});
