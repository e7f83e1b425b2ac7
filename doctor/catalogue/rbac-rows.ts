import { catalogueSection } from "./catalogue-row.ts";

/** RBAC: rows of the catalogue. */
export const RBAC_ROWS = catalogueSection({
  title: "RBAC",
  rows: [
    {
      id: "R1",
      cause: "No binding names a group of the caller, or only in another spelling.",
      seen: "403",
    },
    {
      id: "R2",
      cause: "A binding names the role's ARN as a group; nobody is in such a group.",
      seen: "403",
      sameAs: ["E5"],
    },
    {
      id: "R3",
      cause: "A binding names the user of one single session.",
      seen: "403 for most, not for one",
      sameAs: ["E5"],
    },
    {
      id: "R4",
      cause: "The binding is in another namespace.",
      seen: "403 in this namespace only",
    },
    {
      id: "R5",
      cause: "The binding gives a role that does not exist.",
      seen: "403 though bound",
    },
    {
      id: "R6",
      cause: "The subject of the binding is of the wrong kind, or lacks its namespace.",
      seen: "403 though bound",
    },
    {
      id: "R7",
      cause: "The role lacks exactly this verb, resource, subresource or API group.",
      seen: "403 although a rule seems to allow it",
    },
    {
      id: "R8",
      cause: "The binding lacks the prefix of OIDC names.",
      seen: "403 for an OIDC user",
    },
    {
      id: "R9",
      cause: "The cluster refuses the OIDC token: audience, issuer, a claim, its age.",
      seen: "401 for an OIDC user",
    },
    {
      id: "R10",
      cause: "A binding contains a template, which RBAC does not expand.",
      seen: "403 as a user of one session",
      sameAs: ["E5"],
      isUnconfirmed: true,
    },
  ],
});
