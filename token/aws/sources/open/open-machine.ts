import http from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { envValue } from "../../../env.ts";
import { VouchError } from "../../../errors/errors.ts";
import { readWitnessed } from "../../../files/plain-file.ts";
import { sendRequest } from "../../../net/http-client.ts";
import { httpsAgent } from "../../../net/https-agent.ts";
import type { ExchangeLimits } from "../../../net/limits.ts";
import { networkError } from "../../../net/network-error.ts";
import { serverText } from "../../../net/server-text.ts";
import { jsonRecord, textMember } from "../../../record.ts";
import type { TemporaryCredentials } from "../../aws-credentials.ts";
import { awsNetworkError } from "../../aws-error.ts";
import {
  digestOf,
  type OpenPlan,
  type PlanAccess,
  sha256,
  type Witnesses,
  witnessOf,
} from "../opened-source.ts";
import { hintAtOrigin, placeOfOrigin } from "../plan-errors.ts";
import type { ContainerPlan, InstanceMetadataPlan, PlanOrigin } from "../plan-kinds.ts";
import { isContainerAddress, isLinkLocal, isPodIdentity } from "../settled-machine.ts";
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
    isAnyones: true,
    credentials: () => askContainer(url, value, access),
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

async function askContainer(
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

const ENDPOINT = "http://169.254.169.254";
const ROLES = "/latest/meta-data/iam/security-credentials/";
/** The lifetime of the token for our three requests, in seconds. */
const TOKEN_SECONDS = "60";

/**
 * The role of the machine, from version 2 of instance metadata only: version 1 answers any request that someone can trick a
 * server on the machine into sending. Used only if a profile names it.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Containers and machines".
 */
export async function openInstanceMetadata(
  plan: InstanceMetadataPlan,
  access: PlanAccess,
): Promise<OpenPlan> {
  const endpoint = access.metadataEndpoint ?? ENDPOINT;
  return {
    digest: digestOf("instance-metadata", endpoint),
    witnesses: [],
    credentials: () => askInstance(plan, endpoint, access),
  };
}

async function askInstance(
  { origin }: InstanceMetadataPlan,
  endpoint: string,
  access: PlanAccess,
): Promise<TemporaryCredentials> {
  const failed = (why: string) => noCredentials(origin, why, hintAtOrigin(origin));
  const request = async (method: "GET" | "PUT", path: string, headers: Readonly<Record<string, string>>) => {
    const url = new URL(path, endpoint);
    const { status, text } = await askMachine({ method, url, headers, failed }, access);
    if (status === 404 && path === ROLES) throw withoutRole(origin);
    if (status !== 200) throw failed(`${url.host} returned ${status} for ${method} ${url.pathname}`);
    return text;
  };
  const token = await request("PUT", "/latest/api/token", {
    "x-aws-ec2-metadata-token-ttl-seconds": TOKEN_SECONDS,
  });
  if (!/^[\w=+/-]{1,200}$/.test(token)) throw failed("they did not return a valid token");
  const authorized = { "x-aws-ec2-metadata-token": token };
  const role = (await request("GET", ROLES, authorized)).split("\n", 1)[0]?.trim() ?? "";
  if (role === "") throw withoutRole(origin);
  if (!/^[\w+=,.@-]{1,64}$/.test(role)) throw failed("they did not return a valid role name");
  const record = jsonRecord(await request("GET", `${ROLES}${encodeURIComponent(role)}`, authorized));
  const credentials = temporaryCredentials(record, access.clock());
  if (!("fault" in credentials)) return credentials;
  const said = serverText(textMember(record, "Message"));
  throw failed(`their response for role ${role} ${said === undefined ? credentials.fault : `is: ${said}`}`);
}

/** Source: AWS EC2 User Guide, "Attach an IAM role to an instance". */
function withoutRole(origin: PlanOrigin): VouchError {
  return noCredentials(
    origin,
    "no IAM role is attached to this EC2 instance",
    `Attach one in the EC2 console (Actions, Security, Modify IAM role), or use a different source. ${hintAtOrigin(origin)}`,
  );
}

function noCredentials(origin: PlanOrigin, why: string, hint: string): VouchError {
  return new VouchError(
    "instance-metadata-failed",
    `The instance metadata (from ${placeOfOrigin(origin)}) did not return credentials: ${why}.`,
    { hint },
  );
}

/** The agent is on this machine or one link away; its answers have some two thousand bytes. */
const LIMITS: ExchangeLimits = { connectMs: 1000, totalMs: 3000, bodyBytes: 64 * 1024 };

/** An agent that has just been started may have no credentials yet. Source: AWS CLI, utils.py (`ContainerMetadataFetcher`). */
const TRIES = 3;
const PAUSE_MS = 300;

interface MachineRequest {
  readonly method: "GET" | "PUT";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The error if the source does not answer; `why` completes a sentence. */
  readonly failed: (why: string) => VouchError;
}

interface MachineAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Asks an agent next to us: on this machine, at one of AWS's link-local addresses (which no name server, route or proxy can
 * redirect), or at an https address. Repeats the call if there is no answer, or the server failed.
 */
async function askMachine(request: MachineRequest, access: PlanAccess): Promise<MachineAnswer> {
  for (let left = TRIES - 1; ; left--) {
    const answer = await ask(request, access).catch((error: unknown) => {
      if (left > 0 && !access.signal.aborted) return undefined;
      throw unanswered(error, request);
    });
    if (answer !== undefined && (answer.status < 500 || left === 0)) return answer;
    await sleep(PAUSE_MS);
  }
}

function unanswered(error: unknown, { url, failed }: MachineRequest): unknown {
  const known = awsNetworkError(networkError(error, url.host));
  return known instanceof VouchError && known.code === "aws-unreachable"
    ? failed(known.message.replace(/\.$/, ""))
    : known;
}

async function ask(
  { method, url, headers }: MachineRequest,
  { env, endpoints, clock, signal }: PlanAccess,
): Promise<MachineAnswer> {
  const agent = (ends: AbortSignal) =>
    isLinkLocal(url)
      ? new http.Agent({ keepAlive: false })
      : httpsAgent({ env, caBundle: endpoints.awsCaBundle, target: url, signal: ends });
  const { status, body } = await sendRequest(
    { method, url, headers, agent },
    { limits: LIMITS, clock, signal },
  );
  return { status, text: body.toString("utf8") };
}
