import assert from "node:assert/strict";
import type { TemporaryCredentials } from "../../../token/aws/aws-credentials.ts";
import { type ExchangeParties, type ExchangeRequest, exchange } from "../../../token/aws/exchange.ts";
import { VouchError } from "../../../token/errors/errors.ts";

const ROLE = "arn:aws:iam::111122223333:role/dev";
const HUB = "arn:aws:iam::444455556666:role/hub";
const NEXT = "arn:aws:iam::444455556666:role/next";

const REQUEST: ExchangeRequest = { role: ROLE, via: [], region: "us-east-1", agent: undefined };

/** Credentials of a role, that tell which one. */
function credentialsOf(role: string): TemporaryCredentials {
  return { accessKeyId: `ASIA-${role}`, secretAccessKey: "canary", sessionToken: "canary", expires: 1 };
}

/** Parties that write down what they are asked; those a test does not name refuse. */
function parties(expected: { readonly subject?: string; readonly chain: boolean }) {
  const calls: unknown[] = [];
  const unexpected = () => Promise.reject(new Error("this test did not expect that call"));
  const both: ExchangeParties = {
    idToken: async (role) => {
      calls.push(["id token", role]);
      return { idToken: `token pinned to ${role}`, subject: expected.subject ?? "ada@example.com" };
    },
    sts: {
      async assumeWithWebIdentity(hop) {
        calls.push(["web identity", hop]);
        return credentialsOf(hop.roleArn);
      },
      assumeRole: expected.chain
        ? async ({ by, ...hop }) => {
            calls.push(["role", hop, by.accessKeyId]);
            return credentialsOf(hop.roleArn);
          }
        : unexpected,
      callerIdentity: unexpected,
    },
  };
  return { calls, ...both };
}

const webIdentity = (roleArn: string, more: object = {}) => [
  "web identity",
  { roleArn, sessionName: "ada@example.com", idToken: `token pinned to ${roleArn}`, ...more },
];
const chained = (roleArn: string, by: string, more: object = {}) => [
  "role",
  { roleArn, sessionName: "ada@example.com", ...more },
  `ASIA-${by}`,
];

const READ_ONLY = { policies: { managed: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] } };
const ASSUME_ONLY = {
  policies: {
    inline: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
          Resource: "*",
        },
      ],
    }),
  },
};

interface Walk {
  readonly request: Partial<ExchangeRequest>;
  readonly calls: readonly unknown[];
}

const WALKS: Readonly<Record<string, Walk>> = {
  "assumes the role with a token pinned to it": {
    request: {},
    calls: [["id token", ROLE], webIdentity(ROLE)],
  },
  "pins the token to the first role on the way, and goes on from there": {
    request: { via: [HUB] },
    calls: [["id token", HUB], webIdentity(HUB), chained(ROLE, HUB)],
  },
  "takes several roles in their order, each by the one before": {
    request: { via: [HUB, NEXT] },
    calls: [["id token", HUB], webIdentity(HUB), chained(NEXT, HUB), chained(ROLE, NEXT)],
  },
  "does not assume a role that is already the identity": {
    request: { via: [ROLE] },
    calls: [["id token", ROLE], webIdentity(ROLE)],
  },
  "does not assume a role twice in a row on the way": {
    request: { via: [HUB, HUB, ROLE, ROLE] },
    calls: [["id token", HUB], webIdentity(HUB), chained(ROLE, HUB)],
  },
  "comes back to a role when that is what is asked": {
    request: { via: [ROLE, HUB] },
    calls: [["id token", ROLE], webIdentity(ROLE), chained(HUB, ROLE), chained(ROLE, HUB)],
  },
  "lets an AI agent only read": {
    request: { agent: "codex" },
    calls: [["id token", ROLE], webIdentity(ROLE, READ_ONLY)],
  },
  "lets an AI agent only assume on the way, and only read at the end": {
    request: { agent: "codex", via: [HUB, NEXT] },
    calls: [
      ["id token", HUB],
      webIdentity(HUB, ASSUME_ONLY),
      chained(NEXT, HUB, ASSUME_ONLY),
      chained(ROLE, NEXT, READ_ONLY),
    ],
  },
  "lets an AI agent only assume where another role comes after": {
    request: { agent: "codex", via: [HUB], isLast: false },
    calls: [["id token", HUB], webIdentity(HUB, ASSUME_ONLY), chained(ROLE, HUB, ASSUME_ONLY)],
  },
};

describe("exchange", () => {
  for (const [what, { request, calls }] of Object.entries(WALKS)) {
    it(what, async () => {
      const asked = parties({ chain: calls.length > 2 });
      assert.deepEqual(await exchange({ ...REQUEST, ...request }, asked), credentialsOf(ROLE));
      assert.deepEqual(asked.calls, calls);
    });
  }

  it("names the read-only policy of the partition", async () => {
    const role = "arn:aws-cn:iam::111122223333:role/dev";
    const asked = parties({ chain: false });
    await exchange({ ...REQUEST, role, region: "cn-north-1", agent: "goose" }, asked);
    assert.deepEqual(
      asked.calls[1],
      webIdentity(role, { policies: { managed: ["arn:aws-cn:iam::aws:policy/ReadOnlyAccess"] } }),
    );
  });

  it("makes the subject of the token a name that STS takes", async () => {
    const asked = parties({ chain: false, subject: "Ada Lovelace <ada@example.com>" });
    await exchange(REQUEST, asked);
    assert.deepEqual(asked.calls[1], webIdentity(ROLE, { sessionName: "Ada-Lovelace--ada@example.com-" }));
  });

  const refused: Readonly<Record<string, readonly [Partial<ExchangeRequest>, string]>> = {
    "a role that is none": [{ role: "dev" }, "role-arn-invalid"],
    "a role on the way that is none": [{ via: ["hub"] }, "role-arn-invalid"],
    "a role of another partition than the region's": [{ region: "us-gov-west-1" }, "partition-mismatch"],
    "a role on the way of another partition": [
      { via: ["arn:aws-cn:iam::111122223333:role/hub"] },
      "partition-mismatch",
    ],
  };
  for (const [what, [request, code]] of Object.entries(refused)) {
    it(`refuses ${what} before anybody is asked`, async () => {
      const asked = parties({ chain: false });
      await assert.rejects(exchange({ ...REQUEST, ...request }, asked), { code });
      assert.deepEqual(asked.calls, []);
    });
  }

  it("stops at the hop that is refused", async () => {
    const asked = parties({ chain: true });
    const refusal = new VouchError("role-denied", "no");
    const sts = { ...asked.sts, assumeRole: () => Promise.reject(refusal) };
    await assert.rejects(exchange({ ...REQUEST, via: [HUB, NEXT] }, { ...asked, sts }), refusal);
    assert.deepEqual(asked.calls, [["id token", HUB], webIdentity(HUB)]);
  });
});
