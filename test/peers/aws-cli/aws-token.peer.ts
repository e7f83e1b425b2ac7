/**
 * Tokens of the real AWS CLI against ours: `aws eks get-token` and `signEksToken` at the same instant, with the same
 * credentials, must say the same in every query parameter, the signature among them.
 *
 * Needs both AWS CLIs on PATH, each with the Python that runs it; a step of its own in CI, where their absence
 * is a failure. No network: signing is offline.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { signEksToken } from "../../../token/eks/eks-token.ts";
import type { SigningCredentials } from "../../../token/eks/sigv4-query.ts";
import { tokenExpiry } from "../../../token/eks/token-form.ts";
import { execCredential } from "../../../token/hot/exec-credential.ts";
import { stsHost } from "../../../token/hot/sts-host.ts";
import { runCommand } from "../../support/run-command.ts";
import { awsCli } from "./programs.ts";

const USER: SigningCredentials = {
  accessKeyId: "AKIACANARYKEY0000001",
  secretAccessKey: "canary/secret+key",
};
const ROLE: SigningCredentials = {
  accessKeyId: "ASIACANARYKEY0000001",
  secretAccessKey: "canary/secret+key",
  sessionToken: `IQoJb3JpZ2luX2VjE//+=${"canary/+".repeat(120)}==`,
};

interface TokenCase {
  readonly cluster: string;
  readonly region: string;
  readonly credentials: SigningCredentials;
  readonly fips: boolean;
  readonly dualStack: boolean;
  /** Seconds since 1970. */
  readonly now: number;
}

const PLAIN: TokenCase = {
  cluster: "lab",
  region: "us-east-1",
  credentials: ROLE,
  fips: false,
  dualStack: false,
  now: Date.parse("2026-01-15T12:00:00Z") / 1000,
};

const CASES: readonly TokenCase[] = [
  ...["us-east-1", "eu-west-1", "ap-southeast-2", "us-gov-west-1", "cn-north-1", "us-iso-east-1"].map(
    (region) => ({
      ...PLAIN,
      region,
    }),
  ),
  ...["a", "Lab_1", `x${"-".repeat(98)}x`].map((cluster) => ({ ...PLAIN, cluster })),
  ...["us-east-1", "eu-west-1"].map((region) => ({ ...PLAIN, region, credentials: USER })),
  { ...PLAIN, fips: true },
  { ...PLAIN, dualStack: true },
  { ...PLAIN, fips: true, dualStack: true },
  { ...PLAIN, region: "us-gov-west-1", fips: true },
  { ...PLAIN, now: Date.parse("2028-02-29T23:59:59Z") / 1000 },
  { ...PLAIN, now: Date.parse("2026-12-31T23:50:00Z") / 1000 },
];

/** What the command prints, which is what kubectl reads. */
interface ExecCredential {
  readonly kind: string;
  readonly apiVersion: string;
  readonly status: { readonly expirationTimestamp: string; readonly token: string };
}

for (const major of [1, 2] as const) {
  describe(`the tokens of AWS CLI ${major}`, () => {
    let theirs: readonly ExecCredential[];

    before(async () => {
      const { python } = awsCli(major);
      const script = path.join(import.meta.dirname, "aws-token.py");
      const { status, stdout, stderr } = await runCommand([python, script], {
        env: {},
        stdin: JSON.stringify(CASES.map(commandOf)),
      });
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      theirs = JSON.parse(stdout) as ExecCredential[];
      assert.equal(theirs.length, CASES.length);
    });

    for (const [index, tokenCase] of CASES.entries()) {
      const { credentials, cluster, ...rest } = tokenCase;
      const who = credentials === USER ? "a user" : "a role";
      it(`are ours for ${who}, cluster ${cluster}, ${JSON.stringify(rest)}`, () => {
        const { kind, apiVersion, status } = theirs[index] ?? assert.fail("there is no token");
        const token = ourToken(tokenCase);
        assert.deepEqual(parameters(token), parameters(status.token));
        // The CLI writes a session token behind the signed headers, we in the order that is signed.
        if (credentials === USER) assert.equal(token, status.token);
        else assert.equal(token.length, status.token.length);
        const end = { signedAt: tokenCase.now * 1000, credentialsEnd: Infinity, sessionEnd: Infinity };
        assert.deepEqual(JSON.parse(execCredential(apiVersion, status.token, tokenExpiry(end))), {
          kind,
          apiVersion,
          status,
        });
      });
    }
  });
}

function ourToken({ cluster, region, credentials, fips, dualStack, now }: TokenCase): string {
  const host = stsHost(region, { fips, dualStack }) ?? assert.fail(`${region} has no host`);
  return signEksToken({ cluster, region, stsHost: host, signedAt: now * 1000 }, credentials);
}

/** All a token says, with the host. */
function parameters(token: string): Record<string, string> {
  const url = new URL(Buffer.from(token.slice("k8s-aws-v1.".length), "base64url").toString("utf8"));
  return { host: url.host, ...Object.fromEntries(url.searchParams) };
}

function commandOf({ cluster, region, credentials, fips, dualStack, now }: TokenCase) {
  return {
    now,
    args: ["eks", "get-token", "--cluster-name", cluster, "--region", region, "--output", "json"],
    env: {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
      AWS_USE_FIPS_ENDPOINT: String(fips),
      AWS_USE_DUALSTACK_ENDPOINT: String(dualStack),
      AWS_CONFIG_FILE: "/nowhere/config",
      AWS_SHARED_CREDENTIALS_FILE: "/nowhere/credentials",
      AWS_EC2_METADATA_DISABLED: "true",
    },
  };
}
