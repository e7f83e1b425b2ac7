import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serverUrl } from "../../../token/vouch/server-url.ts";
import { type VouchClient, type VouchClientOptions, vouchClient } from "../../../token/vouch/vouch-client.ts";
import { type LabClock, labClock } from "../../lab/clock.ts";
import { type LabCa, makeLabCa } from "../../lab/tls.ts";
import type { VouchStandInOptions } from "../../lab/vouch/settings.ts";
import { startVouchStandIn, type VouchStandIn } from "../../lab/vouch/vouch-stand-in.ts";
import { type MemoryKeyStore, memoryKeyStore } from "./memory-key-store.ts";

/** A stand-in of the Vouch server, and a client that trusts it; waiting only moves the clock of both. */
export interface StandInMeeting {
  readonly server: VouchStandIn;
  readonly clock: LabClock;
  readonly keyStore: MemoryKeyStore;
  /** How long the client wanted to wait, in ms. */
  readonly sleeps: number[];
  /** Called with each wait, by its number from 1. */
  onSleep: (count: number) => void;
  client(changes?: Partial<VouchClientOptions>): VouchClient;
  /** `POST /oauth/token 400`, in order. */
  paths(): string[];
}

/** Makes them for the suite it is called in; each is closed after its test. */
export function standInMeetings(): (options?: Partial<VouchStandInOptions>) => Promise<StandInMeeting> {
  let folder: string;
  let ca: LabCa;
  const open: VouchStandIn[] = [];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "vouch-meeting-"));
    ca = await makeLabCa();
    writeFileSync(join(folder, "ca.pem"), ca.cert);
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

  return async (options = {}) => {
    const clock = labClock();
    const server = await startVouchStandIn({ ca, clock, ...options });
    open.push(server);
    const keyStore = memoryKeyStore();
    const meeting: StandInMeeting = {
      server,
      clock,
      keyStore,
      sleeps: [],
      onSleep: () => undefined,
      client: (changes = {}) =>
        vouchClient({
          server: serverUrl(server.url),
          keyStore,
          clock,
          env: {},
          caBundle: join(folder, "ca.pem"),
          version: "1.2.3",
          hostname: "lab-1",
          interactive: true,
          sleep: async (ms) => {
            clock.advance(ms);
            meeting.onSleep(meeting.sleeps.push(ms));
          },
          random: () => 0,
          ...changes,
        }),
      paths: () => server.requests.map(({ method, path, status }) => `${method} ${path} ${status}`),
    };
    return meeting;
  };
}
