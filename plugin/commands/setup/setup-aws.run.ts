import { parseRoleArn, requireSamePartition } from "../../../token/aws/arn.ts";
import { awsConfigPath } from "../../../token/aws/aws-paths.ts";
import { ours, run } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { signedStsHost } from "../../../token/endpoints/aws-endpoint.ts";
import { EXIT, VouchError } from "../../../token/errors/errors.ts";
import type { App } from "../../app.ts";
import { lastingProgram, PROGRAM } from "../../programs/program-path.ts";
import {
  type AwsProfileWish,
  type AwsSetup,
  readAwsFilesNow,
  setUpAwsProfile,
} from "../../setup/aws-setup.ts";
import { changedEntries } from "../../setup/changed-entries.ts";
import { commitChanges, type SetupPlan } from "../../setup/commit-changes.ts";
import { AWS_FLAG_RULES, validateFlags } from "../../setup/setup-flags.ts";
import { diffOf, setupPlace, undoWords, writeProblems } from "../../setup/setup-report.ts";
import type { EntryChange } from "../../setup/undo/take-back.ts";
import { reportUndo, undoOrPlan } from "../../setup/undo/undo-report.ts";
import type { UndoWish } from "../../setup/undo/undo-selection.ts";
import { printObject } from "../../terminal/output.ts";
import type { ColorChoice } from "../../terminal/style.ts";
import { applySettings } from "../../workplace/cache.ts";
import { chosenServer, Desk } from "../../workplace/workplace.ts";
import type { SetupAwsOptions } from "./setup-aws.options.ts";

/** The exit status is 0, or that of accounts in IAM Identity Center that could not be set up. */
export async function runSetupAws(
  options: SetupAwsOptions,
  { app, color }: { readonly app: App; readonly color: ColorChoice },
): Promise<number> {
  validateFlags(options, AWS_FLAG_RULES);
  const { ssoStartUrl } = options;
  if (ssoStartUrl === undefined) {
    await runSetupRole(options, app);
    return EXIT.ok;
  }
  const { runSetupCenter } = await import("./setup-center.run.ts");
  return runSetupCenter({ ...options, ssoStartUrl }, { app, color });
}

/** One profile for a role of Vouch's, or the undo of any. */
async function runSetupRole(options: SetupAwsOptions, app: App): Promise<void> {
  const desk = new Desk(app);
  if (options.undo) {
    const wish = undoWish(app, options);
    reportUndo(app, await undoOrPlan(desk, wish, options), { wish, options, forgotten: [] });
    return;
  }
  const wish = wishOf(options, desk);
  const plan = planAws(app, wish);
  const diff = options.diff || options.dryRun ? diffOf(plan.changes) : undefined;
  if (options.output === "text") app.io.out(diff ?? "");
  const result = options.dryRun
    ? plan.result
    : await commitChanges(setupPlace(desk), () => planAws(app, wish));
  if (!options.dryRun) await applySettings(new Desk(app));
  const warnings = options.dryRun ? writeProblems(plan.changes) : [];
  report({ app, options, wish, result, diff, warnings });
}

/** What `--undo` undoes: the last change of the AWS config, of one profile if one is named. */
function undoWish(app: App, { profile }: SetupAwsOptions): UndoWish {
  const files = [awsConfigPath(app.env, app.homeDir)];
  if (profile === undefined) return { kind: "aws-config", files };
  const only = {
    what: `profile ${profile}`,
    isMeant: ({ section, name }: EntryChange) => section === "profile" && name === profile,
  };
  return { kind: "aws-config", files, only };
}

function wishOf(options: SetupAwsOptions, desk: Desk): AwsProfileWish {
  const { role, via = [], profile, region, account } = options;
  if (role === undefined) {
    throw new VouchError("usage", "Neither a role nor a start URL of IAM Identity Center was specified.", {
      hint: "For example: `kubectl vouch setup aws --role arn:aws:iam::111122223333:role/Dev --region eu-west-1`, or `kubectl vouch setup aws --sso-start-url https://acme.awsapps.com/start`",
    });
  }
  for (const arn of [...via, role]) {
    const parsed = parseRoleArn(arn);
    if (region !== undefined) requireSamePartition(parsed, region);
  }
  if (region !== undefined) signedStsHost(region, {});
  const { app } = desk;
  const server = chosenServer(desk, options.server).base;
  const command = lastingProgram(app)?.path;
  if (command === undefined) {
    app.io.err(
      `warning: ${PROGRAM} is not on your PATH, so AWS tools will not find it. Install it: kubectl krew install vouch\n`,
    );
  }
  return { profile, role, via, region, account, server, command: command ?? PROGRAM };
}

function planAws(app: App, wish: AwsProfileWish): SetupPlan<AwsSetup> {
  const result = setUpAwsProfile(readAwsFilesNow(app), wish);
  return { changes: result.changes, result };
}

interface ReportInput {
  readonly app: App;
  readonly options: SetupAwsOptions;
  readonly wish: AwsProfileWish;
  readonly result: AwsSetup;
  readonly diff: string | undefined;
  readonly warnings: readonly string[];
}

function report({ app, options, wish, result, diff, warnings }: ReportInput): void {
  const { profile, status, was, changes } = result;
  const files = changes.map(({ path }) => path);
  if (options.output !== "text") {
    const { role, via, server, region } = wish;
    printObject(app, options.output, "AwsSetup", {
      dryRun: options.dryRun,
      profile,
      status,
      was,
      files,
      changes: changedEntries(changes),
      role,
      via,
      server,
      region,
      warnings,
      diff,
      undo: options.dryRun || files.length === 0 ? undefined : undoWords(app.programName, "aws-config"),
    });
    return;
  }
  const would = options.dryRun ? "would be " : "";
  const done = status === "unchanged" ? "is already up to date" : `${would}${status}`;
  const lines = [
    `Profile ${profile} ${done}: ${wish.role}`,
    ...(was === "vouch"
      ? [
          `  (${options.dryRun ? "currently" : "previously"}, its credentials ${options.dryRun ? "come" : "came"} from Vouch's own CLI)`,
        ]
      : []),
    ...(options.dryRun || files.length === 0
      ? []
      : [withCommands`Wrote ${files.join(", ")}; undo with ${ours("setup aws --undo")}`]),
    ...warnings.map((warning) => `warning: ${warning}`),
    ...(options.dryRun
      ? ["Nothing was written."]
      : [withCommands`Try it: ${run("aws", "sts get-caller-identity", { profile })}`]),
  ];
  app.io.err(`${lines.join("\n")}\n`);
}
