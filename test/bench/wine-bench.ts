/** What the launcher for Windows costs, in proportion to a program that does nothing: Wine's own times say nothing about Windows. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { archiveName } from "../../krew/archive/entry.ts";
import { launcherToolchain } from "../../krew/launcher/toolchain.ts";
import { PLATFORMS } from "../../krew/platforms.ts";
import { hotTable, STATE } from "../support/hot-cases.ts";
import { layOut, onDisk } from "../support/hot-on-disk.ts";
import { SHIPPED_VERSION, unpackShipped } from "../support/shipped-files.ts";
import { buildProgram } from "../support/windows-program.ts";
import { startWine } from "../support/wine.ts";
import { type Calls, timeCalls } from "./own-parent.ts";

/** Where `npm run release` has installed the compiler. */
const CACHE = path.join(os.homedir(), ".cache/kubectl-vouch-release");

export const WINE_NAMES = { empty: "nothing, under Wine", warm: "credential eks, warm, under Wine" } as const;

/** None without Wine, or if the release has no archive for Windows. */
export async function timeUnderWine(
  release: string,
  { rounds, has }: { readonly rounds: number; readonly has: (program: string) => boolean },
): Promise<Calls[]> {
  const platform = PLATFORMS.find(({ os, arch }) => os === "windows" && arch === "amd64");
  if (platform === undefined || !has("wine")) return [];
  if (!fs.existsSync(path.join(release, archiveName(SHIPPED_VERSION, platform)))) return [];
  const windows = startWine();
  try {
    const root = path.join(windows.folder, "laid-out");
    const table = hotTable({ noon: Date.now(), parentId: 0, version: SHIPPED_VERSION });
    const [plain = { name: "", answers: true }] = table.cases;
    const { args } = layOut(root, plain, table);
    const state = path.join(windows.profile, "AppData/Local/kubectl-vouch");
    fs.mkdirSync(path.dirname(state), { recursive: true });
    fs.renameSync(onDisk(root, STATE), state);

    const nothing = await buildProgram(await launcherToolchain(CACHE), {
      sources: ["../bench/nothing.c"],
      file: path.join(windows.folder, "nothing.exe"),
    });
    const launcher = path.join(unpackShipped(release, platform), "kubectl-vouch.exe");
    const { env } = windows;
    // Without the variable of kubectl: all calls have the same parent, none.
    return await timeCalls(
      [
        { name: WINE_NAMES.empty, command: ["wine", nothing], env },
        { name: WINE_NAMES.warm, command: ["wine", launcher, ...args], env },
      ],
      rounds,
    );
  } finally {
    windows.stop();
  }
}
