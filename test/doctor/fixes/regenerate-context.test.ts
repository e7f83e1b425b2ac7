import assert from "node:assert/strict";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { regenerateEntry } from "../../../doctor/fixes/regenerate-context.ts";
import { renderFix } from "../../../doctor/fixes/render-fix.ts";
import {
  ACCOUNT,
  AWS_EXEC,
  awsExec,
  execBlock,
  healthyBundle,
  healthyVouchBundle,
  kubeconfigText,
  ROLE_ARN,
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
  });

  it("is setup where the cluster is ours and the user is gone", () => {
    const owner = `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab`;
    const text = kubeconfigText(AWS_EXEC)
      .replace(
        "    server:",
        `    extensions: [{name: vouch.kubectl/owner, extension: {cluster: "${owner}"}}]\n    server:`,
      )
      .replace("    user: lab\n", "    user: gone\n");
    const kubeconfig = { files: [{ path: "/home/ada/.kube/config", text }] };
    assert.deepEqual(commands(healthyBundle({ kubeconfig })), [
      "kubectl vouch setup eks --cluster lab --region eu-west-1",
    ]);
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
        "Another Allow does not help: an administrator of the AWS organization must take eks:DescribeCluster out of the service control policy that denies it.",
      ],
      [
        "with an explicit deny in a permissions boundary",
        "Another Allow does not help: whoever sets the caller's permissions boundary must take eks:DescribeCluster out of the permissions boundary that denies it.",
      ],
      [
        "because no service control policy allows the eks:DescribeCluster action",
        "An Allow for the caller alone does not help: an administrator of the AWS organization must allow eks:DescribeCluster in the service control policy.",
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
    assert.match(several[0]?.description ?? "", /EKS has no cluster lab in eu-west-1, but prod, stage\.$/);
    assert.match(several[0]?.commands.join() ?? "", /--name CLUSTER /);
    assert.match(one[0]?.commands.join() ?? "", /--name prod /);
    assert.deepEqual([none.length, none[0]?.commands], [1, []]);
  });
});
