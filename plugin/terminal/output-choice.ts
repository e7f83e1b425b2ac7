/** The values of `-o` for commands whose output a program may read. */
export const OUTPUT_CHOICES = ["text", "json", "yaml"] as const;
export type OutputChoice = (typeof OUTPUT_CHOICES)[number];

/** The values of `-o` for a list of things with names. */
export const NAME_CHOICES = ["text", "json", "yaml", "name"] as const;
export type NameChoice = (typeof NAME_CHOICES)[number];

/** The values of `-o` for a table that has a wide form. */
export const TABLE_CHOICES = ["text", "wide", "json", "yaml"] as const;
export type TableChoice = (typeof TABLE_CHOICES)[number];
