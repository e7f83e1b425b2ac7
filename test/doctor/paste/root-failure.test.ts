import assert from "node:assert/strict";
import { RULES } from "../../../doctor/causes/index.ts";
import { diagnose } from "../../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";

const EXPIRED =
  "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile.";
const DENIED =
  "An error occurred (AccessDeniedException) when calling the DescribeCluster operation: User: arn:aws:iam::111122223333:user/ada is not authorized to perform: eks:DescribeCluster on resource: arn:aws:eks:eu-west-1:111122223333:cluster/lab";

const UNAUTHORIZED = "$ kubectl get pods\nerror: You must be logged in to the server (Unauthorized)\n";
const PLUGIN =
  "$ kubectl get pods\nUnable to connect to the server: getting credentials: exec: executable aws failed with exit code 255\n";
const LOCALHOST =
  "$ kubectl get pods\nThe connection to the server localhost:8080 was refused - did you specify the right host or port?\n";
const NO_CONTEXT = '$ kubectl --context lab get pods\nerror: context "lab" does not exist\n';
const LIST = `$ aws s3 ls\n\n${EXPIRED}\n`;
const LOGIN = `$ aws sso login --profile dev\n\n${EXPIRED}\n`;
const UPDATE = `$ aws eks update-kubeconfig --name lab --region eu-west-1\n\n${DENIED}\n`;

const read = (text: string) => {
  const { evidence, taken } = readPasted([{ text }], 0);
  const { rootCauses } = diagnose(RULES, deriveFacts(evidence));
  return { command: evidence.question?.command, causes: rootCauses.map(({ cause }) => cause), taken };
};

describe("a failure that explains another", () => {
  for (const [cause, effect, row] of [
    [LIST, UNAUTHORIZED, "L2"],
    [LIST, PLUGIN, "L2"],
    [LOGIN, UNAUTHORIZED, "L2"],
    [UPDATE, LOCALHOST, "P11"],
    [UPDATE, NO_CONTEXT, "P11"],
  ] as const) {
    const [typed = ""] = cause.slice(2).split("\n", 1);
    it(`is the root, wherever it stands: ${typed}, ${effect.slice(2, 40).split("\n", 1)}`, () => {
      for (const text of [cause + effect, effect + cause]) {
        const { command, causes, taken } = read(text);
        assert.deepEqual([command, causes], [typed, [row]]);
        assert.deepEqual(
          taken.map(({ problem }) => problem).filter((problem) => problem !== undefined),
          ["explained by the diagnosed failure"],
        );
      }
    });
  }

  it("is none that was over, that is of another profile, or that has nothing to do with it", () => {
    const done = "$ aws sso login\nSuccessfully logged into Start URL: https://x.awsapps.com/start\n";
    const added = "$ aws eks update-kubeconfig --name lab\nAdded new context lab to /home/ada/.kube/config\n";
    const identities = [
      '$ aws sts get-caller-identity\n{"UserId": "AIDA:ada", "Account": "111122223333", "Arn": "arn:aws:iam::111122223333:user/ada"}\n',
      "$ aws sts get-caller-identity --query Arn --output text\narn:aws:iam::111122223333:user/ada\n",
      "$ aws sts get-caller-identity --output text\n111122223333\tarn:aws:iam::111122223333:user/ada\tAIDA\n",
      "$ kubectl vouch login\nLogged in as ada@example.com.\n",
    ];
    const own = PLUGIN.replace("255\n", `255\n${EXPIRED}\n`);
    for (const text of [
      ...[done, ...identities].map((over) => LIST + over + UNAUTHORIZED),
      LIST.replace("s3", "--profile admin s3") + UNAUTHORIZED,
      UPDATE + added + NO_CONTEXT,
      UPDATE + UNAUTHORIZED,
      LIST + LOCALHOST,
      LIST + own,
    ])
      assert.match(read(text).command ?? "", /^kubectl/, text);
  });
});
