import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import { readWitnessed } from "../../token/files/plain-file.ts";
import { answerWarm } from "../../token/hot/answer.ts";
import type { Witness } from "../../token/hot/cached-token.ts";
import type { AwsQuestion } from "../../token/hot/question.ts";
import type { CredentialsWish } from "../../token/mint/mint-source.ts";
import { awsRequest, type Minted, mintToken } from "../../token/mint/mint-token.ts";
import { profileSource } from "../../token/mint/profile-source.ts";
import { nodeHost } from "../../token/node-host.ts";
import type { WarmSettings } from "../../token/session/current-file.ts";
import { type LabClock, labClock } from "../lab/clock.ts";
import { guardIn } from "./cluster-guard.ts";
import { execInfoFor } from "./cluster-infos.ts";
import { DEV, words } from "./source-cases.ts";

const DEFAULTS: WarmSettings = {
  requireClusterInfo: undefined,
  cache: undefined,
  server: undefined,
  account: undefined,
};

/** One call, as far as it differs from the plain one. */
interface ProfileCall {
  readonly parentId?: number;
  readonly question?: Partial<AwsQuestion>;
  readonly settings?: Partial<WarmSettings>;
}

/** Somebody with an AWS config and no Vouch server. The source of the credentials records its calls. */
export interface ProfileBench {
  /** Our state folder. */
  state: string;
  readonly config: string;
  readonly clock: LabClock;
  /** What was asked of the source so far. */
  readonly wishes: CredentialsWish[];
  /** What happens while the credentials are fetched. */
  during: () => Promise<void>;
  /** How long the next credentials live, in milliseconds; undefined: unknown. */
  credentialsLiveMs: number | undefined;
  /** The full program. */
  mint(call?: ProfileCall): Promise<Minted>;
  /** The warm path: the token, or undefined. */
  warm(call?: ProfileCall): string | undefined;
}

/** The clock is ahead of the file's time, so that the file counts as settled; it stands still until moved. */
export function profileBench(home: string): ProfileBench {
  const config = path.join(home, ".aws/config");
  fs.mkdirSync(path.dirname(config), { recursive: true });
  fs.writeFileSync(config, "[profile dev]\ncredential_process = get-keys\n");
  const clock = labClock(Date.now() + 5000);
  const env = {
    HOME: home,
    LOCALAPPDATA: path.join(home, ".local/state"),
    KUBERNETES_EXEC_INFO: execInfoFor(undefined),
  };
  const bench: ProfileBench = {
    state: path.join(home, ".local/state/kubectl-vouch"),
    config,
    clock,
    wishes: [],
    during: async () => undefined,
    credentialsLiveMs: undefined,
    async mint({ parentId = 100, question, settings } = {}) {
      const asked = { ...DEV, ...question };
      const all = { ...DEFAULTS, ...settings };
      const common = { state: bench.state, signal: new AbortController().signal };
      const source = await profileSource(asked, opened(bench), { ...common, clock, settings: all });
      const cache = all.cache !== false;
      const request = awsRequest(asked, { env, homeDir: home });
      return mintToken(request, {
        ...common,
        source,
        guard: guardIn(bench.state, { ...request, configFile: config }),
        now: clock,
        parentId,
        cache,
      });
    },
    warm({ parentId = 100, question } = {}) {
      let printed = "";
      const host = {
        ...nodeHost(process),
        args: words({ ...DEV, ...question }),
        env: (name: string) => (name in env ? env[name as keyof typeof env] : undefined),
        now: clock,
        parentId: () => parentId,
        print: (text: string) => {
          printed += text;
        },
      };
      return answerWarm(host) ? (JSON.parse(printed) as Printed).status.token : undefined;
    },
  };
  return bench;
}

interface Printed {
  readonly status: { readonly token: string };
}

/** Opens a source like a plan: only the config without its comments matters. */
function opened(bench: ProfileBench) {
  const { text = "", identity } = readWitnessed(bench.config, bench.clock());
  const digest = createHash("sha256")
    .update(text.replaceAll(/^#.*\n/gm, ""))
    .digest("hex");
  const witnesses: Witness[] | undefined = identity === undefined ? undefined : [[bench.config, identity]];
  const credentials = async (wish: CredentialsWish): Promise<AwsCredentials> => {
    bench.wishes.push(wish);
    const accessKeyId = `AKIACANARY${String(bench.wishes.length).padStart(10, "0")}`;
    await bench.during();
    const { credentialsLiveMs: lives } = bench;
    const expires = lives === undefined ? undefined : bench.clock() + lives;
    return { accessKeyId, secretAccessKey: "canary-secret", sessionToken: undefined, expires };
  };
  return { digest, witnesses, credentials };
}
