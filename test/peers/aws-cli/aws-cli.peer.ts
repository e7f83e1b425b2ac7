/**
 * The AWS stand-in, judged by the real AWS CLI 1 and 2 and by the service models of botocore: every operation is called by both,
 * well and badly; both must read the same, and every answer must be what the model says.
 *
 * Needs both CLIs on PATH; a step of its own in CI, where their absence is a failure. No network but loopback.
 */
import assert from "node:assert/strict";
import { request } from "node:https";
import { SIGNED_SERVICES } from "../../lab/aws/stand-in.ts";
import { addUser } from "../../lab/aws/world.ts";
import type { CommandResult } from "../../support/run-command.ts";
import { type AwsCliLab, startAwsCliLab } from "./aws-cli-lab.ts";
import { EKS_CASES } from "./eks-cases.ts";
import { type OperationCase, type Stage, wordsOf } from "./operation-case.ts";
import { QUERY_CASES } from "./query-cases.ts";
import { judgeAnswers, keepAnswers, type RawAnswer } from "./raw-answers.ts";

const CASES: readonly OperationCase[] = [...QUERY_CASES, ...EKS_CASES];
const OPERATIONS = SIGNED_SERVICES.flatMap(({ name, operations }) =>
  operations.map((operation) => `${name}:${operation}`),
);
/** Needs no signature, so that its callers can be neither unknown nor without a permission. */
const OPEN = "sts:AssumeRoleWithWebIdentity";
/** Cannot be denied. */
const ALWAYS_ALLOWED = "sts:GetCallerIdentity";

/** About which nothing can be wrong but who asks, and when. */
const LISTS = [
  "eks:ListAccessPolicies",
  "eks:ListClusters",
  "iam:ListOpenIDConnectProviders",
  "iam:ListRoles",
];

const EVE = { AWS_ACCESS_KEY_ID: "AKIAEVE0000000000001", AWS_SECRET_ACCESS_KEY: "canary-eve" };

/** Refusals that any operation may answer with: what brings them about, and their codes at the Query APIs and at EKS. */
const COMMON_REFUSALS: readonly (Pick<OperationCase, "what" | "prepare"> & {
  readonly env?: Readonly<Record<string, string>>;
  readonly fault?: "throttle" | "fail";
  readonly codes: { readonly sts: string; readonly iam: string; readonly eks: string };
  readonly notFor: readonly string[];
})[] = [
  {
    what: "without permission",
    env: EVE,
    prepare: ({ world }) =>
      void addUser(world, {
        name: "eve",
        accessKeys: [{ id: EVE.AWS_ACCESS_KEY_ID, secret: EVE.AWS_SECRET_ACCESS_KEY, active: true }],
      }),
    codes: { sts: "AccessDenied", iam: "AccessDenied", eks: "AccessDeniedException" },
    notFor: [OPEN, ALWAYS_ALLOWED],
  },
  {
    what: "with an unknown key",
    env: { AWS_ACCESS_KEY_ID: "AKIANOBODY0000000001" },
    codes: { sts: "InvalidClientTokenId", iam: "InvalidClientTokenId", eks: "UnrecognizedClientException" },
    notFor: [OPEN],
  },
  {
    what: "with a wrong secret",
    env: { AWS_SECRET_ACCESS_KEY: "canary-wrong" },
    codes: { sts: "SignatureDoesNotMatch", iam: "SignatureDoesNotMatch", eks: "InvalidSignatureException" },
    notFor: [OPEN],
  },
  {
    what: "too often",
    fault: "throttle",
    codes: { sts: "Throttling", iam: "Throttling", eks: "ThrottlingException" },
    notFor: [],
  },
  {
    what: "while the service fails",
    fault: "fail",
    codes: { sts: "InternalFailure", iam: "ServiceFailure", eks: "ServerException" },
    notFor: [],
  },
];

/** Members that no two calls have alike. */
const PASSING =
  /^(?:AccessKeyId|SecretAccessKey|SessionToken|AssumedRoleId|RoleId|UserId|accessEntryArn|id|Expiration|CreateDate|\w+At)$/;

describe("the AWS stand-in, as AWS CLI 1 and 2 see it", () => {
  let lab: AwsCliLab;
  let answers: readonly RawAnswer[];

  before(async () => {
    lab = await startAwsCliLab();
    answers = keepAnswers(lab.standIn);
  });
  after(() => lab.close());

  /** The same call by both, each on an account of its own; they must tell the same. */
  async function callBoth(operation: OperationCase): Promise<{ result: CommandResult; stage: Stage }> {
    const seen = [];
    for (const { session } of lab.clis) {
      const stage = lab.freshStage();
      operation.prepare?.(stage);
      const env = { ...lab.env, ...operation.env?.(stage) };
      seen.push({ result: await session.run(wordsOf(operation, stage), env), stage });
    }
    const [one, two] = seen;
    if (!one || !two) return assert.fail("there are two CLIs");
    assert.deepEqual(told(one.result), told(two.result));
    return one;
  }

  /** What STS answers a presigned question with, for a server that calls its cluster by this name. */
  function statusOf({ host, pathname, search }: URL, clusterName: string): Promise<number | undefined> {
    const headers = { host, "x-k8s-aws-id": clusterName, accept: "application/json" };
    const options = {
      path: pathname + search,
      headers,
      ca: lab.ca.cert,
      agent: false as const,
      servername: host,
    };
    return new Promise((resolve, reject) => {
      request(lab.standIn.url, options, (response) => resolve(response.resume().statusCode))
        .on("error", reject)
        .end();
    });
  }

  it("are two", () => {
    assert.deepEqual(
      lab.clis.map(({ cli }) => cli.version.replace(/\..*/, "")),
      ["aws-cli/1", "aws-cli/2"],
    );
  });

  it("has every operation among the cases, answered and refused", () => {
    const isAnswered = new Set(CASES.filter(({ answer }) => answer).map(({ operation }) => operation));
    assert.deepEqual([...isAnswered].sort(), [...OPERATIONS].sort());
    const isRefused = new Set(CASES.filter(({ refusal }) => refusal).map(({ operation }) => operation));
    assert.deepEqual(OPERATIONS.filter((operation) => !isRefused.has(operation)).sort(), LISTS);
  });

  for (const operation of CASES) {
    it(`${operation.operation} ${operation.what}`, async () => {
      const { result, stage } = await callBoth(operation);
      if (operation.refusal !== undefined) return refusedWith(result, operation.refusal);
      assert.equal(result.status, 0, result.stderr);
      const { answer = {} } = operation;
      assert.partialDeepStrictEqual(outputOf(result), typeof answer === "function" ? answer(stage) : answer);
      assert.equal(lab.standIn.calls.at(-1)?.operation, operation.operation.split(":")[1]);
    });
  }

  for (const name of OPERATIONS) {
    for (const { what, env = {}, prepare, fault, codes, notFor } of COMMON_REFUSALS) {
      if (notFor.includes(name)) continue;
      it(`${name} is refused ${what}`, async () => {
        const good = CASES.find(({ operation, answer }) => operation === name && answer !== undefined);
        assert.ok(good);
        const { result } = await callBoth({
          ...good,
          env: () => env,
          prepare(stage) {
            good.prepare?.(stage);
            prepare?.(stage);
            if (fault) lab.standIn.faults[fault] = 1;
          },
        });
        const service = name.split(":")[0] as keyof typeof codes;
        refusedWith(result, new RegExp(`^${codes[service]}: .`));
      });
    }
  }

  it("answers as botocore's service models say", async () => {
    const [{ cli } = assert.fail("there is no CLI")] = lab.clis;
    const faults = await judgeAnswers(cli, answers);
    assert.deepEqual([...new Set(faults.flat())], []);
    const judged = new Set(answers.map(({ service, operation }) => `${service}:${operation}`));
    assert.deepEqual([...judged].sort(), [...OPERATIONS].sort());
  });

  it("has a judge that sees what is wrong", async () => {
    const [{ cli } = assert.fail("there is no CLI")] = lab.clis;
    const find = (service: string, operation: string, status: number) =>
      answers.find(
        (answer) => answer.service === service && answer.operation === operation && answer.status === status,
      ) ?? assert.fail(`no answer of ${operation} with ${status}`);
    const cluster = find("eks", "DescribeCluster", 200);
    const role = find("iam", "GetRole", 200);
    const missing = find("iam", "GetRole", 404);
    const spoilt: readonly [RawAnswer, RegExp, string][] = [
      [cluster, /"status":"ACTIVE"/, '"status":"SLEEPY"'],
      [cluster, /"createdAt":[\d.]+/, '"createdAt":"2026-01-15T12:00:00Z"'],
      [cluster, /"name":"lab"/, '"name":"lab","colour":"red"'],
      [cluster, /"tags":\{\}/, '"tags":[]'],
      [role, /<RoleName>/, "<Colour>red</Colour><RoleName>"],
      [role, /<CreateDate>[^<]+/, "<CreateDate>1700000000"],
      [role, /<MaxSessionDuration>\d+/, "<MaxSessionDuration>3"],
      [role, /<Arn>[^<]*/, "<Arn>x"],
      [role, /<Path>\/<\/Path>/, ""],
      [role, /GetRoleResult/g, "GetRoleOutput"],
      [missing, /NoSuchEntity/, "NoSuchThing"],
      [missing, /<Type>Sender/, "<Type>Receiver"],
      [find("eks", "DescribeCluster", 404), /"message"/, '"colour":"red","message"'],
    ];
    const changed = spoilt.map(([answer, old, replacement]) => {
      const body = answer.body.replace(old, replacement);
      assert.notEqual(body, answer.body, String(old));
      return { ...answer, body };
    });
    const faults = await judgeAnswers(cli, [...changed, { ...missing, status: 400 }]);
    assert.deepEqual(
      faults.map((found) => found.length > 0),
      faults.map(() => true),
    );
  });

  it("takes the token of both for its cluster and no other", async () => {
    for (const { session } of lab.clis) {
      lab.freshStage();
      const { stdout, stderr } = await session.run(["eks", "get-token", "--cluster-name", "lab"], lab.env);
      const { status } = JSON.parse(stdout || assert.fail(stderr));
      const url = Buffer.from(status.token.replace("k8s-aws-v1.", ""), "base64url").toString();
      const statuses = await Promise.all(["lab", "other"].map((name) => statusOf(new URL(url), name)));
      assert.deepEqual(statuses, [200, 403]);
    }
  });

  it("asked no host but AWS's own", () => {
    const hosts = new Set(lab.proxy.asked.map(({ target }) => target));
    const known = ["eks.us-east-1", "iam", "sts", "sts.us-east-1"].map((name) => `${name}.amazonaws.com:443`);
    assert.deepEqual(
      [...hosts].filter((host) => !known.includes(host)),
      [],
    );
    assert.ok(hosts.size > 0);
  });
});

function outputOf({ stdout }: CommandResult): object {
  return stdout.trim() === "" ? {} : JSON.parse(stdout);
}

/** What a call told, without what no two calls have alike. */
function told(result: CommandResult): unknown {
  if (result.status !== 0) return refusalIn(result).replaceAll(/\b\d{10}\b/g, "TIME");
  return JSON.parse(JSON.stringify(outputOf(result)), (name, value) =>
    PASSING.test(name) && typeof value !== "object" ? typeof value : value,
  );
}

/** Code and sentence, without what the CLIs put around them. */
function refusalIn({ stderr }: CommandResult): string {
  const [, code, text] =
    /An error occurred \((\w+)\) when calling the \w+ operation(?: \(reached max retries: 0\))?: ([^\n]*)/.exec(
      stderr,
    ) ?? [];
  return code === undefined ? stderr : `${code}: ${text}`;
}

function refusedWith(result: CommandResult, expected: string | RegExp): void {
  assert.notEqual(result.status, 0, result.stdout);
  if (typeof expected === "string") assert.equal(refusalIn(result), expected);
  else assert.match(refusalIn(result), expected);
}
