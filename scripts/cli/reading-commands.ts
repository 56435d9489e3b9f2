/** The commands that read source files: the options of the sources that their arguments name are theirs, too. */
export const READING_COMMANDS: ReadonlySet<string> = new Set(["annotate", "build", "try", "batch"]);
