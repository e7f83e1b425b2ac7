import { createHash, randomBytes } from "node:crypto";
import { addAssignment } from "../../lab/aws/identity-center.ts";
import type { SsoAssignment } from "../../lab/identity-center-model.ts";
import { type AwsLab, type RawAnswer, startAwsLab } from "./aws-lab.ts";

/** What a service answered: its status, its body, and of a refusal the code in the header. */
export interface SignInAnswer {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Registration {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** An account with Identity Center, in which ada may use the permission set Dev. */
export interface SignInLab extends AwsLab {
  readonly assignment: SsoAssignment;
  post(path: string, body: unknown): Promise<SignInAnswer>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<SignInAnswer>;
  register(fields?: Readonly<Record<string, unknown>>): Promise<Registration>;
}

export const ACCOUNT_ACCESS = "sso:account:access";
export const REDIRECT = "http://127.0.0.1:34535/oauth/callback";

/** What AWS CLI 2.22 and later register. */
export const CODE_CLIENT = {
  grantTypes: ["authorization_code", "refresh_token"],
  redirectUris: ["http://127.0.0.1/oauth/callback"],
  issuerUrl: "https://lab.awsapps.com/start",
};

export async function startSignInLab(): Promise<SignInLab> {
  const lab = await startAwsLab();
  const assignment = addAssignment(lab.world, { userName: "ada", permissionSet: "Dev" });
  const post = async (path: string, body: unknown) => {
    const headers = { "content-type": "application/json" };
    return answerOf(await lab.raw({ method: "POST", path, headers, body: JSON.stringify(body) }));
  };
  return {
    ...lab,
    assignment,
    post,
    get: async (path, headers = {}) => answerOf(await lab.raw({ path, headers })),
    async register(fields = {}) {
      const asked = { clientName: "tool", clientType: "public", scopes: [ACCOUNT_ACCESS], ...fields };
      const { body } = await post("/client/register", asked);
      return { clientId: String(body["clientId"]), clientSecret: String(body["clientSecret"]) };
    },
  };
}

function answerOf({ status, headers, body }: RawAnswer): SignInAnswer {
  const code = headers["x-amzn-errortype"];
  return { status, code: code === undefined ? undefined : String(code), body: JSON.parse(body || "{}") };
}

/** A verifier and its challenge. Source: RFC 7636. */
export function pkce(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(48).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** What a refusal of the sign-in service looks like. */
export function oidcRefusal(name: string, error: string, sentence: string, status = 400): SignInAnswer {
  const code = `${name}:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/`;
  return { status, code, body: { error, error_description: sentence } };
}
