/** Which queue is gone through: the order, its seed, the filters. "" where a filter is off. */
export interface View {
  order: string;
  seed: string;
  dataset: string;
  annotator: string;
  level: string;
  defect: string;
}

/**
 * Where somebody is: in a view, at a place of its queue, on an annotation. `at` is null for one that was opened by its id; `picked`: it was taken from the list of a queue
 * that is drawn at random, out of its turn.
 */
export interface Place {
  view: View;
  at: number | null;
  id: string | null;
  variant: string | null;
  picked: boolean;
}

export const VIEW_FIELDS = ["order", "seed", "dataset", "annotator", "level", "defect"] as const satisfies readonly (keyof View)[];

/** The fragment of the address that leads back to a place. */
export function fragmentOf({ view, at, id, variant, picked }: Place): string {
  const fields = new URLSearchParams();
  for (const name of VIEW_FIELDS) if (view[name] !== "") fields.set(name, view[name]);
  if (at !== null) fields.set("at", String(at));
  if (id !== null) fields.set("id", id);
  if (variant !== null) fields.set("variant", variant);
  if (picked) fields.set("picked", "yes");
  return `#${fields}`;
}

/** Reads a fragment; what it does not say is as in `start`. A fragment that names any part of a view names all of it. */
export function placeOf(fragment: string, start: View): Place {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const named = VIEW_FIELDS.some((name) => fields.has(name));
  const view = { ...start };
  if (named) for (const name of VIEW_FIELDS) view[name] = fields.get(name) ?? (name === "order" || name === "seed" ? start[name] : "");
  const at = /^\d{1,9}$/.exec(fields.get("at") ?? "")?.[0];
  return { view, at: at === undefined ? null : Number(at), id: fields.get("id"), variant: fields.get("variant"), picked: fields.get("picked") === "yes" };
}

/** The token of a fragment as `lumos review` prints it, and the fragment without it. */
export function tokenOf(fragment: string): { token: string | null; rest: string } {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const token = fields.get("token");
  fields.delete("token");
  return { token, rest: fields.size > 0 ? `#${fields}` : "" };
}

/** The name under which a review of this place is kept: how the annotation came before the reviewer's eyes. */
export function queueName({ view, at, picked }: Place): string {
  if (at === null || picked) return "chosen";
  return view.defect === "" ? view.order : "defect";
}

/** Whether what is met in a queue speaks for what nobody looked at, as long as it is taken as it comes. */
export function isDrawn({ order, defect }: View): boolean {
  return (order === "random" || order === "stratified") && defect === "";
}
