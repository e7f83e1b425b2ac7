import { keepWarmSettings, type WarmSettings } from "../../token/session/current-file.ts";
import { withSessionsLocked } from "../../token/session/sessions-lock.ts";
import { serverUrl } from "../../token/vouch/server-url.ts";
import type { App } from "../app.ts";
import { clearCache } from "./clear-cache.ts";
import type { LocalState } from "./workplace.ts";

/**
 * Copies the settings that the warm path uses to where it reads them; login, setup and `config set` call it. If the cache is
 * switched off, it is emptied.
 */
export async function applySettings(app: App, workplace: LocalState): Promise<void> {
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
  try {
    return server === undefined ? undefined : serverUrl(server).base;
  } catch {
    return undefined;
  }
}
