export const VERDICTS = ["accept", "reject", "edit", "skip"] as const;

/** What a person says of an annotation. `edit`: it was wrong and stands corrected. `skip`: no opinion. */
export type ReviewVerdict = (typeof VERDICTS)[number];

/**
 * The order in which annotations are shown. Within its stratum (dataset, annotator, level) an annotation of `random` and `stratified` is drawn at
 * random; `defect`: only those with one code; `chosen`: somebody picked it (a link, a row of a spreadsheet).
 */
export const QUEUES = ["random", "stratified", "worst", "defect", "disagreements", "chosen"] as const;

export type Queue = (typeof QUEUES)[number];
