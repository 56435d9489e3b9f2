import { type Content, type Html, html } from "../html.ts";
import type { Trace } from "../schema.ts";
import { count } from "../summary.ts";
import { badge, foreign } from "./parts.ts";
import { plural } from "./words.ts";

/** Shows annotations with all that belongs to them, as long as there is room for more: a report has a size that mails and browsers bear. */
export class Traces {
  private used = 0;
  private left = 0;

  constructor(private readonly most: number) {}

  /** One click away: the id and why it is shown, and behind it the whole trace. */
  details(trace: Trace, why: Content): Html {
    return this.fit(
      html`<details class="trace"><summary>${badge(trace.outcome)} <code>${trace.id}</code> <span class="by">${trace.by}${why !== null && html` · ${why}`}</span></summary>\n${body(trace)}</details>\n`,
      trace.id,
    );
  }

  /** Two annotations of one example beside each other; the task stands above both. */
  pair(first: Trace, second: Trace, why: Content, sign: "→" | "/"): Html {
    const side = (trace: Trace): Html => html`<div class="side"><p class="head">${badge(trace.outcome)} ${trace.by}${trace.repairs > 0 && ` after ${plural(trace.repairs, "repair")}`}</p>${planOf(trace)}${defectsOf(trace)}</div>`;
    return this.fit(
      html`<details class="trace"><summary>${badge(first.outcome)} ${sign} ${badge(second.outcome)} <code>${first.id}</code> <span class="why">${why}</span></summary>\n${sourceOf(first)}<div class="sides">${side(first)}${side(second)}</div></details>\n`,
      first.id,
    );
  }

  /** What had no room. */
  remark(): Content {
    return this.left > 0 && html`<p class="about">${count(this.left)} examples are named without their traces, so that this page stays small: audit.json has all of them, and <code>lumos show ID</code> shows each.</p>\n`;
  }

  private fit(details: Html, id: string): Html {
    if (this.used + details.text.length <= this.most) {
      this.used += details.text.length;
      return details;
    }
    this.left += 1;
    return html`<p class="trace-left"><code>${id}</code></p>\n`;
  }
}

function body(trace: Trace): Html {
  const origin = html`<p class="from">From ${trace.file}, record ${trace.position}; run ${trace.run}${trace.by_construction && "; by construction: rules copied the source's steps"}${trace.repairs > 0 && `; after ${plural(trace.repairs, "repair")}`}${trace.repaired.length > 0 && `; no longer: ${trace.repaired.join(", ")}`}.</p>`;
  return html`${sourceOf(trace)}${planOf(trace)}${defectsOf(trace)}${origin}`;
}

function sourceOf({ task, rationale, answer, gold_steps }: Trace): Html {
  const steps = gold_steps.length > 0 && html`<ol class="gold">${gold_steps.map(({ id, text }) => html`<li><span class="step">${id}</span> ${foreign(text)}</li>`)}</ol>`;
  // A rationale that consists of its steps need not be read twice.
  const isSaid = gold_steps.length > 0 && gold_steps.every(({ text }) => rationale.includes(text)) && gold_steps.reduce((n, { text }) => n + text.length, 0) > 0.8 * rationale.trim().length;
  return html`<dl class="source"><dt>Task</dt><dd>${foreign(task)}</dd>
${!isSaid && rationale !== "" && html`<dt>Rationale</dt><dd>${foreign(rationale)}</dd>`}${steps !== false && html`<dt>Gold steps</dt><dd>${steps}</dd>`}${answer !== "" && html`<dt>Gold answer</dt><dd>${foreign(answer)}</dd>`}</dl>\n`;
}

function planOf({ subgoals, actions_left, reason, outcome }: Trace): Html {
  if (subgoals.length === 0) return html`<p class="none">${outcome === "skipped" || outcome === "failed" ? `No plan: ${reason ?? outcome}.` : "No plan could be read."}</p>`;
  return html`<ol class="plan">${subgoals.map(({ text, gold, actions }) => html`<li>${foreign(text)}${gold.length > 0 && html` <span class="serves">serves ${gold.map((id, at) => html`${at > 0 && ", "}<span class="step">${id}</span>`)}</span>`}
<ul>${actions.map(actionOf)}</ul></li>\n`)}</ol>\n${actions_left > 0 && html`<p class="none">… and ${plural(actions_left, "more action")}.</p>`}`;
}

function actionOf({ call, claimed, computed, evidence, note }: Trace["subgoals"][number]["actions"][number]): Html {
  const differs = evidence === "contradicted" || (computed !== null && computed !== claimed);
  const said = [computed !== null && differs ? (evidence === "contradicted" ? `it is ${computed}` : computed) : "", note].filter((each) => each !== "").join("; ");
  return html`<li><code dir="auto">${call}${claimed !== "" && ` = ${claimed}`}</code> <span class="evidence ${evidence ?? "nothing"}">${evidence ?? "no result"}</span>${said !== "" && html` <span class="note">${said}</span>`}</li>`;
}

function defectsOf({ defects }: Trace): Content {
  return defects.length > 0 && html`<ul class="defects">${defects.map(({ code, severity, subgoal, action, message }) => html`<li><strong>${code}</strong> <span class="place">${severity}${subgoal !== null && `, subgoal ${subgoal}`}${action !== null && `, action ${action}`}</span> ${foreign(message)}</li>`)}</ul>\n`;
}
