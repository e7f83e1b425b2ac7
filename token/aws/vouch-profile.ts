import { ours } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { VouchError } from "../errors/errors.ts";
import type { SharedFiles, SharedProfile } from "./sources/shared-files.ts";
import { readVouchProcess, type VouchProcess } from "./vouch-process.ts";

/** A profile whose credentials come from Vouch. */
interface VouchProfile extends SharedProfile {
  readonly vouch: VouchProcess;
}

/** The role of Vouch's that is a profile's source of credentials; undefined for any other source. */
export function vouchOf(profile: SharedProfile | undefined): VouchProcess | undefined {
  return readVouchProcess(profile?.settings.get("credential_process")?.value ?? "");
}

/** The profiles that get their credentials from Vouch. */
export function vouchProfiles(profiles: SharedFiles["profiles"]): VouchProfile[] {
  return [...profiles.values()].flatMap((profile) => {
    const vouch = vouchOf(profile);
    return vouch === undefined ? [] : [{ ...profile, vouch }];
  });
}

interface ProfileWish {
  /** `--profile` */
  readonly flag?: string | undefined;
  /** `AWS_PROFILE`; ignored if its profile is not Vouch's. */
  readonly variable?: string | undefined;
  /** The file that the profiles were read from, for messages. */
  readonly file: string;
}

/**
 * The profile that names the role to assume, if there is no `--role`: that of `--profile`; else of `AWS_PROFILE` if it is
 * Vouch's; else the only one there is (several with the same role and chain count as one). Throws `profile-missing`,
 * `role-ambiguous` with the candidates and their roles, or `aws-not-configured`.
 */
export function chosenVouchProfile(
  profiles: SharedFiles["profiles"],
  { flag, variable, file }: ProfileWish,
): { readonly profile: VouchProfile; readonly origin: string } {
  const candidates = vouchProfiles(profiles);
  const named = (name: string | undefined) => candidates.find((profile) => profile.name === name);
  if (flag !== undefined) {
    const profile = named(flag);
    if (profile !== undefined) return { profile, origin: "flag --profile" };
    throw missing(profiles, { flag, file });
  }
  const ofVariable = named(variable);
  if (ofVariable !== undefined) return { profile: ofVariable, origin: "AWS_PROFILE" };

  const [first] = candidates;
  if (first === undefined) {
    throw new VouchError(
      "aws-not-configured",
      `AWS is not configured for Vouch: no profile in ${file} gets its credentials from Vouch.`,
    );
  }
  if (candidates.every((profile) => wayTo(profile) === wayTo(first))) return { profile: first, origin: file };
  const list = candidates.map(({ name, vouch }) => `${name} (${vouch.role})`).join(", ");
  throw new VouchError(
    "role-ambiguous",
    `Several profiles in ${file} get their credentials from Vouch: ${list}.`,
    {
      hint: `Specify one with --profile, for example ${first.name}, or a role with --role, for example ${first.vouch.role}.`,
    },
  );
}

function wayTo({ vouch, settings }: VouchProfile): string {
  const { role, via, server, account } = vouch;
  return JSON.stringify([role, via, server, account, settings.get("region")?.value || undefined]);
}

function missing(
  profiles: SharedFiles["profiles"],
  { flag, file }: { readonly flag: string; readonly file: string },
): VouchError {
  const exists = profiles.has(flag);
  return new VouchError(
    "profile-missing",
    exists
      ? `Profile ${flag} in ${file} does not get its credentials from Vouch.`
      : `Profile ${flag} not found in ${file}.`,
    {
      hint: withCommands`Create it: ${ours("setup aws", { profile: exists ? `${flag}-vouch` : flag, role: "arn:aws:iam::ACCOUNT:role/NAME" })}`,
    },
  );
}
