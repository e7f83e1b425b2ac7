import assert from "node:assert/strict";
import { signEksToken } from "../../../token/eks/eks-token.ts";
import { explainToken } from "../../../token/eks/explain-token.ts";

const SIGNED_AT = Date.parse("2026-01-15T12:00:00Z");
const NOW = SIGNED_AT + 60_000;
const PREFIX = "k8s-aws-v1.";

const TOKEN = signEksToken(
  { cluster: "lab", region: "us-east-1", stsHost: "sts.us-east-1.amazonaws.com", signedAt: SIGNED_AT },
  { accessKeyId: "ASIACANARYKEY0000001", secretAccessKey: "canary-secret", sessionToken: "canary-session" },
);
const URL_TEXT = Buffer.from(TOKEN.slice(PREFIX.length), "base64url").toString("utf8");

function tokenOf(url: string): string {
  return PREFIX + Buffer.from(url).toString("base64url");
}

/** The good token with one text of its URL replaced, which must be there. */
function replaced(old: string, by: string): string {
  assert.ok(URL_TEXT.includes(old), `the URL holds ${old}`);
  return tokenOf(URL_TEXT.replace(old, by));
}

const host = (name: string) => replaced("sts.us-east-1.amazonaws.com", name);

function steps(token: string, now = NOW): number[] {
  return explainToken(token, now).problems.map(({ step }) => step);
}

interface BrokenRule {
  readonly rule: string;
  readonly token: string;
  readonly step: number;
  readonly problem: string;
  readonly now?: number;
}

/** Each rule of the verifier, broken in turn. Source: token/eks/EKS-TOKEN.md, "Verifier". */
const BROKEN: readonly BrokenRule[] = [
  {
    rule: "more than 4096 bytes",
    token: TOKEN + "A".repeat(4097 - TOKEN.length),
    step: 1,
    problem: "it is 4097 bytes long; a verifier accepts at most 4096",
  },
  {
    rule: "another prefix",
    token: `k8s-aws-v2.${TOKEN.slice(11)}`,
    step: 2,
    problem: "it does not start with k8s-aws-v1.",
  },
  { rule: "no prefix", token: TOKEN.slice(11), step: 2, problem: "it does not start with k8s-aws-v1." },
  { rule: "nothing at all", token: "", step: 2, problem: "it does not start with k8s-aws-v1." },
  ...[
    `${TOKEN}=`,
    `${TOKEN}==`,
    `${TOKEN.slice(0, -1)}+`,
    `${TOKEN.slice(0, -1)}/`,
    `${PREFIX}AAAAA`,
    `${TOKEN} `,
  ].map((token) => ({
    rule: `an ending ${JSON.stringify(token.slice(-2))} that base64url without padding cannot have`,
    token,
    step: 3,
    problem: "the part after the prefix is not base64url without padding",
  })),
  { rule: "nothing after the prefix", token: PREFIX, step: 4, problem: "its decoded content is not a URL" },
  {
    rule: "text that is no URL",
    token: tokenOf("sts.us-east-1"),
    step: 4,
    problem: "its decoded content is not a URL",
  },
  {
    rule: "a line break in the URL",
    token: tokenOf(`${URL_TEXT}\n`),
    step: 4,
    problem: "its decoded content is not a URL",
  },
  {
    rule: "scheme http",
    token: replaced("https:", "http:"),
    step: 4,
    problem: "its scheme is http, not https",
  },
  ...[
    "sts.us-east-1.example.com",
    "sts.us-east-1.amazonaws.com:443",
    "sts.us-east-1.amazonaws.com:8443",
    "STS.us-east-1.amazonaws.com",
    "sts.us-east-1.amazonaws.com.",
    "sts.amazonaws.com.cn",
    "website.amazonaws.com",
    "sts.us_east_1.amazonaws.com",
    "sts.-us-east-1.amazonaws.com",
    "sts.cn-north-1.amazonaws.com",
    "sts.us-east-1.amazonaws.com.cn",
    "sts.us-iso-east-1.api.aws.ic.gov",
    "vpce-1.sts.us-east-1.vpce.amazonaws.com",
    "localhost:4566",
    "",
  ].map((name) => ({
    rule: `host ${JSON.stringify(name)}`,
    token: host(name),
    step: 5,
    problem: `EKS does not accept STS host ${name}`,
  })),
  { rule: "a path", token: replaced("/?", "/x?"), step: 6, problem: "its path is /x, not /" },
  { rule: "no path", token: replaced("com/?", "com?"), step: 6, problem: "its path is empty, not /" },
  {
    rule: "a parameter twice",
    token: tokenOf(`${URL_TEXT}&Version=2011-06-15`),
    step: 7,
    problem: "parameter version appears twice",
  },
  {
    rule: "a parameter twice in another case",
    token: tokenOf(`${URL_TEXT}&ACTION=GetCallerIdentity`),
    step: 7,
    problem: "parameter action appears twice",
  },
  {
    rule: "a broken escape",
    token: replaced("2011-06-15", "2011%2"),
    step: 7,
    problem: "its query is malformed",
  },
  {
    rule: "a semicolon in the query",
    token: replaced("2011-06-15", "2011;06"),
    step: 7,
    problem: "its query is malformed",
  },
  {
    rule: "a parameter that is not allowed",
    token: tokenOf(`${URL_TEXT}&Foo=1`),
    step: 8,
    problem: "parameter foo is not allowed",
  },
  {
    rule: "another action",
    token: replaced("GetCallerIdentity", "AssumeRole"),
    step: 9,
    problem: "its action is AssumeRole, not GetCallerIdentity",
  },
  {
    rule: "an action in another case",
    token: replaced("GetCallerIdentity", "getcalleridentity"),
    step: 9,
    problem: "its action is getcalleridentity, not GetCallerIdentity",
  },
  {
    rule: "no action",
    token: replaced("Action=GetCallerIdentity&", ""),
    step: 9,
    problem: "its action is missing, not GetCallerIdentity",
  },
  {
    rule: "a cluster that is not signed",
    token: replaced("host%3Bx-k8s-aws-id", "host"),
    step: 10,
    problem: "the header x-k8s-aws-id is not signed",
  },
  {
    rule: "no signed headers",
    token: replaced("&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id", ""),
    step: 10,
    problem: "the header x-k8s-aws-id is not signed",
  },
  ...["901", "-1", "x", "", "1.5", "6e1"].map((expires) => ({
    rule: `X-Amz-Expires ${JSON.stringify(expires)}`,
    token: replaced("X-Amz-Expires=60", `X-Amz-Expires=${expires}`),
    step: 11,
    problem: `X-Amz-Expires is ${expires}; it must be 0 to 900`,
  })),
  {
    rule: "no X-Amz-Expires",
    token: replaced("&X-Amz-Expires=60", ""),
    step: 11,
    problem: "X-Amz-Expires is missing; it must be 0 to 900",
  },
  ...[
    "",
    "2026-01-15T12:00:00Z",
    "20260115T120000",
    "20260230T120000Z",
    "20261315T120000Z",
    "20260115T240000Z",
  ].map((date) => ({
    rule: `X-Amz-Date ${JSON.stringify(date)}`,
    token: replaced("20260115T120000Z", date),
    step: 12,
    problem: "X-Amz-Date is missing or not in the form 20260115T120000Z",
  })),
  {
    rule: "no X-Amz-Date",
    token: replaced("&X-Amz-Date=20260115T120000Z", ""),
    step: 12,
    problem: "X-Amz-Date is missing or not in the form 20260115T120000Z",
  },
  {
    rule: "an age of more than 15 minutes",
    token: TOKEN,
    now: SIGNED_AT + 15 * 60_000 + 1,
    step: 12,
    problem: "it was signed 15 minutes ago and is valid for 15",
  },
  {
    rule: "a date that STS refuses because it is to come",
    token: TOKEN,
    now: SIGNED_AT - 15 * 60_000 - 1,
    step: 13,
    problem: "it is dated 15 minutes in the future; STS accepts at most 15",
  },
];

describe("explainToken", () => {
  it("finds nothing wrong with a good token, and tells what it says without its secret parts", () => {
    assert.deepEqual(explainToken(TOKEN, NOW), {
      bytes: TOKEN.length,
      host: "sts.us-east-1.amazonaws.com",
      region: "us-east-1",
      partition: "aws",
      accessKeyId: "ASIACANARYKEY0000001",
      temporary: true,
      signedHeaders: ["host", "x-k8s-aws-id"],
      signedAt: SIGNED_AT,
      endsAt: SIGNED_AT + 15 * 60_000,
      problems: [],
    });
  });

  for (const { rule, token, step, problem, now } of BROKEN) {
    it(`names step ${step} for ${rule}`, () => {
      assert.deepEqual(explainToken(token, now ?? NOW).problems, [{ step, problem }]);
    });
  }

  const accepted = {
    "the global host": host("sts.amazonaws.com"),
    "another region of the partition": host("sts.eu-west-1.amazonaws.com"),
    "a region nobody knows": host("sts.xx-nowhere-9.amazonaws.com"),
    "a FIPS host": host("sts-fips.us-east-1.amazonaws.com"),
    "a dual-stack host": host("sts.us-east-1.api.aws"),
    "a host of China": host("sts.cn-north-1.amazonaws.com.cn"),
    "a host of the sovereign cloud": host("sts.eusc-de-east-1.amazonaws.eu"),
    "a scheme in capitals": replaced("https:", "HTTPS:"),
    "parameters in small letters": replaced("X-Amz-Date", "x-amz-date"),
    "no version": replaced("&Version=2011-06-15", ""),
    "X-Amz-Expires 0": replaced("X-Amz-Expires=60", "X-Amz-Expires=0"),
    "X-Amz-Expires 900": replaced("X-Amz-Expires=60", "X-Amz-Expires=900"),
    "more signed headers": replaced("host%3Bx", "accept%3Bhost%3Bx"),
  };
  for (const [what, token] of Object.entries(accepted)) {
    it(`accepts ${what}`, () => {
      assert.deepEqual(steps(token), []);
    });
  }

  it("accepts a token up to 15 minutes after and before its date", () => {
    assert.deepEqual(steps(TOKEN, SIGNED_AT + 15 * 60_000), []);
    assert.deepEqual(steps(TOKEN, SIGNED_AT - 15 * 60_000), []);
  });

  it("names all rules a token breaks", () => {
    assert.deepEqual(steps(tokenOf("http://example.com/x?a=1")), [4, 5, 6, 8, 9, 10, 11, 12]);
  });

  it("tells an IAM user's token, which has no session token", () => {
    const { temporary, problems } = explainToken(replaced("&X-Amz-Security-Token=canary-session", ""), NOW);
    assert.deepEqual({ temporary, problems }, { temporary: false, problems: [] });
  });

  it("never repeats the signature or the session token", () => {
    const signature = URL_TEXT.slice(-64);
    for (const { token, now } of BROKEN) {
      const told = JSON.stringify(explainToken(token, now ?? NOW));
      assert.ok(!told.includes(signature) && !told.includes("canary-session"), told);
    }
  });
});
