import { listTokens } from "../../token/mint/token-cache.ts";
import { clockTime, timestamp } from "../../token/text/time.ts";
import type { App } from "../app.ts";
import { duration, isForPrograms, printObject, table } from "../terminal/output.ts";
import type { OutputChoice, TableChoice } from "../terminal/output-choice.ts";
import { clearCache } from "../workplace/cache.ts";
import { Desk } from "../workplace/workplace.ts";

/** Table cell for a value that an entry does not have. */
const NONE = "-";

export function runCacheList(output: TableChoice, app: App): void {
  const entries = listTokens(new Desk(app).workplace.folders.state).sort((a, b) => b.expires - a.expires);
  if (isForPrograms(output)) {
    const items = entries.map(({ record: _record, expires, role, agent, ...rest }) => ({
      ...rest,
      ...("profile" in rest ? { profile: rest.profile ?? null } : {}),
      ...{ role: role ?? null, agent: agent ?? null, expires: timestamp(expires) },
    }));
    printObject(app, output, "CacheList", { items });
    return;
  }
  if (entries.length === 0) app.io.err("Nothing is cached.\n");
  const isWide = output === "wide";
  const rows = entries.map((entry) => {
    const { cluster, region, role, agent, expires, file } = entry;
    const identity = "profile" in entry ? profileWords(entry.profile) : entry.identity;
    return [
      cluster,
      region,
      role ?? NONE,
      agent === undefined ? identity : `${identity} (agent ${agent})`,
      expires > app.clock() ? duration(expires - app.clock()) : "expired",
      ...(isWide ? [clockTime(expires, app.clock()), "server" in entry ? entry.server : NONE, file] : []),
    ];
  });
  const heading = ["CLUSTER", "REGION", "ROLE", "IDENTITY", "EXPIRES IN"];
  app.io.out(table([[...heading, ...(isWide ? ["UNTIL", "SERVER", "FILE"] : [])], ...rows]));
}

export async function runCacheClear(output: OutputChoice, app: App): Promise<void> {
  const { tokens, credentials } = await clearCache(new Desk(app).workplace);
  if (output !== "text") return printObject(app, output, "CacheCleared", { tokens, credentials });
  app.io.err(`Removed ${count(tokens, "token")} and the AWS credentials of ${count(credentials, "role")}.\n`);
}

function profileWords(profile: string | undefined): string {
  return profile === undefined ? "the environment" : `profile ${profile}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
