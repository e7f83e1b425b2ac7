import { catalogueSection } from "./catalogue-row.ts";

/** STS and trust: rows of the catalogue. */
export const TRUST_ROWS = catalogueSection({
  title: "STS and trust",
  rows: [
    {
      id: "S1",
      cause: "The role does not trust the caller, or the caller may not assume it.",
      seen: "AccessDenied … sts:AssumeRole",
    },
    {
      id: "S2",
      cause:
        "The exec block assumes the role that the caller already has, and that role does not trust itself.",
      seen: "AccessDenied with the same role on both sides",
    },
    {
      id: "S3",
      cause: "The claims of the identity token do not match the role's trust policy.",
      seen: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    },
    {
      id: "S4",
      cause:
        "The account has no OIDC provider for the issuer of the identity token, or the token has expired.",
      seen: "InvalidIdentityToken, ExpiredTokenException",
    },
    {
      id: "S5",
      cause: "The login passes session tags or a source identity that the role's trust does not allow.",
      seen: "AccessDenied … sts:TagSession",
    },
    {
      id: "S6",
      cause: "The token is signed for a host that the verifier does not accept.",
      seen: "401, and calls to AWS work",
    },
    {
      id: "S7",
      cause: "STS is not active for the account in that region, or the session keys are not valid there.",
      seen: "401 or InvalidClientTokenId in an opt-in region only",
    },
    {
      id: "S8",
      cause: "The clock of this machine is wrong, so signatures are too old or too new.",
      seen: "401 always, or Signature expired",
    },
    {
      id: "S9",
      cause: "The token is longer than the verifier reads.",
      seen: "401, and a very long token",
    },
    {
      id: "S10",
      cause: "STS throttles the verifier.",
      seen: "401 now and then, under load",
    },
  ],
});
