import { KEY_STORE_KINDS } from "../../token/hot/key-store-kind.ts";
import { profilesFolder, sessionFolder } from "../../token/hot/state-files.ts";
import { removeToken, tokenFiles } from "../../token/mint/token-cache.ts";
import { allSessions } from "../../token/session/current-file.ts";
import {
  forgetCredentials,
  profilesHolder,
  rememberedNames,
  sessionHolder,
} from "../../token/session/session-secrets.ts";
import { ourKeyStore } from "./our-key-store.ts";
import type { LocalState } from "./workplace.ts";

/** How much was removed. */
export interface ClearedCache {
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
