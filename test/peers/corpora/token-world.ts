/** Whose tokens the corpus has: who is known to STS, and what STS says to those for whom it gives an odd answer. */
import type { SigningCredentials } from "../../../token/eks/sigv4-query.ts";
import { addRole, addUser, labWorld } from "../../lab/aws/world.ts";
import type { LabWorld } from "../../lab/model.ts";
import type { Takeover } from "../../lab/takeover.ts";

interface TokenWorld {
  readonly world: LabWorld;
  /** Known to STS, and alive. */
  readonly credentials: readonly SigningCredentials[];
  /** By the rule of the verifier that STS's answer to them breaks. */
  readonly answered: Readonly<Record<string, readonly SigningCredentials[]>>;
  /** Answers for STS where it is to give an odd one. */
  readonly takeover: Takeover;
}

interface StsAnswer {
  readonly status: number;
  readonly body: string;
  readonly location?: string;
}

const HOUR = 3_600_000;
const ACCOUNT = "111122223333";
const REFUSAL = '{"Error":{"Code":"InternalFailure","Message":"x","Type":"Receiver"},"RequestId":"0"}';
const THROTTLING =
  '{"Error":{"Code":"Throttling","Message":"Rate exceeded","Type":"Sender"},"RequestId":"0"}';

function identity(Arn: string, UserId: string, Account = ACCOUNT): StsAnswer {
  const GetCallerIdentityResult = { Account, Arn, UserId };
  return { status: 200, body: JSON.stringify({ GetCallerIdentityResponse: { GetCallerIdentityResult } }) };
}

const sts = (resource: string) => `arn:aws:sts::${ACCOUNT}:${resource}`;
const iam = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;

/** By rule of the verifier: what STS may say that a verifier refuses, and at the end what it does not. */
const ANSWERS: Readonly<Record<string, readonly StsAnswer[]>> = {
  "14 status": [
    ...[
      201, 202, 204, 301, 302, 307, 308, 400, 401, 403, 404, 405, 407, 409, 413, 429, 500, 501, 502, 503, 504,
    ].map((status) => ({
      status,
      body: status === 204 ? "" : REFUSAL,
      location: "https://sts.amazonaws.com/",
    })),
    ...["", "<html>", "\u0000", "é"].map((body) => ({ status: 403, body })),
  ],
  "14 throttling": [
    ...[400, 403, 429, 500, 503].map((status) => ({ status, body: THROTTLING })),
    ...["Throttling", "ThrottlingException", "<Code>Throttling</Code>", "RequestThrottling"].map((body) => ({
      status: 400,
      body,
    })),
    ...["throttling", "Throttled", "THROTTLING", "Rate exceeded"].map((body) => ({ status: 400, body })),
  ],
  "14 JSON": [
    ...["<GetCallerIdentityResponse/>", "", "{", "nonsense", "\ufeff{}", " <html>", "é", "'a'"].map(
      (body) => ({
        status: 200,
        body,
      }),
    ),
    ...[
      '{"a"',
      '{"a":',
      '{"a":1',
      "[",
      "[1",
      "tru",
      "trux",
      "nul",
      "1 2",
      "{}x",
      "{} {}",
      '{"a":1,}',
      "[]",
      "1",
      "true",
      '"x"',
    ].map((body) => ({
      status: 200,
      body,
    })),
  ],
  "15 ARN": [
    ...["{}", "null", '{"GetCallerIdentityResponse":{}}', '{"GetCallerIdentityResponse":null}'].map(
      (body) => ({
        status: 200,
        body,
      }),
    ),
    ...["", "x", "arn", "arn:aws", "arn:aws:sts", "arn:aws:sts::1", "arn:aws:sts::1:"].map((arn) =>
      identity(arn, "A:b"),
    ),
    ...[
      "arn:aws-x:sts::1:assumed-role/a/b",
      "arn::sts::1:assumed-role/a/b",
      "ARN:aws:sts::1:assumed-role/a/b",
    ].map((arn) => identity(arn, "A:b")),
    ...["assumed-role/a", "assumed-role", "role/a", "user/a", "root", "group/a", "Assumed-Role/a/b"].map(
      (resource) => identity(sts(resource), "A:b"),
    ),
    ...[
      "group/a",
      "instance-profile/a",
      "assumed-role/a/b",
      "federated-user/a",
      "",
      "policy/a",
      "User/a",
    ].map((resource) => identity(iam(resource), "A:b")),
    ...["eks", "", "s3", "STS"].map((service) =>
      identity(`arn:aws:${service}::${ACCOUNT}:assumed-role/a/b`, "A:b"),
    ),
  ],
  "15 UserId": [
    ...["", "AROA", "AROA:a:b", "::", "a:b:c:d"].map((user) => identity(sts("assumed-role/dev/ada"), user)),
    ...["AROA", 'a"b', "a\\b", "é", "a\nb"].map((user) => identity(iam("role/dev"), user)),
  ],
  odd: [
    ...[":", "AROA:", ":ada", "AROA:ada@example.com", "AROA:é"].map((user) =>
      identity(sts("assumed-role/dev/ada"), user),
    ),
    ...["role/dev", "role/team/dev"].map((resource) => identity(iam(resource), "AROA:ada")),
    ...["user/a", "user/team/a", "root", "user"].map((resource) => identity(iam(resource), "AIDA:x:y")),
    identity(sts("federated-user/ada"), `${ACCOUNT}:ada`),
    identity(sts("assumed-role/team/dev/ada"), "AROA:ada"),
    ...["aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"].map(
      (partition) => identity(`arn:${partition}:sts::${ACCOUNT}:assumed-role/dev/ada`, "AROA:ada"),
    ),
  ],
};

/** A name per place in a list, as access keys are spelt. */
function keyNamed(word: string, index: number): string {
  return `ASIA${word.toUpperCase().replaceAll(/[^A-Z]/g, "")}${String(index).padStart(4, "0")}`;
}

export function tokenWorld(now: number): TokenWorld {
  const world = labWorld({ url: "https://localhost:1", ca: "" }, new Date(now));
  const answers = new Map<string, StsAnswer>();
  const answered = Object.fromEntries(
    Object.entries(ANSWERS).map(([rule, list]) => [
      rule,
      list.map((answer, index): SigningCredentials => {
        const accessKeyId = keyNamed(rule, index);
        answers.set(accessKeyId, answer);
        return { accessKeyId, secretAccessKey: "CANARY-answered" };
      }),
    ]),
  );
  return {
    world,
    credentials: [
      user(world, "ada", "/", true),
      user(world, "grace", "/team/x/", true),
      session(world, { name: "dev", token: "CANARY-session-token", ends: now + HOUR }),
      session(world, {
        name: "ops",
        token: `IQoJb3JpZ2luX2VjE//+=${"canary/+".repeat(90)}==`,
        ends: now + HOUR,
      }),
      session(world, { name: "long", token: "CANARY-long".repeat(220), ends: now + HOUR }),
    ],
    answered: {
      ...answered,
      "13 credentials": [
        user(world, "idle", "/", false),
        session(world, { name: "late", token: "CANARY-late", ends: now - HOUR }),
        {
          ...session(world, { name: "bare", token: "CANARY-bare", ends: now + HOUR }),
          sessionToken: "CANARY-other",
        },
        { accessKeyId: "ASIANOBODY0000000001", secretAccessKey: "CANARY", sessionToken: "CANARY-nobody" },
        { accessKeyId: "AKIANOBODY0000000001", secretAccessKey: "CANARY" },
      ],
    },
    takeover: ({ url = "" }, response) => {
      const answer = answers.get(/X-Amz-Credential=(\w+)/.exec(url)?.[1] ?? "");
      if (answer === undefined) return false;
      const { status, body, location } = answer;
      response.writeHead(status, { "content-type": "application/json", ...(location && { location }) });
      response.end(body);
      return true;
    },
  };
}

function user(world: LabWorld, name: string, path: string, active: boolean): SigningCredentials {
  const id = keyNamed(name, 0).replace("ASIA", "AKIA");
  const secret = `CANARY/${name}+secret`;
  addUser(world, { name, path, accessKeys: [{ id, secret, active }] });
  return { accessKeyId: id, secretAccessKey: secret };
}

function session(
  world: LabWorld,
  { name, token, ends }: { readonly name: string; readonly token: string; readonly ends: number },
): SigningCredentials {
  const role = addRole(world, { name });
  const accessKeyId = keyNamed(name, 0);
  const secretAccessKey = `CANARY/${name}+secret`;
  world.sessions.set(accessKeyId, {
    accessKeyId,
    secretAccessKey,
    sessionToken: token,
    expires: new Date(ends),
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/ada@example.com`,
    roleArn: role.arn,
    userId: `${role.uniqueId}:ada@example.com`,
    policyArns: [],
    inlinePolicy: undefined,
    tags: {},
  });
  return { accessKeyId, secretAccessKey, sessionToken: token };
}
