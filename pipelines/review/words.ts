import { z } from "zod";

/** Control characters have no business in a name or a reason. */
const CONTROL = /\p{Cc}/u;

/** A reviewer's name as it is kept: one line, blanks folded, composed. */
export const nameSchema = z
  .string()
  .max(400)
  .transform((name) => name.normalize("NFC").trim().replace(/ +/g, " "))
  .pipe(z.string().min(1, "expected a name").max(80, "expected a name of at most 80 characters").refine((name) => !CONTROL.test(name), "expected a name on one line"));

/** A word of the list, or the reviewer's own; empty for none. */
export const reasonSchema = z
  .string()
  .max(200, "expected at most 200 characters")
  .transform((reason) => reason.trim())
  .pipe(z.string().refine((reason) => !CONTROL.test(reason), "expected one line"))
  .transform((reason) => (reason === "" ? null : reason));

/** What else a reviewer has to say; empty for nothing. */
export const noteSchema = z
  .string()
  .max(4000, "expected at most 4,000 characters")
  .transform((note) => (note.trim() === "" ? null : note.trim().replaceAll("\r\n", "\n")));
