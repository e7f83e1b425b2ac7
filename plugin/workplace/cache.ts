import { unlessThrown } from "../../token/errors/errors.ts";
import { KEY_STORE_KINDS } from "../../token/hot/key-store-kind.ts";
import { profilesFolder, sessionFolder } from "../../token/hot/state-files.ts";
import { removeToken, tokenFiles } from "../../token/mint/token-cache.ts";
import { allSessions, keepWarmSettings, type WarmSettings } from "../../token/session/current-file.ts";
import {
  forgetCredentials,
  profilesHolder,
  rememberedNames,
  sessionHolder,
} from "../../token/session/session-secrets.ts";
import { withSessionsLocked } from "../../token/session/sessions-lock.ts";
import { serverUrl } from "../../token/vouch/server-url.ts";
import { ourKeyStore } from "./our-key-store.ts";
import type { Desk, LocalState } from "./workplace.ts";

/** How much was removed. */
interface ClearedCache {
  readonly tokens: number;
  /** Roles whose AWS credentials were kept. */
  readonly credentials: number;
}

/** Removes all cached tokens and AWS credentials; sessions stay. */
export async function clearCache({ folders, current }: LocalState): Promise<ClearedCache> {
  const tokens = tokenFiles(folders.state);
  for (const token of tokens) removeToken(token);

  let credentials = 0;
  for (const { session } of allSessions(current)) {
    const keyStore = await ourKeyStore({ folders }, session.keyStore);
    credentials += forgetCredentials(
      sessionHolder(session.id, sessionFolder(folders.state, session.id)),
      keyStore,
    );
  }
  credentials += await forgetProfiles({ folders });
  return { tokens: tokens.length, credentials };
}

/** Removes everything that is cached for AWS profiles. */
export async function clearProfiles({ folders }: Pick<LocalState, "folders">): Promise<void> {
  const ours = `${profilesFolder(folders.state)}/`;
  for (const token of tokenFiles(folders.state)) if (token.startsWith(ours)) removeToken(token);
  await forgetProfiles({ folders });
}

async function forgetProfiles({ folders }: Pick<LocalState, "folders">): Promise<number> {
  let credentials = 0;
  for (const kind of KEY_STORE_KINDS) {
    const holder = profilesHolder(folders.state, kind);
    if (rememberedNames(holder).length === 0) continue;
    credentials += forgetCredentials(holder, await ourKeyStore({ folders }, kind));
  }
  return credentials;
}

/**
 * Copies the settings that the warm path uses to where it reads them; login, setup and `config set` call it. If the cache is
 * switched off, it is emptied.
 */
export async function applySettings({ app, workplace }: Desk): Promise<void> {
  const { folders, current } = workplace;
  const settings = warmSettings(workplace);
  const { requireClusterInfo, cache, server, account } = settings;
  const isSame =
    requireClusterInfo === (current.requireClusterInfo ?? false) &&
    cache === (current.cache ?? true) &&
    server === current.server &&
    account === current.account;
  if (isSame) return;
  const { state } = folders;
  await withSessionsLocked({ ...app, state }, () => keepWarmSettings(state, settings));
  if (!cache) await clearCache(workplace);
}

/** What the settings say about that now. */
export function warmSettings({ config }: LocalState): WarmSettings {
  const { requireClusterInfo = false, cache = true, account } = config;
  return { requireClusterInfo, cache, server: baseOf(config.server), account };
}

/** Undefined also for an invalid address, which is reported where it is used. */
function baseOf(server: string | undefined): string | undefined {
  return unlessThrown(() => (server === undefined ? undefined : serverUrl(server).base), undefined);
}
