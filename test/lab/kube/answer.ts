import type { IncomingHttpHeaders } from "node:http";
import type { LabClock } from "../clock.ts";
import type { Cluster } from "../model.ts";
import type { ApiCall, Reply } from "./api/api-call.ts";
import {
  ApiError,
  forbidden,
  internalError,
  pathForbidden,
  tooManyRequests,
  unauthorized,
} from "./api/api-error.ts";
import { accepted } from "./api/negotiation.ts";
import type { ObjectStore } from "./api/object-store.ts";
import { decodeProtobuf } from "./api/protobuf.ts";
import { requestInfo } from "./api/request-info.ts";
import { route } from "./api/router.ts";
import type { Authenticate } from "./authentication/authenticator.ts";
import type { KubeUser } from "./authentication/kube-identity.ts";
import { Refusal } from "./authentication/refusal.ts";
import { type Attributes, isPath } from "./authorization/attributes.ts";
import { authorize } from "./authorization/authorizer.ts";
import { forbiddenText } from "./authorization/forbidden.ts";
import { askRbac } from "./authorization/rbac.ts";
import { minorVersion } from "./cluster-version.ts";
import type { KubeFaults } from "./faults.ts";
import { impersonated } from "./impersonation.ts";

/** One HTTP request, read to its end. */
export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What came of it; `reason` is the authenticator's text when it refused. */
export interface Outcome {
  readonly reply: Reply;
  readonly user?: string;
  readonly reason?: string;
}

export interface AnswerOptions {
  readonly cluster: Cluster;
  readonly store: ObjectStore;
  readonly clock: LabClock;
  readonly faults: KubeFaults;
  readonly authenticate: Authenticate;
}

/**
 * From Kubernetes 1.32 EKS lets nobody in without a token, but for these. Source: doctor/EKS-ACCESS.md,
 * "Other ways in".
 */
const ANONYMOUS_PATHS = new Set(["/healthz", "/livez", "/readyz"]);
const ANONYMOUS_UNTIL = 32;
const ANONYMOUS: KubeUser = { username: "system:anonymous", groups: ["system:unauthenticated"], extra: {} };

/** Who, may they, what: the handler chain of an API server. Never rejects but for a bug of the lab. */
export async function answer(options: AnswerOptions, request: RawRequest): Promise<Outcome> {
  let user: KubeUser | undefined;
  try {
    user = await whoIs(options, request);
    return { reply: serve(options, request, user), user: user.username };
  } catch (error) {
    const known = user === undefined ? {} : { user: user.username };
    if (error instanceof Refusal) return { reply: replyOf(unauthorized()), reason: error.message };
    if (error instanceof PoliciesDown) return { reply: error.reply, ...known };
    if (error instanceof ApiError) return { reply: replyOf(error), ...known };
    return { reply: replyOf(internalError(`the lab broke: ${String(error)}`)), ...known };
  }
}

async function whoIs(
  { cluster, faults, authenticate }: AnswerOptions,
  request: RawRequest,
): Promise<KubeUser> {
  const [, token] = /^bearer\s+(\S+)/i.exec(request.headers.authorization ?? "") ?? [];
  if (token === undefined) {
    const { pathname } = new URL(request.target, "https://lab");
    if (minorVersion(cluster) < ANONYMOUS_UNTIL || ANONYMOUS_PATHS.has(pathname)) return ANONYMOUS;
    throw unauthorized();
  }
  if (faults.unauthorizedAlways || faults.authenticatorDown) throw unauthorized();
  return authenticate(token);
}

function serve(options: AnswerOptions, request: RawRequest, authenticated: KubeUser): Reply {
  const { cluster, store, clock, faults } = options;
  const { method, path, query, attributes } = requestInfo(request.method, request.target);
  if (faults.throttled > 0) {
    faults.throttled -= 1;
    throw tooManyRequests();
  }
  const { headers } = request;
  const user = impersonated(cluster, authenticated, { headers, asked: attributes });
  if (faults.policiesDown && !askRbac(cluster, user, attributes).allowed)
    throw new PoliciesDown(request.target);
  checkAllowed(cluster, user, attributes);
  const call: ApiCall = {
    ...{ cluster, store, now: clock(), user, method, path, query },
    ...readBody(request),
    accept: accepted(headers.accept),
  };
  return route(call, attributes);
}

function checkAllowed(cluster: Cluster, user: KubeUser, attributes: Attributes): void {
  const { allowed, reason } = authorize(cluster, user, attributes);
  if (allowed) return;
  const text = forbiddenText(user, attributes, reason);
  throw isPath(attributes) ? pathForbidden(text) : forbidden(attributes, text);
}

/** Bodies in protobuf become JSON; in CBOR, and in protobuf of a kind the lab cannot read, they are refused. */
function readBody({ headers, body }: RawRequest): { contentType: string; body: string } {
  const [contentType = ""] = (headers["content-type"] ?? "application/json").split(";");
  if (/json|yaml/.test(contentType)) return { contentType, body: body.toString() };
  if (contentType === "application/vnd.kubernetes.protobuf") {
    if (body.length === 0) return { contentType, body: "" };
    const object = decodeProtobuf(body);
    if (object !== undefined) return { contentType: "application/json", body: JSON.stringify(object) };
  }
  const message =
    "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml";
  throw new ApiError(415, "UnsupportedMediaType", message);
}

/** What a failing authorization webhook does to a request. Source: doctor/EKS-ACCESS.md, "Reviews". */
class PoliciesDown extends Error {
  readonly reply: Reply;

  constructor(target: string) {
    super("access policies cannot be asked");
    const cause =
      'Post "https://127.0.0.1:18444/authorize?timeout=3s": dial tcp 127.0.0.1:18444: connect: connection refused';
    const body = `Internal Server Error: "${target}": ${cause}\n`;
    this.reply = { status: 500, body, contentType: "text/plain; charset=utf-8" };
  }
}

function replyOf(error: ApiError): Reply {
  return { status: error.code, body: error.toStatus() };
}
