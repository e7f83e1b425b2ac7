/**
 * One mint as a process of its own, with an AWS that writes down every exchange. The first argument is a `MintOnce` in
 * JSON. Prints the token; with `dieBefore`, is killed as by `kill -9` before its nth step on the file system.
 */

import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { TemporaryCredentials } from "../../token/aws/aws-credentials.ts";
import type { CurrentSession } from "../../token/hot/current.ts";
import type { VouchQuestion } from "../../token/hot/question.ts";
import { fileKeyStore } from "../../token/keystore/file-key-store.ts";
import { mintToken, vouchRequest } from "../../token/mint/mint-token.ts";
import { sessionSource } from "../../token/mint/session-source.ts";
import { guardIn } from "./cluster-guard.ts";

/** What the process should do. */
export interface MintOnce {
  readonly state: string;
  readonly keys: string;
  readonly question: VouchQuestion;
  readonly session: CurrentSession;
  readonly parentId: number;
  /** Gets a line for every exchange. */
  readonly exchanges: string;
  readonly exchangeMs: number;
  readonly dieBefore?: number;
}

const job = JSON.parse(process.argv[2] ?? "") as MintOnce;

async function credentials(): Promise<TemporaryCredentials> {
  fs.appendFileSync(job.exchanges, `${job.parentId}\n`);
  await sleep(job.exchangeMs);
  return {
    accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: "canary-secret",
    sessionToken: "canary-session",
    expires: Date.now() + 3600_000,
  };
}

/** Kills the process before that step that creates or changes a file. */
function dieBefore(step: number): void {
  let steps = 0;
  const calls = [
    "openSync",
    "writeSync",
    "writeFileSync",
    "fsyncSync",
    "closeSync",
    "renameSync",
    "rmSync",
  ] as const;
  for (const call of calls) {
    const real = fs[call] as (...args: unknown[]) => unknown;
    const counted = (...args: unknown[]) => {
      steps += 1;
      if (steps === step) process.kill(process.pid, "SIGKILL");
      return real(...args);
    };
    Object.assign(fs, { [call]: counted });
  }
}

const refuse = () => Promise.reject(new Error("this process did not expect that call"));
if (job.dieBefore !== undefined) dieBefore(job.dieBefore);
const request = vouchRequest(job.question, job.session, {});
const common = { now: Date.now, signal: new AbortController().signal };
const source = sessionSource(request, {
  ...common,
  place: { state: job.state, keyStore: fileKeyStore(job.keys) },
  parties: {
    idToken: async () => ({ idToken: "canary.id.token", subject: job.session.identity }),
    sts: { assumeWithWebIdentity: credentials, assumeRole: refuse, callerIdentity: refuse },
  },
});
const { token } = await mintToken(request, {
  ...common,
  state: job.state,
  source,
  guard: guardIn(job.state, request),
  parentId: job.parentId,
});
process.stdout.write(token.token);
