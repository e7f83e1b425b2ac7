import { catalogueSection } from "./catalogue-row.ts";

/** Authentication mode: rows of the catalogue. */
export const MODE_ROWS = catalogueSection({
  title: "Authentication mode",
  rows: [
    {
      id: "M1",
      cause:
        "The cluster is in mode CONFIG_MAP, which has no access entries, and aws-auth does not name the caller.",
      seen: "authentication mode must be set to one of …, or 401",
      sameAs: ["E1", "A1"],
    },
    {
      id: "M2",
      cause: "The cluster is in mode API, which ignores aws-auth, and only that names the caller.",
      seen: "401 although aws-auth lists the role",
      sameAs: ["E1"],
    },
    {
      id: "M3",
      cause: "The change of mode leaves out a step, or goes back.",
      seen: "Unsupported authentication mode update",
    },
    {
      id: "M4",
      cause: "The cluster was created without rights for its creator, and nobody has an entry.",
      seen: "nobody gets in",
    },
    {
      id: "M5",
      cause: "The creator's entry is gone, or the creator was a pipeline and not the person.",
      seen: "the creator gets 401",
    },
    {
      id: "M6",
      cause: "The cluster's platform version is too old for access entries.",
      seen: "the change of mode is refused",
    },
  ],
});
