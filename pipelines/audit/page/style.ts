/** The page's only style sheet. Text and background keep a contrast of 4.5 at least in both schemes. */
export const STYLE = `
:root { color-scheme: light dark;
  --page: #fbfbfa; --card: #ffffff; --ink: #1d2127; --soft: #565d68; --line: #dcdfe4; --accent: #1f5fa8; --wash: #f1f3f6; --bar: #3d77b8;
  --proven: #1f7a4d; --aligned: #2b6cb0; --well_formed: #b7811a; --parsed: #c05621; --no_plan: #b03030; --skipped: #8a919c; --failed: #6b4aa0;
  --good-ink: #17633d; --look-ink: #8a4b08; --bad-ink: #a32626; }
@media (prefers-color-scheme: dark) { :root {
  --page: #15181c; --card: #1b1f25; --ink: #e5e8ec; --soft: #a6adb8; --line: #343a43; --accent: #84b6ee; --wash: #22272e; --bar: #6ea3dd;
  --proven: #4fb783; --aligned: #6aa5e3; --well_formed: #d7a445; --parsed: #e0834f; --no_plan: #e06c6c; --skipped: #7f8792; --failed: #a98bd8;
  --good-ink: #6fce9e; --look-ink: #e5b062; --bad-ink: #f19292; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: break-word; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code, .text code { font: 0.9em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: 0.5rem 1rem; z-index: 2; }
.layout { max-width: 82rem; margin: 0 auto; padding: 0 1.25rem; }
header.top { padding: 2.25rem 0 1rem; }
header.top p { margin: 0.2rem 0; color: var(--soft); }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 0.4rem; letter-spacing: -0.01em; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 0.5rem; padding-top: 1.6rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.08rem; margin: 1.8rem 0 0.5rem; }
h4 { font-size: 0.98rem; margin: 1.1rem 0 0.2rem; font-weight: 600; }
h4 span { font-weight: 400; color: var(--soft); }
h4.kind::first-letter { text-transform: uppercase; }
.head { font-size: 0.9rem; font-weight: 600; margin: 0 0 0.4rem; }
p { margin: 0.5rem 0; max-width: 46rem; }
.about { color: var(--soft); }
section { margin-bottom: 2.4rem; }
nav.contents { padding: 0.5rem 0; }
nav.contents h2 { font-size: 0.8rem; text-transform: uppercase; letter-spacing: 0.06em; color: var(--soft); border: 0; padding: 0; margin: 0 0 0.4rem; }
nav.contents ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; }
nav.contents a { text-decoration: none; display: inline-block; padding: 0.15rem 0; }
nav.contents a:hover { text-decoration: underline; }
@media (min-width: 70rem) {
  .layout { display: grid; grid-template-columns: 12.5rem minmax(0, 1fr); column-gap: 2.5rem; }
  header.top { grid-column: 1 / -1; }
  nav.contents { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding-top: 1.8rem; }
  nav.contents ul { display: block; }
}
.summary { background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; padding: 1.1rem 1.3rem 0.6rem; margin: 0.5rem 0 1.4rem; }
.summary h2 { border: 0; padding: 0; margin-bottom: 0.7rem; }
.summary dl { display: grid; grid-template-columns: minmax(7.5rem, max-content) minmax(0, 1fr); margin: 0; }
.summary dt, .summary dd { margin: 0; padding: 0.5rem 0; border-top: 1px solid var(--line); }
.summary dt { padding-right: 1.4rem; font-weight: 600; }
.summary dt a { color: inherit; text-decoration-color: var(--line); text-underline-offset: 0.2em; }
.mark { display: block; font-size: 0.78rem; font-weight: 400; color: var(--soft); }
.mark.good { color: var(--good-ink); }
.mark.look { color: var(--look-ink); font-weight: 600; }
@media (max-width: 34rem) { .summary dl { display: block; } .summary dd { border: 0; padding-top: 0; } .summary dt { padding-bottom: 0.1rem; } .summary { padding: 0.9rem 1rem 0.4rem; } }
.table { margin: 0.9rem 0; border: 1px solid var(--line); border-radius: 0.4rem; background: var(--card); width: max-content; max-width: 100%; min-width: min(100%, 22rem); }
.table .caption { margin: 0; max-width: none; padding: 0.55rem 0.75rem; font-weight: 600; font-size: 0.9rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; width: 100%; }
th, td { padding: 0.38rem 0.75rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; font-size: 0.84rem; vertical-align: bottom; background: var(--wash); }
tbody th { font-weight: 500; }
td { min-width: 3.5rem; }
.n { text-align: right; white-space: nowrap; } thead .n { white-space: normal; min-width: 4.6rem; } .w { min-width: 12rem; }
.note { color: var(--soft); font-size: 0.86em; }
.badge { display: inline-block; font-size: 0.78rem; line-height: 1.3; padding: 0.05rem 0.45rem; border-radius: 0.7rem; border: 1px solid currentColor; color: var(--soft); white-space: nowrap; }
.badge.proven, .badge.aligned { color: var(--good-ink); } .badge.well_formed, .badge.parsed { color: var(--look-ink); } .badge.no_plan, .badge.failed { color: var(--bad-ink); }
ul.plain { margin: 0.3rem 0; padding-left: 1.2rem; }
details { margin: 0.35rem 0; }
summary { cursor: pointer; padding: 0.25rem 0; }
details.trace { border-left: 3px solid var(--line); padding-left: 0.8rem; }
details.trace[open] { border-left-color: var(--accent); background: var(--card); padding: 0.2rem 0.9rem 0.8rem; }
.trace .by, .trace .why { color: var(--soft); font-size: 0.9rem; }
.source { margin: 0.5rem 0; display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: 0.3rem 0.8rem; font-size: 0.94rem; }
.source dt { color: var(--soft); } .source dd { margin: 0; }
@media (max-width: 34rem) { .source { display: block; } .source dd { margin-bottom: 0.5rem; } }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
ol.gold { margin: 0; padding: 0; list-style: none; }
.step { font: 0.85em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--accent); overflow-wrap: anywhere; }
ol.plan { padding-left: 1.4rem; margin: 0.6rem 0; font-size: 0.94rem; }
ol.plan > li { margin: 0.45rem 0; }
ol.plan ul { list-style: none; padding: 0.15rem 0 0; margin: 0; }
.serves, .place { color: var(--soft); font-size: 0.86em; }
.evidence { font-size: 0.82rem; margin-left: 0.4rem; color: var(--soft); }
.evidence.computed, .evidence.matched { color: var(--good-ink); } .evidence.claimed { color: var(--look-ink); } .evidence.contradicted { color: var(--bad-ink); font-weight: 600; }
.defects { margin: 0.4rem 0; padding-left: 1.2rem; font-size: 0.92rem; }
.from, .trace-left, .none { color: var(--soft); font-size: 0.88rem; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1rem; }
.side { border-top: 1px solid var(--line); padding-top: 0.6rem; min-width: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 23rem), 1fr)); gap: 1rem 1.4rem; align-items: start; }
.figure { max-width: 26rem; margin: 0.8rem 0; }
.figures .figure { margin: 0; }
figure { margin: 0; }
figure svg { display: block; width: 100%; max-width: 360px; height: auto; overflow: visible; }
figcaption { font-size: 0.86rem; color: var(--soft); margin-top: 0.35rem; }
figcaption strong { color: var(--ink); }
.legend { display: flex; flex-wrap: wrap; gap: 0.1rem 0.9rem; font-size: 0.82rem; color: var(--soft); margin-bottom: 0.3rem; }
.legend i { display: inline-block; width: 0.75rem; height: 0.75rem; border-radius: 2px; margin-right: 0.35rem; vertical-align: -0.08rem; }
.legend i.proven { background: var(--proven); } .legend i.aligned { background: var(--aligned); } .legend i.well_formed { background: var(--well_formed); } .legend i.parsed { background: var(--parsed); }
.legend i.no_plan { background: var(--no_plan); } .legend i.skipped { background: var(--skipped); } .legend i.failed { background: var(--failed); }
.data summary { color: var(--accent); }
dl.terms { display: grid; grid-template-columns: max-content minmax(0, 46rem); gap: 0.25rem 1.2rem; }
dl.terms dt { font-weight: 600; } dl.terms dd { margin: 0; }
@media (max-width: 34rem) { dl.terms { display: block; } dl.terms dd { margin-bottom: 0.5rem; } h1 { font-size: 1.5rem; } .layout { padding: 0 0.9rem; } th, td, .table .caption { padding-left: 0.55rem; padding-right: 0.55rem; } }
@media print {
  :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #000; --wash: #f2f2f2; --bar: #3d77b8;
    --proven: #1f7a4d; --aligned: #2b6cb0; --well_formed: #b7811a; --parsed: #c05621; --no_plan: #b03030; --skipped: #8a919c; --failed: #6b4aa0; --good-ink: #17633d; --look-ink: #8a4b08; --bad-ink: #a32626; }
  html { font-size: 9.5pt; } .layout { display: block; max-width: none; padding: 0; } nav.contents, .skip, details.data { display: none; }
  .table { border: 0; width: auto; } .scroll { overflow: visible; } table { font-size: 8pt; } .n { white-space: normal; } th, td { padding: 0.2rem 0.35rem; }
  .summary { border: 0; padding: 0; } h2, h3, h4 { break-after: avoid; } figure, tr, summary { break-inside: avoid; } a { text-decoration: none; color: inherit; }
  .figures { display: grid; grid-template-columns: 1fr 1fr; }
}
`;
