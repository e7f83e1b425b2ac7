import type { BearerAccess } from "../../token/aws/bearer-call.ts";
import type { PlanAccess } from "../../token/aws/sources/opened-source.ts";
import type { ProfileRecord } from "../../token/aws/sources/profile-record.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import { detectAiAgent } from "../../token/hot/ai-agent.ts";
import type { KeyStoreKind } from "../../token/hot/key-store-kind.ts";
import { profileCredentials } from "../../token/mint/credentials-cache.ts";
import type { App } from "../app.ts";
import { ourKeyStore } from "../vouch/our-key-store.ts";
import { type Desk, isCacheOn } from "../vouch/workplace.ts";

/** What calls to AWS with a bearer token need from this process. */
export function centerAccess({ env, homeDir, clock, signal, io }: App, endpoints: Endpoints): BearerAccess {
  const warn = (text: string) => io.err(`warning: ${text}\n`);
  return { env, homeDir, clock, signal, endpoints, keep: true, warn };
}

/** What the caller decides; without `keep`, what was kept is used, unless the settings say that there is no cache. */
export interface PlanAccessOptions extends Pick<PlanAccess, "profile" | "keep" | "mfaCode"> {
  /** What is being settled, or was before by setup or login. */
  readonly record: ProfileRecord;
}

/** What the sources of AWS credentials need, wired to this process. */
export function planAccess(desk: Desk, { profile, record, keep, mfaCode }: PlanAccessOptions): PlanAccess {
  const { app, binding } = desk;
  const { env, clock, signal, platform } = app;
  const { folders } = desk.workplace;
  const chosen = binding.map(({ config }) => config.keyStore).find((kind) => kind !== undefined);
  const place = {
    state: folders.state,
    keyStore: (kind: KeyStoreKind | undefined) => ourKeyStore({ folders }, chosen ?? kind),
  };
  const isCached = binding.every(isCacheOn);
  const options = { keep: keep && isCached, now: clock, signal };
  return {
    ...centerAccess(app, record.endpoints),
    keep,
    profile,
    isWindows: platform === "win32",
    state: folders.state,
    kept: (key, wish, ask) =>
      profileCredentials(place, key, { ...wish, ...options, fresh: wish.fresh || !isCached }, ask),
    agent: detectAiAgent((name) => env[name]),
    mfaCode,
    approvedProcess: record.process,
    runProcess: async (command, environment) => {
      const { credentialProcessRunner } = await import("./credential-process.ts");
      return credentialProcessRunner(signal)(command, environment);
    },
    vouchRole: async ({ role, via, server, account }, hop) => {
      const { openVouchRole } = await import("../vouch/vouch-role.ts");
      return openVouchRole(desk, { role, via, server, account, ...hop }, { keep });
    },
    container: record.container,
    metadataEndpoint: record.metadataEndpoint,
  };
}
