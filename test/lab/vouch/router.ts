import { awsToken } from "./endpoints/aws-token.ts";
import { challenge } from "./endpoints/challenge.ts";
import { device } from "./endpoints/device.ts";
import { decideDevice, devicePage } from "./endpoints/device-page.ts";
import { discovery, jwks } from "./endpoints/discovery.ts";
import { completeKeyRegistration, startKeyRegistration } from "./endpoints/key-registration.ts";
import { deleteKey, listKeys } from "./endpoints/keys.ts";
import { deleteRegistration, readRegistration, register, replaceRegistration } from "./endpoints/register.ts";
import { revoke } from "./endpoints/revoke.ts";
import { status } from "./endpoints/status.ts";
import { token } from "./endpoints/token.ts";
import { checkSignature, needsSignature } from "./http-signature.ts";
import { Refusal } from "./refusal.ts";
import { emptyReply, type Reply, textReply } from "./reply.ts";
import type { VouchRequest } from "./vouch-request.ts";
import type { VouchWorld } from "./world.ts";

type Handler = (request: VouchRequest, world: VouchWorld) => Reply | Promise<Reply>;

/**
 * Every path of the server, with its methods. HEAD is answered where GET is.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Paths and discovery".
 */
const ROUTES: readonly (readonly [RegExp, Readonly<Record<string, Handler>>])[] = [
  [/^\/oauth\/register$/, { POST: register }],
  [
    /^\/oauth\/register\/[^/]+$/,
    { GET: readRegistration, PUT: replaceRegistration, DELETE: deleteRegistration },
  ],
  [/^\/oauth\/fido2\/challenge$/, { POST: challenge }],
  [/^\/oauth\/token$/, { POST: token }],
  [/^\/oauth\/revoke$/, { POST: revoke }],
  [/^\/oauth\/device$/, { POST: device }],
  [/^\/device$/, { GET: devicePage, POST: decideDevice }],
  [/^\/oauth\/jwks$/, { GET: jwks }],
  [/^\/\.well-known\/(openid-configuration|oauth-authorization-server)$/, { GET: discovery }],
  [/^\/health(\/ready)?$/, { GET: () => textReply(200, "ok") }],
  [/^\/v1\/auth\/status$/, { GET: status }],
  [/^\/v1\/credentials\/aws\/token$/, { GET: awsToken }],
  [/^\/v1\/keys$/, { GET: listKeys }],
  [/^\/v1\/keys\/[^/]+$/, { DELETE: deleteKey }],
  [/^\/v1\/keys\/register\/start$/, { POST: startKeyRegistration }],
  [/^\/v1\/keys\/register\/complete$/, { POST: completeKeyRegistration }],
];

/** Signature layer, then handler. A request that passed the layer gets its next nonce whatever the handler says (S12). */
export async function answer(request: VouchRequest, world: VouchWorld): Promise<Reply> {
  if (!needsSignature(request.path)) return replyOrRefusal(() => handle(request, world));

  const signed = await replyOrRefusal(() => {
    checkSignature(request, world);
    return undefined;
  });
  if (signed !== undefined) return signed;
  const reply = await replyOrRefusal(() => handle(request, world));
  return { ...reply, headers: { ...reply.headers, "Signature-Nonce": world.nonces.issue() } };
}

function handle(request: VouchRequest, world: VouchWorld): Reply | Promise<Reply> {
  const [, methods] = ROUTES.find(([path]) => path.test(request.path)) ?? [];
  if (methods === undefined) return emptyReply(404);
  const handler = methods[request.method === "HEAD" ? "GET" : request.method];
  return handler?.(request, world) ?? emptyReply(405, { Allow: Object.keys(methods).join(",") });
}

async function replyOrRefusal<T>(act: () => T | Promise<T>): Promise<T | Reply> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}
