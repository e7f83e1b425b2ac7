import path from "node:path";
import { envValue } from "../../../env.ts";
import { VouchError } from "../../../errors/errors.ts";
import { readWitnessed } from "../../../files/plain-file.ts";
import { serverText } from "../../../net/server-text.ts";
import { jsonRecord, textMember } from "../../../record.ts";
import type { TemporaryCredentials } from "../../aws-credentials.ts";
import { isContainerAddress, isPodIdentity } from "../machine-addresses.ts";
import {
  digestOf,
  type OpenPlan,
  type PlanAccess,
  sha256,
  type Witnesses,
  witnessOf,
} from "../opened-source.ts";
import { hintAtOrigin, placeOfOrigin } from "../plan-errors.ts";
import type { ContainerPlan } from "../plan-kinds.ts";
import { askMachine } from "./ask-machine.ts";
import { temporaryCredentials } from "./given-credentials.ts";

/** The authorization that a container sends to get its credentials. */
interface Authorization {
  readonly value: string | undefined;
  readonly witnesses: Witnesses;
}

/**
 * Credentials of the container that we run in: on ECS by the address alone, on EKS by the token of the pod, which is read again
 * each time. Throws `container-address-refused` immediately.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Containers and machines".
 */
export async function openContainer(plan: ContainerPlan, access: PlanAccess): Promise<OpenPlan> {
  const url = addressOf(plan, access);
  const { value, witnesses } = authorizationFor(url, plan, access);
  return {
    digest: digestOf("container", url.href, value && sha256(value)),
    witnesses,
    credentials: () => ask(url, value, access),
  };
}

/** A relative address belongs to ECS. A full one must be on this machine, one of AWS's, or recorded by setup. */
function addressOf(plan: ContainerPlan, { container }: PlanAccess): URL {
  const { uri } = plan;
  const text = "relative" in uri ? `http://169.254.170.2${uri.relative}` : uri.full;
  const isPath = "relative" in uri && uri.relative.startsWith("/");
  const url = (isPath || "full" in uri) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) {
    const [given, form] = "relative" in uri ? [uri.relative, "a path that starts with /"] : [text, "a URL"];
    throw refused(plan, `is ${JSON.stringify(given)}, which is not ${form}`);
  }
  if (isRecorded(url, container) || isContainerAddress(url)) return url;
  throw refused(
    plan,
    `points to ${url.origin}, which is not an AWS container credentials endpoint and was not recorded by setup`,
  );
}

function isRecorded(url: URL, container: PlanAccess["container"]): boolean {
  return container !== undefined && url.href === new URL(container.uri).href;
}

/** Source: AWS SDKs and Tools reference guide, "Container credential provider"; a file takes precedence over a text. */
function authorizationFor(
  url: URL,
  plan: ContainerPlan,
  { env, clock, container }: PlanAccess,
): Authorization {
  const file = envValue(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  if (file === undefined) return checked(envValue(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN"), []);
  const mayGoThere =
    isPodIdentity(url, path.resolve(file)) || (isRecorded(url, container) && container?.tokenFile === file);
  if (!mayGoThere)
    throw refused(plan, `points to ${url.origin}, but setup did not record token file ${file} for it`);
  const { text, identity } = readWitnessed(path.resolve(file), clock());
  if (text === undefined)
    throw new VouchError(
      "container-address-refused",
      `File ${file} (from AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) not found.`,
      { hint: hintAtOrigin({ variable: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" }) },
    );
  return checked(text.trim(), witnessOf(file, identity));
}

/** Accepts a scheme and a token, or a token alone, so that no other kind of file is ever sent. Source: RFC 9110, 11.4. */
function checked(value: string | undefined, witnesses: Witnesses): Authorization {
  if (value === undefined || /^(?:[A-Za-z]{1,20} )?[\w.~+/:-]+=*$/.test(value)) return { value, witnesses };
  throw new VouchError(
    "container-address-refused",
    "The value from AWS_CONTAINER_AUTHORIZATION_TOKEN or AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE is not a token.",
    { hint: hintAtOrigin({ variable: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" }) },
  );
}

async function ask(
  url: URL,
  authorization: string | undefined,
  access: PlanAccess,
): Promise<TemporaryCredentials> {
  const headers = { accept: "application/json", ...(authorization === undefined ? {} : { authorization }) };
  const { status, text } = await askMachine({ method: "GET", url, headers, failed }, access);
  if (status !== 200) throw failed(`${url.origin} returned ${status}${saying(text)}`);
  const credentials = temporaryCredentials(jsonRecord(text), access.clock());
  if ("fault" in credentials) throw failed(`the response of ${url.origin} ${credentials.fault}`);
  return credentials;
}

/** The agent's own message, which is shown but not trusted. */
function saying(text: string): string {
  const said = serverText(textMember(jsonRecord(text), "message") ?? text);
  return said === undefined ? "" : `: ${said}`;
}

function failed(why: string): VouchError {
  return new VouchError(
    "container-credentials-failed",
    `The container does not get any credentials: ${why}.`,
  );
}

function refused({ origin }: ContainerPlan, why: string): VouchError {
  return new VouchError("container-address-refused", `${placeOfOrigin(origin)} ${why}.`, {
    hint: hintAtOrigin(origin),
  });
}
