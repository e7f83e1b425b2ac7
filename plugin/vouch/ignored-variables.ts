import fs from "node:fs";
import { type IgnoredVariable, ignoredVariables } from "../../token/endpoints/aws-endpoint.ts";
import { type EndpointKey, type Endpoints, shownValue } from "../../token/endpoints/endpoints.ts";
import { fnv64 } from "../../token/hot/fnv.ts";
import { sessionFolder } from "../../token/hot/state-files.ts";
import { shown } from "../../token/text/printable.ts";
import type { App } from "../app.ts";
import type { VouchAccess } from "./vouch-access.ts";

/** The part of the record that a call for AWS credentials needs. */
const KEYS: readonly EndpointKey[] = ["vouchCaBundle", "awsCaBundle", "stsEndpoint"];

/** Says, once per session and value, that a variable that differs from the session's record is ignored. */
export function tellIgnoredVariables(
  app: App,
  { place, entry, endpoints }: VouchAccess,
  region: string,
): void {
  for (const variable of ignoredVariables(app.env, { endpoints, region, keys: KEYS })) {
    const told = `${sessionFolder(place.state, entry.id)}/told-${fnv64(`${variable.name}=${variable.value}`)}`;
    if (isFirst(told)) tell(app, variable);
  }
}

/** Tells of ignored variables at a login that no user typed, which has no session yet. */
export function tellIgnoredAtLogin(app: App, endpoints: Endpoints): void {
  for (const variable of ignoredVariables(app.env, { endpoints, region: "", keys: ["vouchCaBundle"] }))
    tell(app, variable);
}

function tell({ io }: App, { name, value, recorded }: IgnoredVariable): void {
  const usual = name.endsWith("CA_BUNDLE") ? "only the built-in CAs" : "AWS's own hosts";
  io.err(
    `kubectl-vouch: ${name}=${oneLine(shownValue(value))} is ignored: login recorded ${oneLine(recorded ?? usual)}.\n` +
      "To use it, log in while it is set: `kubectl vouch login`\n",
  );
}

/** A file that cannot be created, as in a session's deleted folder, counts as new: better once too often than never. */
function isFirst(file: string): boolean {
  try {
    fs.writeFileSync(file, "", { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "EEXIST");
  }
}

function oneLine(text: string): string {
  return shown(text).slice(0, 200);
}
