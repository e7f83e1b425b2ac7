import { readTextFile } from "../files/plain-file.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../files/private-file.ts";
import {
  type Current,
  type CurrentServer,
  type CurrentSession,
  findSession,
  readCurrent,
  unnamedAccount,
} from "../hot/current.ts";
import { currentFile } from "../hot/state-files.ts";

const NO_SESSIONS: Current = { version: 1, servers: {} };

/**
 * Who is logged in, from `current.json`. A missing or invalid file means no one: it holds no secret, and login rewrites it. An
 * invalid entry is left out.
 */
export function loadCurrent(state: string): Current {
  const text = readTextFile(currentFile(state));
  const current = text === undefined ? undefined : readCurrent(text);
  return current === undefined ? NO_SESSIONS : withoutStrange(current);
}

function withoutStrange(current: Current): Current {
  const servers: Record<string, CurrentServer> = {};
  for (const [server, entry] of Object.entries(current.servers)) {
    const sessions = Object.fromEntries(
      Object.keys(entry?.sessions ?? {}).flatMap((identity) => {
        const session = findSession(current, server, identity);
        return session === undefined ? [] : [[identity, session]];
      }),
    );
    const [first] = Object.keys(sessions);
    if (first === undefined) continue;
    const last = Object.hasOwn(sessions, entry.current) ? entry.current : first;
    const isOther = typeof entry.unnamed === "string" && entry.unnamed !== last;
    servers[server] = { current: last, ...(isOther ? { unnamed: entry.unnamed } : {}), sessions };
  }
  const { last, requireClusterInfo, cache, server, account } = current;
  return {
    version: 1,
    ...(typeof last === "string" ? { last } : {}),
    ...(requireClusterInfo ? { requireClusterInfo } : {}),
    ...(cache === false ? { cache } : {}),
    ...(typeof server === "string" ? { server } : {}),
    ...(typeof account === "string" ? { account } : {}),
    servers,
  };
}

/** The account of contexts that name none, as it is kept beside that of the last login. */
function unnamed(first: string | undefined, last: string): Pick<CurrentServer, "unnamed"> {
  return first === undefined || first === last ? {} : { unnamed: first };
}

/** Replaces `current.json` as a whole, in our private folder. */
export function saveCurrent(state: string, current: Current): void {
  ensurePrivateDirectory(state);
  writeFileAtomically(currentFile(state), `${JSON.stringify(current, null, 2)}\n`);
}

/**
 * Adds a user's session at the server, and makes it the one that commands use if no account is named. Contexts go on using that
 * of `first`.
 */
export function withSession(
  current: Current,
  server: string,
  session: CurrentSession,
  first?: string,
): Current {
  const sessions = { ...current.servers[server]?.sessions, [session.identity]: session };
  return {
    ...current,
    last: server,
    servers: {
      ...current.servers,
      [server]: {
        current: session.identity,
        ...unnamed(first ?? unnamedAccount(current, server), session.identity),
        sessions,
      },
    },
  };
}

/**
 * Removes a user's session at the server. The longest remaining session there, if any, becomes the one that is used, also by
 * contexts that name no account, if they were this user's.
 */
export function withoutSession(current: Current, server: string, identity: string): Current {
  const { last: before, ...rest } = current;
  const { [server]: entry, ...others } = current.servers;
  const { [identity]: _gone, ...sessions } = entry?.sessions ?? {};
  const [next] = Object.values(sessions).sort((a, b) => b.end - a.end);
  const left = entry?.current === identity ? next?.identity : entry?.current;
  const first = unnamedAccount(current, server);
  const servers =
    next === undefined || left === undefined
      ? others
      : {
          ...others,
          [server]: { current: left, ...unnamed(first === identity ? left : first, left), sessions },
        };
  const last = before !== undefined && before in servers ? before : Object.keys(servers)[0];
  return { ...rest, ...(last === undefined ? {} : { last }), servers };
}

/** The settings that the warm path uses; absent ones have their default. */
export interface WarmSettings {
  readonly requireClusterInfo: boolean | undefined;
  readonly cache: boolean | undefined;
  readonly server: string | undefined;
  readonly account: string | undefined;
}

/** Copies the settings to where the warm path reads them. */
export function keepWarmSettings(state: string, settings: WarmSettings): void {
  const { last, servers } = loadCurrent(state);
  const { requireClusterInfo, cache, server, account } = settings;
  saveCurrent(state, {
    version: 1,
    ...(last === undefined ? {} : { last }),
    ...(requireClusterInfo === true ? { requireClusterInfo } : {}),
    ...(cache === false ? { cache } : {}),
    ...(server === undefined ? {} : { server }),
    ...(account === undefined ? {} : { account }),
    servers,
  });
}

/** All sessions, with their servers, in no particular order. */
export function allSessions(
  current: Current,
): { readonly server: string; readonly session: CurrentSession }[] {
  return Object.entries(current.servers).flatMap(([server, { sessions }]) =>
    Object.keys(sessions).flatMap((identity) => {
      const session = findSession(current, server, identity);
      return session === undefined ? [] : [{ server, session }];
    }),
  );
}
