import { z } from "zod";

/** Control characters have no business in a name or a reason. */
const CONTROL = /\p{Cc}/u;
/** What changes how the text around it looks, or is no character; joiners are letters to some scripts. */
const UNSEEN = /[\p{Cs}\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;
const SEEN = /[^\p{C}\p{Z}\p{M}]/u;

/** A reviewer's name as it is kept: one line, blanks of every kind folded, composed, so that names that look the same are the same. */
export const nameSchema = z
  .string()
  .max(400)
  .transform((name) => name.normalize("NFC").trim().replace(/\p{Zs}+/gu, " "))
  .pipe(z.string().min(1, "expected a name").max(80, "expected a name of at most 80 characters").refine((name) => !CONTROL.test(name), "expected a name on one line").refine((name) => SEEN.test(name) && !UNSEEN.test(name), "expected a name of characters that are seen"));

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
