import { catalogueSection } from "./catalogue-row.ts";

/** Access entries: rows of the catalogue. */
export const ENTRY_ROWS = catalogueSection({
  title: "Access entries",
  rows: [
    {
      id: "E1",
      cause: "No access entry and no aws-auth line names the caller.",
      seen: "401",
      sameAs: ["M1", "A1", "T7"],
    },
    {
      id: "E2",
      cause: "An entry is requested for an ARN that is not an IAM principal.",
      seen: "invalid principal",
    },
    {
      id: "E3",
      cause: "The principal was deleted and recreated after the entry, which is still for the old one.",
      seen: "401 although the entry looks perfect",
    },
    {
      id: "E4",
      cause: "Identity Center recreated the role of the permission set under another name.",
      seen: "401 for everybody with one permission set",
    },
    {
      id: "E5",
      cause: "The entry has no policy and no group: it lets the caller in and grants nothing.",
      seen: "403 for everything",
    },
    {
      id: "E6",
      cause: "The entry is of a type for nodes, which cannot be changed.",
      seen: "401 or 403 for a person",
    },
    {
      id: "E7",
      cause: "The entry exists already, created by somebody or something else.",
      seen: "ResourceInUseException",
    },
    {
      id: "E8",
      cause: "A group or username is requested that begins with `system:`.",
      seen: "cannot start with system:",
    },
    {
      id: "E9",
      cause: "An edit of the entry replaced its groups or the scope of its policies.",
      seen: "rights vanished",
    },
    {
      id: "E10",
      cause: "The entry is so new that not every part of EKS knows it.",
      seen: "401 for some seconds",
    },
    {
      id: "E11",
      cause: "An entry for the same principal replaces its line in aws-auth completely.",
      seen: "403 although aws-auth makes an administrator",
    },
    {
      id: "E12",
      cause: "The IAM user was renamed or moved: the ARN differs, the id does not.",
      seen: "401",
    },
    {
      id: "E13",
      cause: "Something deletes and recreates the entry every few seconds.",
      seen: "401 and 403 alternate",
    },
  ],
});
