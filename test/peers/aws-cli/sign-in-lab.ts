import { createHash } from "node:crypto";
import fs from "node:fs";
import { get } from "node:https";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { addAssignment, answerDevice } from "../../lab/aws/identity-center.ts";
import { type AwsStandIn, startAwsStandIn } from "../../lab/aws/stand-in.ts";
import { labWorld } from "../../lab/aws/world.ts";
import { type LabClock, labClock } from "../../lab/clock.ts";
import type { SsoConsent } from "../../lab/identity-center-model.ts";
import { makeLabCa } from "../../lab/tls.ts";
import { type CommandResult, runCommand } from "../../support/run-command.ts";
import { type ConnectProxy, connectProxy } from "../../token/net/connect-proxy.ts";
import { type ForkedAws, startForkedAws } from "./forked-aws.ts";
import { type AwsCli, awsCli } from "./programs.ts";

/** Two ways to say the same: with a session that is refreshed, and the older one without; and a role that nobody has. */
const CONFIG = `[default]
cli_follow_urlparam = false

[sso-session lab]
sso_start_url = https://lab.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

[profile dev]
sso_session = lab
sso_account_id = 111122223333
sso_role_name = Dev
region = us-east-1

[profile admin]
sso_session = lab
sso_account_id = 111122223333
sso_role_name = Admin
region = us-east-1

[profile old]
sso_start_url = https://lab.awsapps.com/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = Dev
region = us-east-1
`;

/** The stand-in under AWS's own names, behind a proxy, with somebody's home before it: ada may use the permission set Dev. */
export interface SignInLab {
  readonly standIn: AwsStandIn;
  readonly clock: LabClock;
  readonly proxy: ConnectProxy;
  readonly home: string;
  /** `~/.aws`. */
  readonly aws: string;
  /** Name of Dev's role. */
  readonly role: string;
  /** PEM file of the CA behind AWS's names. */
  readonly caFile: string;
  readonly env: Readonly<Record<string, string>>;
  /** An AWS CLI of one major version, which starts quickly. */
  cli(major: 1 | 2): Promise<AwsCli>;
  run(command: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandResult>;
  /** Answers for the person as soon as a client has asked in vain. */
  answerNext(consent: SsoConsent): Promise<void>;
  /** As a browser opens what a client shows; gives where it is sent. */
  visit(address: URL): Promise<string | undefined>;
  /** Where the token of a session lies. */
  tokenFile(session: string): string;
  /** Changes members of that file. */
  editToken(session: string, fields: Readonly<Record<string, unknown>>): void;
  close(): Promise<void>;
}

export async function startSignInLab(): Promise<SignInLab> {
  const ca = await makeLabCa();
  const clock = labClock();
  const world = labWorld({ url: "https://localhost:1", ca: ca.cert });
  const { roleArn } = addAssignment(world, { userName: "ada", permissionSet: "Dev" });
  const standIn = await startAwsStandIn({ ca, clock, world });
  const proxy = await connectProxy({ port: Number(new URL(standIn.url).port) });
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "aws-sign-in-peer-"));
  const aws = path.join(home, ".aws");
  const caFile = path.join(home, "ca.pem");
  fs.mkdirSync(aws);
  fs.writeFileSync(path.join(aws, "config"), CONFIG);
  fs.writeFileSync(caFile, ca.cert);
  const env = {
    HOME: home,
    PATH: process.env["PATH"] ?? "",
    AWS_CA_BUNDLE: caFile,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_MAX_ATTEMPTS: "1",
    AWS_PAGER: "",
    HTTPS_PROXY: proxy.url,
  };
  const forks: ForkedAws[] = [];
  const tokenFile = (session: string) =>
    path.join(aws, "sso", "cache", `${createHash("sha1").update(session).digest("hex")}.json`);
  return {
    standIn,
    clock,
    proxy,
    home,
    aws,
    role: roleArn.slice(roleArn.lastIndexOf("/") + 1),
    caFile,
    env,
    async cli(major) {
      const cli = awsCli(major);
      const fork = await startForkedAws(cli.program, { folder: path.join(home, `aws-cli-${major}`), home });
      forks.push(fork);
      return { ...cli, program: fork.program };
    },
    run: (command, more = {}) => runCommand(command, { env: { ...env, ...more } }),
    async answerNext(consent) {
      const { identityCenter } = world;
      for (;;) {
        const waiting = [...identityCenter.devices.values()].find(
          ({ status, lastPoll }) => status === "pending" && lastPoll !== undefined,
        );
        if (waiting) return void answerDevice(identityCenter, waiting.userCode, consent);
        await delay(20);
      }
    },
    visit({ host, pathname, search }) {
      const options = { ca: ca.cert, servername: host, headers: { host } };
      return new Promise((resolve, reject) => {
        get(`${standIn.url}${pathname}${search}`, options, (response) =>
          resolve(response.resume().headers.location),
        ).on("error", reject);
      });
    },
    tokenFile,
    editToken(session, fields) {
      const file = tokenFile(session);
      const token = JSON.parse(fs.readFileSync(file, "utf8"));
      fs.writeFileSync(file, JSON.stringify({ ...token, ...fields }));
    },
    async close() {
      for (const fork of forks) await fork.close();
      await proxy.close();
      await standIn.close();
      fs.rmSync(home, { recursive: true });
    },
  };
}
