import { awsConfigPath } from "../token/aws/aws-profiles.ts";
import { VouchError } from "../token/errors.ts";
import { maskAwsFile } from "../token/masking/mask-aws-file.ts";
import { maskKubeconfig } from "../token/masking/mask-kubeconfig.ts";
import { shellWord } from "../token/shell-word.ts";
import type { App } from "./app.ts";
import type { FileChange } from "./setup/file-change.ts";
import type { SetupPlace } from "./setup/setup-locks.ts";
import { type UndoneFile, undoSetup } from "./setup/undo-setup.ts";
import { unifiedDiff } from "./setup/unified-diff.ts";
import { readWorkplace } from "./workplace.ts";

/** Where setup keeps its journal, and what ends its waiting. */
export function setupPlace(app: App): SetupPlace {
  return { stateDir: readWorkplace(app).folders.state, clock: app.clock, signal: app.signal };
}

/** The changes as a unified diff; values that are secrets are masked. */
export function diffOf(changes: readonly FileChange[]): string {
  return changes
    .map(({ kind, path, before, after }) =>
      unifiedDiff({
        path,
        before,
        after,
        mask: kind === "kubeconfig" ? maskKubeconfig : maskAwsFile,
      }),
    )
    .join("");
}

const HOW: Readonly<Record<UndoneFile["how"], string>> = {
  restored: "is as it was before, byte for byte",
  removed: "is removed: setup had made it",
  entries: "was changed by somebody else since; only our entries went back",
  unchanged: "was already as before",
};

/** Takes back the last setup of this kind, and says what became of each file. */
export async function undoLastSetup(app: App, kind: FileChange["kind"]) {
  const undone = await undoSetup(setupPlace(app), kind).catch((error: unknown) => {
    if (kind !== "aws-config" || !(error instanceof VouchError) || error.code !== "undo-impossible")
      throw error;
    const file = shellWord(awsConfigPath(app.env, app.homeDir));
    throw new VouchError(error.code, error.message, {
      hint: `Remove the profile by hand: \`\${EDITOR:-vi} ${file}\``,
    });
  });
  for (const { path, how } of undone.files) app.io.err(`${path} ${HOW[how]}.\n`);
  return undone;
}
