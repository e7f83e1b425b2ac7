/** The judge of tokens: the verifier of aws-iam-authenticator itself, whose calls to STS go to the lab's AWS. */
import fs from "node:fs";
import { type AwsStandIn, startAwsStandIn } from "../../lab/aws/stand-in.ts";
import { labClock } from "../../lab/clock.ts";
import type { LabWorld } from "../../lab/model.ts";
import type { Takeover } from "../../lab/takeover.ts";
import { type LabCa, makeLabCa } from "../../lab/tls.ts";
import { runCommand } from "../../support/run-command.ts";
import { connectProxy } from "../../token/net/connect-proxy.ts";
import { goProgram } from "../go/programs.ts";
import { comparable, type Verdict } from "./token-verdicts.ts";
import type { TokenCase } from "./tokens.ts";

export interface TokenJudge {
  /** Where STS is, for whoever asks it without the proxy. */
  readonly sts: { readonly url: string; readonly ca: string; readonly timeoutMs: number };
  /** One for each. */
  verdicts(cases: readonly TokenCase[]): Promise<Verdict[]>;
  close(): Promise<void>;
}

interface JudgeOptions {
  /** For the file with the lab's authority. */
  readonly folder: string;
  readonly world: LabWorld;
  readonly takeover: Takeover;
  /** Where the clock of STS stands still: the verifier has its own. */
  readonly now: number;
}

export async function startTokenJudge({ folder, world, takeover, now }: JudgeOptions): Promise<TokenJudge> {
  const ca: LabCa = await makeLabCa();
  const aws: AwsStandIn = await startAwsStandIn({ ca, clock: labClock(now), world });
  aws.faults.takeover = takeover;
  const proxy = await connectProxy({ port: Number(new URL(aws.url).port) });
  const caFile = `${folder}/ca.pem`;
  fs.writeFileSync(caFile, ca.cert);
  const env = { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: caFile };

  return {
    sts: { url: aws.url, ca: ca.cert, timeoutMs: 10_000 },
    verdicts: (cases) => ask(cases, env),
    close: async () => {
      await proxy.close();
      await aws.close();
    },
  };
}

interface JudgeAnswer {
  readonly identity?: Readonly<
    Record<"ARN" | "CanonicalARN" | "AccountID" | "UserID" | "SessionName" | "AccessKeyID", string>
  >;
  readonly error?: string;
}

async function ask(cases: readonly TokenCase[], env: Record<string, string>): Promise<Verdict[]> {
  const questions = cases.map(({ token, cluster, partition, region }) =>
    JSON.stringify({ token, cluster, partition, region }),
  );
  const { status, stdout, stderr } = await runCommand([goProgram("judge-token")], {
    env,
    stdin: questions.join("\n"),
  });
  const lines = stdout.trimEnd().split("\n");
  if (status !== 0 || lines.length !== cases.length) {
    throw new Error(`judge-token ended with ${status} after ${lines.length} answers: ${stderr}`);
  }
  return lines.map((line) => verdictIn(JSON.parse(line) as JudgeAnswer));
}

function verdictIn({ identity, error = "" }: JudgeAnswer): Verdict {
  if (identity === undefined) return { refusal: comparable(error) };
  const { ARN, CanonicalARN, AccountID, UserID, SessionName, AccessKeyID } = identity;
  return {
    caller: {
      arn: ARN,
      canonicalArn: CanonicalARN,
      accountId: AccountID,
      userId: UserID,
      sessionName: SessionName,
      accessKeyId: AccessKeyID,
    },
  };
}

const MALFORMED = "input token was not properly formatted: ";

/** Beginnings of the texts behind that, and the step of the verifier that they belong to. */
const STEPS: readonly (readonly [RegExp, number])[] = [
  [/^token is too large/, 1],
  [/^token is missing expected/, 2],
  [/^illegal base64/, 3],
  [/^parse: |^unexpected scheme/, 4],
  [/^could not parse region|^global endpoint|^invalid region|^unexpected hostname|^partition /, 5],
  [/^unexpected path/, 6],
  [/^malformed query|^duplicate query|^query parameter with multiple/, 7],
  [/^non-whitelisted/, 8],
  [/^unexpected action/, 9],
  [/^client did not sign/, 10],
  [/^invalid X-Amz-Expires/, 11],
  [/X-Amz-Date parameter/, 12],
];

/** The step of the verifier that refuses for the token's form; undefined when STS was asked. */
export function formStep(verdict: Verdict): number | undefined {
  if (!("refusal" in verdict) || !verdict.refusal.startsWith(MALFORMED)) return undefined;
  const text = verdict.refusal.slice(MALFORMED.length);
  const step = STEPS.find(([beginning]) => beginning.test(text))?.[1];
  if (step === undefined) throw new Error(`no step of the verifier says: ${text}`);
  return step;
}
