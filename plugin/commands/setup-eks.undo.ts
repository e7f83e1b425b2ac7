import path from "node:path";
import { kubeconfigPaths, namedKubeconfig } from "../../token/kubeconfig/kubeconfig-files.ts";
import type { App } from "../app.ts";
import { approvalsToGive, type ForgottenApproval } from "../setup/forget-approvals.ts";
import { forgetLost } from "../setup/forget-lost.ts";
import { reportUndo, undoOrPlan } from "../setup/undo/undo-report.ts";
import type { UndoWish } from "../setup/undo/undo-selection.ts";
import { contextsIn } from "../vouch/vouch-contexts.ts";
import type { Desk } from "../workplace/workplace.ts";
import type { SetupEksOptions } from "./setup-eks.options.ts";

/** Takes a setup back, and forgets the clusters and approvals that no context of ours needs any more. */
export async function undoEks(options: SetupEksOptions, desk: Desk): Promise<void> {
  const { app } = desk;
  const wish = undoWish(app, options);
  const before = contextsIn(wish.files);
  const undone = await undoOrPlan(desk, wish, options);
  const now = contextsIn(wish.files);
  let forgotten: readonly ForgottenApproval[] = [];
  try {
    forgotten = await forgetLost(desk, before, now);
  } finally {
    // Even if something could not be forgotten: the files are restored.
    reportUndo(app, undone, { wish, options, forgotten });
  }
  const lines = approvalsToGive(desk, { before, now }, namedKubeconfig(options.kubeconfig));
  app.io.err(lines.map((line) => `${line}\n`).join(""));
}

/** What `--undo` takes back: the last change of the files that setup would write, of one cluster if one is named. */
function undoWish(app: App, { cluster, region, kubeconfig }: SetupEksOptions): UndoWish {
  const files = kubeconfigPaths(app, kubeconfig);
  const given = kubeconfig === undefined ? {} : { kubeconfig: path.resolve(kubeconfig) };
  if (cluster === undefined) return { kind: "kubeconfig", files, ...given };
  const where = region === undefined ? "" : ` in ${region}`;
  return {
    kind: "kubeconfig",
    files,
    ...given,
    only: {
      what: `cluster ${cluster}${where}`,
      isMeant: (change) =>
        change.cluster?.name === cluster && (region === undefined || change.cluster.region === region),
    },
  };
}
