import { keepWarmSettings } from "../../token/session/current-file.ts";
import { withSessionsLocked } from "../../token/session/sessions-lock.ts";
import type { App } from "../app.ts";
import { clearCache } from "./clear-cache.ts";
import type { LocalState } from "./workplace.ts";

/**
 * Copies the settings that the warm path goes by to where it reads them: login, setup and `config set` do. What is cached
 * when the cache is switched off is removed.
 */
export async function applySettings(app: App, workplace: LocalState): Promise<void> {
  const { folders, config, current } = workplace;
  const { requireClusterInfo = false, cache = true } = config;
  const isSame =
    requireClusterInfo === (current.requireClusterInfo ?? false) && cache === (current.cache ?? true);
  if (isSame) return;
  const { state } = folders;
  await withSessionsLocked({ ...app, state }, () => keepWarmSettings(state, { requireClusterInfo, cache }));
  if (!cache) await clearCache(workplace);
}
