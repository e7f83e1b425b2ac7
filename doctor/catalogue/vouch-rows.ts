import { catalogueSection } from "./catalogue-row.ts";

/** Vouch and this program: rows of the catalogue. */
export const VOUCH_ROWS = catalogueSection({
  title: "Vouch and this program",
  rows: [
    {
      id: "V1",
      cause: "Nobody is logged in to Vouch on this machine.",
      seen: "not logged in",
    },
    {
      id: "V2",
      cause: "The Vouch session has expired.",
      seen: "the session is over",
    },
    {
      id: "V3",
      cause: "The server has ended the Vouch session before its time.",
      seen: "the server refuses the session",
    },
    {
      id: "V4",
      cause: "The Vouch server cannot be reached.",
      seen: "no answer",
    },
    {
      id: "V5",
      cause: "An AI agent runs the client, and its AWS session is read-only.",
      seen: "403 or AccessDenied on writing",
      sameAs: ["P11"],
    },
    {
      id: "V6",
      cause:
        "A variable could inject code into the program that signs, and was kept from it or is still there.",
      seen: "a crash, another certificate store, foreign code",
    },
    { id: "V7", cause: "The token has a defect that the verifier refuses.", seen: "401" },
    {
      id: "V8",
      cause: "The client calls another API server than the one that setup recorded, or does not say which.",
      seen: "No token for cluster … [cluster-mismatch]",
    },
  ],
});
