import path from "node:path";
import { runCommand } from "../../support/run-command.ts";
import type { Outcome, OutcomeCase } from "../../token/aws/sources/outcomes/outcome-case.ts";
import type { Scene } from "../../token/aws/sources/outcomes/scene.ts";
import { type ConnectProxy, connectProxy } from "../../token/net/connect-proxy.ts";
import { awsCli } from "../aws-cli/programs.ts";
import { type AwsCliSession, startAwsCli } from "../aws-cli/session.ts";

/** What a program of AWS's made of a case: whose credentials, or what it said and how it ended. */
export type Seen = string | { readonly said: string; readonly exit: number };

export interface OutcomeJudges {
  cli(major: 1 | 2, each: OutcomeCase): Promise<Seen>;
  sdk(each: OutcomeCase): Promise<Seen>;
  close(): Promise<void>;
}

const SDK = path.join(import.meta.dirname, "aws-sdk", "main.ts");

/** The AWS CLIs ask AWS by its own names, which a proxy leads to the stand-in; the SDK by a variable for all services. */
export async function startOutcomeJudges(scene: Scene): Promise<OutcomeJudges> {
  const { lab, metadata } = scene;
  const proxy = await connectProxy({ port: Number(new URL(lab.standIn.url).port) });
  const sessions = new Map(([1, 2] as const).map((major) => [major, startAwsCli(awsCli(major), lab.home)]));
  return {
    async cli(major, each) {
      scene.prepare(each);
      const words = ["sts", "get-caller-identity", "--output", "json", ...named(each)];
      const env = { ...cliEnv(scene, proxy), ...each.env };
      const { status, stdout, stderr } =
        each.isAlone === true
          ? await byItself(awsCli(major).program, words, {
              env: { HOME: lab.home, ...env },
              code: each.mfaCode,
            })
          : await sessionOf(sessions, major).run(words, env);
      return status === 0 ? scene.who(JSON.parse(stdout).Arn) : { said: stderr, exit: status };
    },
    async sdk(each) {
      scene.prepare(each);
      const { profile = "", mfaCode = "" } = each;
      const env = {
        HOME: lab.home,
        PATH: process.env["PATH"] ?? "",
        AWS_REGION: "us-east-1",
        AWS_ENDPOINT_URL: lab.standIn.url,
        AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url,
        NODE_EXTRA_CA_CERTS: path.join(lab.home, "ca.pem"),
        ...each.env,
      };
      const command = [process.execPath, SDK, "chain", profile, mfaCode];
      const { status, stdout, stderr } = await runCommand(command, { env });
      if (status !== 0) return { said: stderr, exit: status };
      const { accessKeyId, sessionToken } = JSON.parse(stdout);
      return scene.whoHas(accessKeyId, sessionToken);
    },
    async close() {
      await Promise.all([...sessions.values()].map((session) => session.close()));
      await proxy.close();
    },
  };
}

/** Whether what was seen is what the case expects. */
export function isAsExpected(seen: Seen, expected: Outcome): boolean {
  if (typeof seen === "string" || typeof expected === "string") return seen === expected;
  return seen.exit === expected.exit && expected.says.test(seen.said);
}

function cliEnv({ lab, metadata }: Scene, proxy: ConnectProxy): Readonly<Record<string, string>> {
  return {
    PATH: process.env["PATH"] ?? "",
    PYTHONUTF8: "1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_CA_BUNDLE: path.join(lab.home, "ca.pem"),
    AWS_EC2_METADATA_SERVICE_ENDPOINT: `${metadata.url}/`,
    AWS_MAX_ATTEMPTS: "1",
    AWS_PAGER: "",
    HTTPS_PROXY: proxy.url,
  };
}

function named({ profile }: OutcomeCase): readonly string[] {
  return profile === undefined ? [] : ["--profile", profile];
}

/** In a session of its own, so that it has no terminal. */
function byItself(
  program: string,
  words: readonly string[],
  { env, code }: { readonly env: Readonly<Record<string, string>>; readonly code: string | undefined },
) {
  const stdin = code === undefined ? "" : `${code}\n`;
  return runCommand(["setsid", "--wait", program, ...words], { env, stdin });
}

function sessionOf(sessions: ReadonlyMap<1 | 2, AwsCliSession>, major: 1 | 2): AwsCliSession {
  const session = sessions.get(major);
  if (session === undefined) throw new Error(`there is no AWS CLI ${major}`);
  return session;
}
