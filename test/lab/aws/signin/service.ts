import { openService } from "../open-service.ts";
import { createOAuth2Token } from "./create-token.ts";
import { SignInFailure } from "./refusal.ts";

/**
 * AWS Sign-In, as `aws login` uses it: what a browser brought back becomes keys, and is exchanged again and again for twelve
 * hours. Source: service models of Signin; header: floci-io/floci#2550.
 *
 * Deliberately absent: `/v1/authorize` (tests put codes into the world), forms in place of JSON, the ID token, a memory for
 * proofs that were shown before, sessions of IAM users.
 */
export const SIGNIN = openService({
  name: "signin",
  namespace: "",
  refusalBody: (failure) => ({
    error: failure instanceof SignInFailure ? failure.error : "INVALID_REQUEST",
    message: failure.message,
  }),
  throttled: new SignInFailure("TooManyRequestsError", 429, {
    error: "INVALID_REQUEST",
    message: "Too many requests",
  }),
  broken: new SignInFailure("InternalServerException", 500, {
    error: "server_error",
    message: "Internal server error",
  }),
  routes: [
    {
      method: "POST",
      path: "/v1/token",
      operation: "CreateOAuth2Token",
      told: ["clientId", "grantType", "redirectUri"],
      run: createOAuth2Token,
    },
  ],
});
