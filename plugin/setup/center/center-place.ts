import { isOfOtherPlace } from "../../../token/aws/identity-center/access-token.ts";
import { ACCOUNT_ACCESS } from "../../../token/aws/identity-center/oidc-calls.ts";
import { registrationScopes } from "../../../token/aws/identity-center/registration.ts";
import {
  isSamePlace,
  nameInAddress,
  plainStartUrl,
  regionInAddress,
  START_URL_HINT,
} from "../../../token/aws/identity-center/start-url.ts";
import { ssoTokenFile } from "../../../token/aws/sources/cache-names.ts";
import type { SsoPlace } from "../../../token/aws/sources/plan-kinds.ts";
import { type SharedFiles, type SharedSection, valuesOf } from "../../../token/aws/sources/shared-files.ts";
import type { Run } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { requireRegion } from "../../../token/endpoints/aws-endpoint.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { MARK, templateIn } from "./profile-names.ts";

/** An `sso-session`, which the AWS config may not have yet. */
export interface SessionEntry {
  readonly name: string;
  readonly startUrl: string;
  /** Region of IAM Identity Center. */
  readonly region: string;
}

interface PlaceWish {
  /** As it was typed. */
  readonly startUrl: string;
  /** Undefined: as the files or the URL say. */
  readonly region: string | undefined;
  /** Asks the user, if nothing else says it; undefined where no user can answer. */
  readonly askRegion: () => Promise<string | undefined>;
  /** The command with a region. */
  readonly withRegion: (region: string) => Run;
}

/**
 * The session of the AWS config with this start URL, else a new one, whose name neither the file nor a stored login uses for a
 * different place. Throws `usage` for what is not a start URL, and where its region is not known; `region-invalid`.
 */
export async function chooseSession(
  files: SharedFiles,
  wish: PlaceWish,
  machine: Parameters<typeof isOfOtherPlace>[1],
): Promise<SessionEntry> {
  const startUrl = plainStartUrl(wish.startUrl);
  if (startUrl === undefined)
    throw new VouchError("usage", `--sso-start-url ${JSON.stringify(wish.startUrl)} is not an https URL.`, {
      hint: START_URL_HINT,
    });
  const region = await regionFor(startUrl, files, wish);
  const found = usableSession(files, { startUrl, region });
  if (found !== undefined)
    return { name: found.name, startUrl: valuesOf(found)["sso_start_url"] ?? startUrl, region };
  const own = nameInAddress(startUrl);
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? own : `${own}-${count}`;
    const isFree =
      !files.ssoSessions.has(name) &&
      !(await isOfOtherPlace({ tokenFile: ssoTokenFile(name), startUrl }, machine));
    if (isFree) return { name, startUrl, region };
  }
}

/** Where users log in for the session, and the scopes that they request there. */
export function placeOfSession(
  { name, startUrl, region }: SessionEntry,
  files: SharedFiles,
): { readonly place: SsoPlace; readonly scopes: readonly string[] } {
  const place: SsoPlace = {
    ...{ session: name, startUrl, region },
    tokenFile: ssoTokenFile(name),
    origin: { option: "--sso-start-url" },
  };
  return { place, scopes: registrationScopes(place, files) };
}

async function regionFor(
  startUrl: string,
  files: SharedFiles,
  { region, askRegion, withRegion }: PlaceWish,
): Promise<string> {
  const inUrl = regionInAddress(startUrl);
  const inFiles = [...files.ssoSessions.values(), ...files.profiles.values()]
    .map(valuesOf)
    .filter(({ sso_start_url = "" }) => plainStartUrl(sso_start_url) === startUrl)
    .flatMap(({ sso_region }) => sso_region ?? []);
  if (region !== undefined) {
    requireRegion(region);
    const known = inUrl === undefined ? inFiles : [inUrl];
    const [first] = known;
    if (first === undefined || known.includes(region)) return region;
    const where = inUrl === undefined ? `, according to ${files.configPath}` : "";
    throw new VouchError("usage", `--sso-region is ${region}, but ${startUrl} is in ${first}${where}.`, {
      hint: withCommands`Run ${withRegion(first)}.`,
    });
  }
  const found = inUrl ?? inFiles[0] ?? (await askRegion());
  if (found === undefined)
    throw new VouchError(
      "usage",
      `The region of IAM Identity Center is not known: ${startUrl} does not contain it.`,
      {
        hint: withCommands`The AWS access portal lists it: open ${startUrl}, then Access keys of any role, SSO Region. Then run ${withRegion("REGION")}.`,
      },
    );
  requireRegion(found);
  return found;
}

/** Of several sessions that with profiles of ours, else the first. */
function usableSession(
  files: SharedFiles,
  place: Pick<SessionEntry, "startUrl" | "region">,
): SharedSection | undefined {
  const usable = [...files.ssoSessions.values()].filter((section) => {
    const scopes = registrationScopes({ session: section.name }, files);
    return isSamePlace(valuesOf(section), place) && (scopes.length === 0 || scopes.includes(ACCOUNT_ACCESS));
  });
  const withOurs = new Set(
    [...files.profiles.values()]
      .map(valuesOf)
      .filter((settings) => templateIn(settings[MARK]) !== undefined)
      .map(({ sso_session }) => sso_session),
  );
  return usable.find(({ name }) => withOurs.has(name)) ?? usable[0];
}
