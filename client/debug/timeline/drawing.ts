// Draws the timeline: a lane for each CPU and each task, in SVG, with classes that the theme colours.
import type { Timeline, TimelineLane, TimelineMark, TimelineSpan } from "../../../simulator/timeline/protocol.ts";
import { type Scale, timeText } from "./scale.ts";

const SVG = "http://www.w3.org/2000/svg";

const AXIS_HEIGHT = 22;
const LANE_HEIGHT = 34;
/** Rows of a lane: what runs or sleeps, system calls, locks, marks. */
const ROWS = { main: [5, 12], syscall: [18, 3], locks: [22, 4], marks: [30, 0] } as const;
/** What is narrower could not be seen. */
const LEAST = 1.5;
const LETTER = 6.2;

/** Something that can be hovered and gone to. */
export type Item = { readonly lane: TimelineLane } & (
  | { readonly span: TimelineSpan }
  | { readonly mark: TimelineMark }
);

/** Draws into an SVG; gives what each shape stands for. */
export function draw(svg: SVGSVGElement, timeline: Timeline, scale: Scale): Map<Element, Item> {
  const items = new Map<Element, Item>();
  const height = AXIS_HEIGHT + timeline.lanes.length * LANE_HEIGHT;
  svg.replaceChildren();
  svg.setAttribute("width", String(scale.width));
  svg.setAttribute("height", String(height));
  const end = Math.min(scale.width, scale.x(timeline.end));
  drawAxis(svg, scale, height);
  timeline.lanes.forEach((lane, index) => {
    const top = AXIS_HEIGHT + index * LANE_HEIGHT;
    add(svg, "line", { class: "border", x1: 0, x2: scale.width, y1: top + 0.5, y2: top + 0.5 });
    for (const span of inOrder(lane.spans)) items.set(drawSpan(svg, span, top, scale, end), { lane, span });
    for (const mark of lane.marks) items.set(drawMark(svg, mark, top, scale), { lane, mark });
  });
  const now = scale.x(timeline.now);
  if (end > now) {
    const from = Math.max(0, now);
    add(svg, "rect", { class: "future", x: from, y: AXIS_HEIGHT, width: end - from, height: height - AXIS_HEIGHT });
  }
  if (now >= 0 && now <= scale.width + 1) drawCursor(svg, "now", now, height);
  return items;
}

/** A line over all lanes, with a handle on the axis. */
export function drawCursor(svg: SVGSVGElement, name: string, x: number, height: number): SVGElement {
  const group = add(svg, "g", { class: `cursor ${name}` });
  add(group, "line", { x1: x, x2: x, y1: 0, y2: height });
  add(group, "path", { d: `M${x - 5} 0h10v7l-5 6l-5 -6z` });
  return group;
}

function drawAxis(svg: SVGSVGElement, scale: Scale, height: number): void {
  for (const value of scale.ticks(110)) {
    const x = scale.place(value);
    add(svg, "line", { class: "grid", x1: x, x2: x, y1: AXIS_HEIGHT - 6, y2: height });
    const text = scale.by === "nanos" ? timeText(value) : value.toLocaleString();
    add(svg, "text", { class: "tick", x: x + 3, y: AXIS_HEIGHT - 8 }).textContent = text;
  }
}

const levels: readonly TimelineSpan["kind"][] = [
  "run",
  "sleep",
  "ready",
  "softirq",
  "hardirq",
  "syscall",
  "hold",
  "wait",
];

/** What lies on top of others is drawn after them. */
function inOrder(spans: readonly TimelineSpan[]): readonly TimelineSpan[] {
  return spans.toSorted((a, b) => levels.indexOf(a.kind) - levels.indexOf(b.kind));
}

function drawSpan(svg: SVGSVGElement, span: TimelineSpan, top: number, scale: Scale, end: number): SVGElement {
  const { kind } = span;
  const row = kind === "syscall" ? ROWS.syscall : kind === "hold" || kind === "wait" ? ROWS.locks : ROWS.main;
  const from = Math.max(0, scale.x(span.from));
  const to = Math.min(scale.width, span.to === undefined ? end : scale.x(span.to));
  const width = Math.max(LEAST, to - from);
  const isThin = kind === "sleep" || kind === "ready";
  const [y, height] = isThin ? [row[0] + 4, 4] : row;
  const shape = add(svg, "rect", { class: `span ${kind}`, x: from, y: top + y, width, height });
  const name = span.count === undefined ? span.name : `${span.count}×`;
  if (row === ROWS.main && !isThin && width > name.length * LETTER + 6) {
    add(svg, "text", { class: "label", x: from + 3, y: top + y + height - 2.5 }).textContent = name;
  }
  return shape;
}

function drawMark(svg: SVGSVGElement, mark: TimelineMark, top: number, scale: Scale): SVGElement {
  const x = scale.x(mark.at);
  const y = top + ROWS.marks[0];
  const d = {
    mmio: `M${x} ${y - 3}v6`,
    log: `M${x - 2.5} ${y - 2.5}h5v5h-5z`,
    report: `M${x} ${y - 6}l5 9h-10z`,
  }[mark.kind];
  return add(svg, "path", { class: `mark ${mark.kind}`, d });
}

function add(parent: Element, tag: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  parent.append(element);
  return element;
}
