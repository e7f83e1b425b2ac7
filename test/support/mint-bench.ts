import path from "node:path";
import type { TemporaryCredentials } from "../../token/aws/aws-credentials.ts";
import type { ExchangeParties } from "../../token/aws/exchange.ts";
import type { VouchQuestion } from "../../token/hot/question.ts";
import { type Minted, mintToken, type TokenRequest, vouchRequest } from "../../token/mint/mint-token.ts";
import { sessionSource } from "../../token/mint/session-source.ts";
import { keepSession, type SessionPlace } from "../../token/session/session-store.ts";
import { type LabClock, labClock } from "../lab/clock.ts";
import { type MemoryKeyStore, memoryKeyStore } from "../token/vouch/memory-key-store.ts";
import { guardIn } from "./cluster-guard.ts";
import { type Login, login, sessionId } from "./sessions.ts";

export const QUESTION: VouchQuestion = {
  cluster: "lab",
  region: "us-east-1",
  role: "arn:aws:iam::111122223333:role/dev",
  via: [],
  server: "https://us.vouch.sh",
  account: undefined,
};

/** One call, as far as it differs from the plain one. */
export interface MintCall {
  readonly question?: Partial<VouchQuestion>;
  readonly env?: Readonly<Record<string, string>>;
  readonly parentId?: number;
  readonly login?: Login;
}

/** Somebody logged in, in a folder, with an AWS that counts. */
export interface MintBench {
  readonly state: string;
  readonly clock: LabClock;
  readonly keyStore: MemoryKeyStore;
  readonly place: SessionPlace;
  readonly ada: Login;
  /** Roles of the exchanges so far, in their order. */
  readonly exchanges: string[];
  /** What happens in the middle of each exchange. */
  during: () => Promise<void>;
  /** How long the next credentials live, in milliseconds. */
  credentialsLiveMs: number;
  mint(call?: MintCall): Promise<Minted>;
}

/**
 * The state is where the hot path looks if `XDG_STATE_HOME` is this folder. The clock starts at the machine's time, since the age
 * of a lock is that of its file; it stands still until moved.
 */
export function mintBench(folder: string): MintBench {
  const clock = labClock(Date.now());
  const state = path.join(folder, "kubectl-vouch");
  const keyStore = memoryKeyStore();
  const place = { state, keyStore };
  const ada = login("ada@example.com", sessionId(1), { now: clock() });
  keepSession(place, ada.session, ada.entry);

  const bench: MintBench = {
    state,
    clock,
    keyStore,
    place,
    ada,
    exchanges: [],
    during: async () => undefined,
    credentialsLiveMs: 3600_000,
    mint({ question, env = {}, parentId = 100, login: who = ada } = {}) {
      const request = vouchRequest({ ...QUESTION, ...question }, who.entry, env);
      return mintByStore(request, { place, bench, parentId });
    },
  };
  return bench;
}

/** A mint in this place, whose exchanges are counted. */
export function mintByStore(
  request: TokenRequest,
  {
    place,
    bench,
    parentId,
  }: { readonly place: SessionPlace; readonly bench: Counts; readonly parentId: number },
): Promise<Minted> {
  const common = { now: bench.clock, signal: new AbortController().signal };
  const source = sessionSource(request, { ...common, place, parties: countingParties(bench) });
  return mintToken(request, {
    ...common,
    state: place.state,
    source,
    guard: guardIn(place.state, request),
    parentId,
  });
}

type Counts = Pick<MintBench, "clock" | "exchanges" | "during" | "credentialsLiveMs">;

/** Every exchange gives new credentials, as STS does; its number is in the access key. */
export function countingParties(bench: Counts): ExchangeParties {
  const credentials = async (role: string): Promise<TemporaryCredentials> => {
    bench.exchanges.push(role);
    const number = bench.exchanges.length;
    await bench.during();
    return {
      accessKeyId: `ASIACANARYKEY${String(number).padStart(7, "0")}`,
      secretAccessKey: "canary-secret",
      sessionToken: "canary-session",
      expires: bench.clock() + bench.credentialsLiveMs,
    };
  };
  return {
    idToken: async () => ({ idToken: "canary.id.token", subject: "ada@example.com" }),
    sts: {
      assumeWithWebIdentity: ({ roleArn }) => credentials(roleArn),
      assumeRole: async ({ roleArn, by }) => ({
        ...by,
        accessKeyId: `${by.accessKeyId}>${roleArn}`,
        sessionToken: "canary-session",
        expires: bench.clock() + bench.credentialsLiveMs,
      }),
      callerIdentity: () => Promise.reject(new Error("no mint asks who it is")),
    },
  };
}

/** The number of the exchange whose credentials signed a token. */
export function exchangeOf({ token }: Minted): number {
  const url = new URL(Buffer.from(token.token.slice("k8s-aws-v1.".length), "base64url").toString("utf8"));
  return Number(/^ASIACANARYKEY(\d{7})/.exec(url.searchParams.get("X-Amz-Credential") ?? "")?.[1]);
}
