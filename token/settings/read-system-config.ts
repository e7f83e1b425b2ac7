import fs from "node:fs";
import path from "node:path";
import { run } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { VouchError } from "../errors/errors.ts";
import { readTextFile } from "../files/plain-file.ts";
import { type ConfigFile, readConfig } from "./settings.ts";
import type { SystemConfig } from "./system-config.ts";

/**
 * The settings of the machine. Throws `config-invalid` if they are broken, or if anyone but their owner could have written them.
 */
export function readSystemConfig({ file, ownerId }: SystemConfig): ConfigFile {
  const text = readTextFile(file);
  if (text === undefined) return {};
  for (const place of [file, path.dirname(file)]) requireOwner(place, ownerId);
  return readConfig(text, file);
}

function requireOwner(place: string, ownerId: number): void {
  const { uid, mode } = fs.statSync(place);
  if (uid === ownerId && (mode & 0o022) === 0) return;
  throw new VouchError(
    "config-invalid",
    `${place} is not trusted: mode ${(mode & 0o777).toString(8)}, owner ${uid}; it must belong to user ${ownerId} and be writable only by that user.`,
    {
      hint: withCommands`If its contents are correct, run ${run("chown", String(ownerId), {}, place)}, then ${run("chmod", "go-w", {}, place)}`,
    },
  );
}
