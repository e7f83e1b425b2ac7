import path from "node:path";
import { ERRORS } from "../../token/errors/error-table.ts";
import { EXIT, VouchError } from "../../token/errors/errors.ts";
import { linkTarget, requireWritable, requireWritableFolder } from "../../token/files/private-file.ts";
import { maskAwsFile } from "../../token/masking/mask-arguments.ts";
import { maskKubeconfig } from "../../token/masking/mask-kubeconfig.ts";
import type { Desk } from "../workplace/workplace.ts";
import type { ProfileRound } from "./all-profiles.ts";
import type { FoundClusters } from "./cluster-list.ts";
import type { SetupPlace } from "./commit-changes.ts";
import type { FoundSetup } from "./eks-entries.ts";
import { type FileChange, hashOf } from "./setup-journal.ts";
import { unifiedDiff } from "./unified-diff.ts";

/** Where setup keeps its journal, and the signal that ends its waiting. */
export function setupPlace({ app, workplace }: Desk): SetupPlace {
  return { stateDir: workplace.folders.state, clock: app.clock, signal: app.signal };
}

/** The words of the command that takes a change back. `kubeconfig` is the file of `--kubeconfig`. */
export function undoWords(
  programName: string,
  kind: FileChange["kind"],
  kubeconfig?: string | undefined,
): string[] {
  const verb = kind === "kubeconfig" ? "setup eks" : "setup aws";
  const file = kubeconfig === undefined ? [] : ["--kubeconfig", path.resolve(kubeconfig)];
  return [...`${programName} ${verb} --undo`.split(" "), ...file];
}

/** The changes as a unified diff, with secrets masked and certificates shortened. */
export function diffOf(changes: readonly FileChange[]): string {
  return changes
    .map(({ kind, path: file, before, after }) =>
      unifiedDiff({
        path: file,
        before,
        after,
        mask: kind === "kubeconfig" ? (text) => withShortCertificates(maskKubeconfig(text)) : maskAwsFile,
      }),
    )
    .join("");
}

/** With certificate data replaced by its length and the beginning of its hash, by which two certificates differ. */
function withShortCertificates(kubeconfig: string): string {
  return kubeconfig.replaceAll(
    /((?:certificate-authority|client-certificate)-data["']?:[ \t]*["']?)([A-Za-z0-9+/]{60,}={0,2})/g,
    (_, key: string, data: string) =>
      `${key}(${data.length} characters, SHA-256 ${hashOf(data)?.slice(0, 8)}…)`,
  );
}

/** For `--dry-run`: why the real run could not write. */
export function writeProblems(changes: readonly FileChange[]): string[] {
  return changes.flatMap(({ path: file }) => {
    try {
      requireWritable(file);
      // The lock and the new file go there.
      requireWritableFolder(path.dirname(linkTarget(file)));
      return [];
    } catch (error) {
      if (error instanceof VouchError) return [error.message];
      throw error;
    }
  });
}

/** What became of the profiles that were not set up. These come last, so that users do not overlook them. */
export function profileLines({
  failures,
  passedOver,
}: {
  readonly failures: readonly SearchFailure[];
  readonly passedOver: ProfileRound<unknown>["passedOver"];
}): string[] {
  return [
    ...passedOver.map(({ profile, reason }) => `AWS profile ${profile} skipped: ${reason}`),
    ...failures.flatMap((failure) => [`error: ${failureText(failure)}`, `  ${failure.error.hint}`]),
  ];
}

/** A profile that could not be searched, or one of its regions. */
export interface SearchFailure {
  readonly profile: string | undefined;
  readonly region?: string;
  readonly error: VouchError;
}

export function searchFailures({
  done,
  failures,
}: Pick<ProfileRound<FoundSetup>, "done" | "failures">): SearchFailure[] {
  const inRegions = done.flatMap(({ identity, found }) =>
    found.failures.map((failure) => ({ profile: identity.profile, ...failure })),
  );
  return [...failures, ...inRegions];
}

/** The message, with the profile. */
export function failureText({ profile, error }: SearchFailure): string {
  return profile === undefined ? error.message : toldOf(`AWS profile ${profile}`, error.message);
}

export function failureObject<T extends SearchFailure>({ error, ...where }: T) {
  return { ...where, code: error.code, message: error.message, hint: error.hint };
}

export function passedObjects({ passedOver }: Pick<ProfileRound<unknown>, "passedOver">) {
  return passedOver.map(({ profile, reason }) => ({ profile, reason }));
}

interface SearchOptions {
  readonly all: boolean;
  readonly regions: readonly string[];
}

type Searched = Pick<FoundClusters, "notSearched" | "live">;

/** Clusters that were found, but could not be described. */
export function skippedLines(found: readonly FoundClusters[]): string[] {
  return found.flatMap(({ skipped }) =>
    skipped.map(({ name, region, reason }) => `Skipped ${name} in ${region}: ${reason}`),
  );
}

/** Where clusters were not looked for. */
export function searchLines(found: readonly Searched[], options: SearchOptions): string[] {
  return [...found.flatMap(notSearchedLines), ...onlyLines(found, options)];
}

/** Regions that were passed over, those with one reason in one line. */
function notSearchedLines({ notSearched }: Searched): string[] {
  if (notSearched.length === 0) return [];
  const regions = notSearched.map(({ region }) => region).join(", ");
  const [{ reason } = { reason: "" }] = notSearched;
  const isOne = notSearched.every((one) => one.reason === reason);
  return [`Not searched: ${regions}${isOne ? `: ${reason}` : " (-o json shows the reasons)"}`];
}

/** Without `--regions`, only the profile's own region is searched; every region, if it has none. */
function onlyLines(found: readonly Searched[], { all, regions }: SearchOptions): string[] {
  const own = found.filter(({ live, notSearched }) => live.scopes.length + notSearched.length === 1);
  const searched = new Set(own.flatMap(({ live }) => live.scopes.map(({ region }) => region)));
  if (!all || regions.length > 0 || searched.size === 0) return [];
  return [`Searched ${[...searched].join(", ")} only; for every region, add --regions all.`];
}

/** `AWS profile dev: The rest.`; only the message if it already names its subject. */
export function toldOf(subject: string, message: string): string {
  const isNamed = message
    .split(subject)
    .slice(1)
    .some((rest) => !NAME_GOES_ON.test(rest));
  return isNamed ? message : `${subject}: ${message}`;
}

/** What follows the subject where that is only part of a longer name. */
const NAME_GOES_ON = /^[\w@./+-]*\w/;

/** The common exit status of all failures; different ones give that of a general failure. */
export function commonExit(failures: readonly { readonly error: VouchError }[]): number {
  const [first, ...others] = new Set(failures.map(({ error }) => ERRORS[error.code].exit));
  if (first === undefined) return EXIT.ok;
  return others.length === 0 ? first : EXIT.general;
}
