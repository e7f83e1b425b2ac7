import { edit } from "../../command/command.ts";
import { withCommands } from "../../command/sentence.ts";
import { isAddressFor } from "../../endpoints/endpoints.ts";
import { VouchError } from "../../errors/errors.ts";
import { httpClient } from "../../net/http-client.ts";
import { awsNetworkError } from "../aws-error.ts";
import type { BearerAccess } from "../bearer-call.ts";
import type { SsoPlace } from "../sources/plan-kinds.ts";

/**
 * Domains under which only AWS has names; hosts that stand for themselves; hosts that contain the region.
 * Source: AWS CLI 2.36.7, awscli/customizations/sso/resolve.py.
 */
const AWS_DOMAINS = [
  "app.aws",
  "portal.amazonaws.com",
  "portal.amazonaws.com.cn",
  "app.amazonwebservices.com.cn",
  "portal.amazonaws.eu",
  "api.amazonwebservices.eu",
  "awsapps.com",
  "awsapps.cn",
];

const AWS_HOSTS = [
  "identitycenter.amazonaws.com",
  "identitycenter.amazonaws.com.cn",
  "identitycenter.amazonaws.eu",
  "identitycenter.us-gov.amazonaws.com",
];

const REGIONS = [
  /^[^.]+\.portal\.([a-z0-9-]+)\.(?:app\.aws|app\.amazonwebservices\.com\.cn|api\.amazonwebservices\.eu)$/,
  /^[^.]+\.([a-z0-9-]+)\.portal\.amazonaws\.(?:com|com\.cn|eu)$/,
];

/** What to do about a start URL that is none. */
export const START_URL_HINT =
  "Use the address of your AWS access portal, for example https://acme.awsapps.com/start";

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Whether the address leads users to AWS and nowhere else: in plain characters, over https on the usual port. */
export function isPortalAddress(text: string): boolean {
  if (!/^[\x21-\x7e]{1,2048}$/.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, port, username, password } = new URL(text);
  if (protocol !== "https:" || port !== "" || username !== "" || password !== "") return false;
  return AWS_HOSTS.includes(hostname) || AWS_DOMAINS.some((domain) => hostname.endsWith(`.${domain}`));
}

/** The region that the address of an access portal contains; those of the older form contain none. */
export function regionInAddress(address: string): string | undefined {
  const { hostname } = new URL(address);
  return REGIONS.map((pattern) => pattern.exec(hostname)?.[1]).find((found) => found !== undefined);
}

/**
 * A start URL as AWS shows it: without what the portal adds to the address in the browser (`/#/?tab=accounts`). Undefined if it is
 * not an URL that users can be sent to.
 */
export function plainStartUrl(text: string): string | undefined {
  return URL.canParse(text) && isFetched(text) ? withoutEnd(new URL(text)) : undefined;
}

/** Whether the settings of a session or profile lead to this place, however they write its start URL. */
export function isSamePlace(
  settings: Readonly<Record<string, string>>,
  { startUrl, region }: Pick<SsoPlace, "startUrl" | "region">,
): boolean {
  const { sso_start_url = "", sso_region } = settings;
  const plain = plainStartUrl(sso_start_url);
  return plain !== undefined && plain === plainStartUrl(startUrl) && sso_region === region;
}

/** The name that users have for the place: the first part of its host name, or the ID of its instance. */
export function nameInAddress(address: string): string {
  const { hostname, pathname } = new URL(address);
  const [first = ""] = AWS_HOSTS.includes(hostname) ? pathname.split("/").slice(1) : hostname.split(".");
  return first.replaceAll(/[^\w-]/g, "") || "sso";
}

/**
 * The log-in page of a start URL: itself if it is AWS's. Otherwise (a custom address) the page that it redirects to, which must
 * be AWS's. Throws `profile-invalid` if it leads elsewhere, or to another region than the profile has.
 */
export async function issuerOf(plan: SsoPlace, access: BearerAccess): Promise<string> {
  const { startUrl, region } = plan;
  if (isPortalAddress(startUrl)) return startUrl;
  if (!URL.canParse(startUrl) || !isFetched(startUrl)) throw invalid(plan, "is not an https URL");
  const target = await redirectOf(plan, access);
  if (target === undefined || !isPortalAddress(target.href))
    throw invalid(plan, `leads to ${target?.host ?? "no other address"}, not to AWS IAM Identity Center`);
  const home = regionInAddress(target.href);
  if (home !== undefined && home !== region)
    throw invalid(plan, `leads to Identity Center in ${home}, but sso_region is ${region}`);
  return withoutEnd(target);
}

function withoutEnd({ origin, pathname }: URL): string {
  return `${origin}${pathname.endsWith("/") ? pathname.slice(0, -1) : pathname}`;
}

/** Over https, or on this machine. */
function isFetched(address: string): boolean {
  return new URL(address).protocol === "https:" || isAddressFor("ssoEndpoint", address);
}

/** The target of the address after one redirect; no secret is sent to it. */
async function redirectOf({ startUrl }: SsoPlace, access: BearerAccess): Promise<URL | undefined> {
  const { env, endpoints, clock, signal } = access;
  const http = httpClient({ env, caBundle: endpoints.awsCaBundle, clock, signal });
  const url = new URL(startUrl);
  const asked = http({ method: "GET", url, headers: {} });
  const { status, headers } = await asked.catch((error: unknown) => {
    throw awsNetworkError(error);
  });
  const to = headers.location;
  return REDIRECTS.has(status) && to !== undefined && URL.canParse(to, startUrl)
    ? new URL(to, url)
    : undefined;
}

function invalid({ startUrl, origin }: SsoPlace, why: string): VouchError {
  if ("option" in origin)
    return new VouchError("usage", `${origin.option} ${startUrl} ${why}.`, { hint: START_URL_HINT });
  const hint =
    "file" in origin ? { hint: withCommands`Correct it: ${edit(origin.file, origin.line)}` } : undefined;
  return new VouchError("profile-invalid", `sso_start_url ${JSON.stringify(startUrl)} ${why}.`, hint);
}
