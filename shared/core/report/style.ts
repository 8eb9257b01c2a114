/**
 * The one style sheet of the report and of the live page. Colours of the lines are Okabe and Ito's, which most colour-blind
 * readers tell apart; dark has lighter ones of the same set. Paper is always light.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --card: #f6f7f9; --ink: #1b1f24; --soft: #57606a; --rule: #d5dae0; --link: #0a58ca;
  --train: #0072b2; --evaluation: #c04a00; --mark: #6b3fa0; --bar: #0072b2;
  --good: #146c2e; --good-back: #e3f5e7; --bad: #a81c1c; --bad-back: #fdeaea;
  --wait: #7a4b00; --wait-back: #fff3d6; --active: #0a4fa3; --active-back: #e4effc; --calm: #4a525b; --calm-back: #e9ecf0; --planned: #5a3196; --planned-back: #f0e9fb;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --card: #1d2127; --ink: #e7eaee; --soft: #a3adb8; --rule: #383f48; --link: #7ab7ff;
    --train: #56b4e9; --evaluation: #f0a13a; --mark: #c8a6f0; --bar: #56b4e9;
    --good: #8fdca4; --good-back: #16331f; --bad: #ffaaa5; --bad-back: #41191a;
    --wait: #f5cf7f; --wait-back: #3a2d0d; --active: #a5cdff; --active-back: #14304f; --calm: #c1c8d0; --calm-back: #2b3139; --planned: #d0b6f5; --planned-back: #34234d;
  }
}
@media print { :root { color-scheme: light; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main, nav { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
main { padding-bottom: 3rem; overflow-wrap: anywhere; }
nav { padding-top: 1rem; }
a { color: var(--link); }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .5rem 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
p { margin: .5rem 0; max-width: 46rem; }
code, pre { font: .86em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono", monospace; }
pre { background: var(--card); border: 1px solid var(--rule); border-radius: 6px; padding: .75rem 1rem; margin: .5rem 0; white-space: pre-wrap; }
.soft { color: var(--soft); }
.small { font-size: .87rem; }
header { padding-top: 1.75rem; }
.state { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; font-size: .8rem; font-weight: 650; letter-spacing: .03em; white-space: nowrap; overflow-wrap: normal; }
.good { color: var(--good); background: var(--good-back); }
.bad { color: var(--bad); background: var(--bad-back); }
.wait { color: var(--wait); background: var(--wait-back); }
.active { color: var(--active); background: var(--active-back); }
.calm { color: var(--calm); background: var(--calm-back); }
.planned { color: var(--planned); background: var(--planned-back); }
.lead { font-size: 1.08rem; max-width: 50rem; }
.remedy { border-left: 4px solid currentColor; border-radius: 4px; padding: .6rem 1rem; margin: 1rem 0; max-width: 50rem; }
.remedy p { margin: .15rem 0; color: var(--ink); white-space: pre-line; }
.remedy pre { color: var(--ink); background: var(--paper); }
.facts { display: flex; flex-wrap: wrap; gap: .75rem 2.5rem; margin: 1rem 0; }
.facts dt { color: var(--soft); font-size: .82rem; }
.facts dd { margin: 0; }
.facts > div:has(code) { flex-basis: 100%; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .35rem; }
th, td { text-align: left; vertical-align: top; padding: .38rem .9rem .38rem 0; border-bottom: 1px solid var(--rule); }
th { font-weight: 600; }
thead th { color: var(--soft); font-size: .82rem; }
tbody th { font-weight: 500; min-width: 10rem; }
.scroll td:not(.number, .time) { min-width: 7rem; }
.scroll td.place, .scroll td:last-child:not(.number, .time) { min-width: 9rem; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
tr.rest td, tr.rest th { color: var(--soft); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.25rem 2rem; }
figure { margin: 0; max-width: 40rem; break-inside: avoid; }
figcaption { font-weight: 600; margin-bottom: .25rem; }
.bars td, .bars th { border: 0; padding: .14rem .6rem .14rem 0; }
.bars th { width: 42%; min-width: 6rem; }
.bars .small { white-space: nowrap; }
.bars svg { display: block; width: 100%; min-width: 5rem; height: .8rem; margin-top: .3rem; }
.bars rect { fill: var(--bar); }
.chart { display: block; width: 100%; height: auto; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
.chart text { fill: var(--ink); }
.chart .tick { fill: var(--soft); font-size: 11.5px; }
.chart .mark-label { fill: var(--mark); font-size: 11.5px; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.grid { stroke: var(--rule); stroke-width: 1; }
.axis { stroke: var(--soft); stroke-width: 1; }
.mark { stroke: var(--mark); stroke-width: 1.5; stroke-dasharray: 2 3; }
.line { fill: none; stroke-linejoin: round; stroke-linecap: round; }
.line.train { stroke: var(--train); stroke-width: 1.4; }
.line.evaluation { stroke: var(--evaluation); stroke-width: 2.2; stroke-dasharray: 7 4; }
.marker.train { fill: var(--train); }
.marker.evaluation { fill: var(--paper); stroke: var(--evaluation); stroke-width: 2; }
.hit { fill: transparent; }
.hit:hover { fill: var(--mark); }
.sparkline { display: block; width: 120px; height: 28px; }
.search { display: flex; flex-wrap: wrap; gap: .5rem 1rem; max-width: 62rem; margin: 0 auto; padding: .75rem 1.25rem 0; }
.search input, .search select, .search button, nav button { font: inherit; padding: .2rem .5rem; max-width: 100%; }
.runs td { vertical-align: middle; }
.scroll .runs td:nth-child(2) { min-width: 10rem; }
.scroll .runs td:nth-child(3) { min-width: 16rem; }
.scroll .runs td:nth-child(n+4) { min-width: 4.5rem; padding-right: .6rem; }
.runs td.time { white-space: normal; min-width: 6rem; }
progress { width: 7rem; accent-color: var(--train); vertical-align: middle; }
.far progress { width: 100%; height: .8rem; }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--link); }
.bars line { stroke: var(--ink); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.better { font-size: 1.25rem; font-weight: 600; max-width: 50rem; }
.answers fieldset { border: 0; padding: 0; margin: .5rem 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.answers td bdi { white-space: pre-wrap; }
.answers label { white-space: nowrap; }
.answers:has(#answers-wrong:checked) tbody tr:not(.is-wrong),
.answers:has(#answers-gained:checked) tbody tr:not(.is-gained),
.answers:has(#answers-lost:checked) tbody tr:not(.is-lost) { display: none; }
.source { counter-reset: line; padding: .5rem 0; }
.source span { display: block; padding: 0 1rem 0 3.6rem; text-indent: -2.6rem; }
.source span::before { counter-increment: line; content: counter(line); display: inline-block; width: 2rem; margin-right: .6rem; text-indent: 0; text-align: right; color: var(--soft); }
.source .wrong { background: var(--bad-back); box-shadow: inset 4px 0 var(--bad); }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
@media screen and (max-width: 40rem) {
  .stack thead { display: none; }
  .stack tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--rule); }
  .stack td, .scroll .stack td { display: block; border: 0; padding: .15rem 0; min-width: 0; text-align: left; white-space: normal; }
  .stack tbody th { display: block; border: 0; padding: .15rem 0; }
  .stack td:empty { display: none; }
  .stack td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); }
  main, nav, .search { padding-left: .9rem; padding-right: .9rem; }
  h1 { font-size: 1.5rem; }
  th, td { padding-right: .5rem; }
  tbody th { min-width: 6rem; }
  .scroll td:not(.number, .time) { min-width: 5.5rem; }
}
@media print {
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  .pair { grid-template-columns: 1fr 1fr; }
  h2 { break-after: avoid; margin-top: 1.5rem; }
  tr, figure, .remedy, .facts > div { break-inside: avoid; }
  .state, .source .wrong { border: 1px solid currentColor; }
}
`;
