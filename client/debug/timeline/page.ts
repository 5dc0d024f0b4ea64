// The timeline's page: shows what ran when, takes the pointer and the keys, and asks the extension for moments and parts.
import type { Timeline, TimelinePoint } from "../../../simulator/timeline/protocol.ts";
import { draw, drawCursor, type Item } from "./drawing.ts";
import type { FromPage, ToPage, Words } from "./messages.ts";
import { clockAt, type Measure, measured, partAround, Scale, timeText } from "./scale.ts";

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): { by?: Measure } | undefined;
  setState(state: { by: Measure }): void;
};

/** How long the pointer rests before the machine travels after it, and before another part is asked for. */
const REST_MILLIS = 120;
/** How near the pointer has to be to something to mean it. */
const NEAR = 4;
const ZOOM = 1.6;

const editor = acquireVsCodeApi();
const words: Words = JSON.parse(document.body.dataset.words ?? "{}");
const find = <T extends Element>(id: string): T => document.getElementById(id) as unknown as T;
const [chart, names, scroller] = [find<SVGSVGElement>("chart"), find("names"), find<HTMLElement>("scroller")];
const [tip, told, note, message] = [find<HTMLElement>("tip"), find("told"), find("note"), find<HTMLElement>("message")];

let timeline: Timeline | undefined;
let by: Measure = editor.getState()?.by ?? "statements";
/** The part that is shown; the whole run so far without it. */
let part: { from: number; to: number } | undefined;
let scale = new Scale(by, 0, 1, 1);
let items = new Map<Element, Item>();
let selected: Item | undefined;
/** Where the machine is to go when it stands still again. */
let wanted: number | undefined;
let isByKey = false;
let isBusy = false;
let isDragging = false;
let hand: Element | undefined;

const later = (run: () => void): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, REST_MILLIS);
  };
};

const ask = (): void => {
  const resolution = Math.max(50, Math.round(chartWidth() / 2));
  editor.postMessage({ kind: "want", part: { by, resolution, ...part } });
};
const askLater = later(ask);
const travelLater = later(travel);

function travel(): void {
  if (wanted === undefined || isBusy) return;
  const clock = wanted;
  wanted = undefined;
  if (clock === timeline?.now.clock) {
    render();
    return;
  }
  setBusy(true);
  editor.postMessage({ kind: "seek", clock, isByKey });
  isByKey = false;
}

function setBusy(busy: boolean): void {
  isBusy = busy;
  document.body.classList.toggle("busy", busy);
}

window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  if (data.kind === "focus") {
    scroller.focus();
    return;
  }
  if (data.kind === "busy") {
    setBusy(true);
    return;
  }
  setBusy(false);
  timeline = data.kind === "timeline" ? data.timeline : undefined;
  message.textContent = data.kind === "empty" ? data.why : "";
  render();
  travel();
});

function chartWidth(): number {
  return scroller.clientWidth - (names as HTMLElement).offsetWidth;
}

function render(): void {
  const isEmpty = timeline === undefined || timeline.end.clock === 0;
  document.body.classList.toggle("empty", isEmpty);
  if (timeline === undefined) return;
  if (isEmpty) {
    message.textContent = words.nothing;
    return;
  }
  message.textContent = "";
  const end = measured(timeline.end, by);
  follow(measured(timeline.now, by), end);
  scale = new Scale(by, part?.from ?? 0, part?.to ?? end, chartWidth());
  names.replaceChildren(...timeline.lanes.map(({ name }) => text("div", name, "name")));
  items = draw(chart, timeline, scale);
  hand = undefined;
  if (selected !== undefined) mark(selected);
  const notes = [
    timeline.isMerged ? words.merged : "",
    timeline.leftOut > 0 ? filled("leftOut", timeline.leftOut) : "",
  ];
  note.textContent = notes.filter(Boolean).join(" ");
  for (const measure of ["statements", "nanos"] as const) {
    find(measure).setAttribute("aria-pressed", String(measure === by));
  }
}

/** The present moment stays in sight. */
function follow(now: number, end: number): void {
  if (part === undefined || (now >= part.from && now <= part.to)) return;
  part = partAround(now, part.to - part.from, end);
  ask();
}

function text(tag: string, content: string, className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = content;
  element.title = content;
  return element;
}

function filled(word: keyof Words, ...values: readonly (string | number)[]): string {
  return words[word].replaceAll(/\{(\d)\}/g, (_, index) => String(values[Number(index)]));
}

function startOf(item: Item): TimelinePoint {
  return "span" in item ? item.span.from : item.mark.at;
}

/** What something is, and when: a line each. */
function describe(item: Item): readonly string[] {
  const what = "span" in item ? item.span : item.mark;
  const { clock, nanos } = startOf(item);
  const kind = words[what.kind];
  const one = what.name === "" ? kind : `${kind}: ${what.name}`;
  const title = what.count === undefined ? one : filled("several", kind, what.count, what.name);
  const lines = [title, `${item.lane.name}, ${filled("at", timeText(nanos), clock.toLocaleString())}`];
  if ("span" in item) {
    const { to } = item.span;
    lines.push(to ? filled("lasted", timeText(to.nanos - nanos), to.clock - clock) : words.lasts);
  }
  const { place } = what;
  if (place?.path !== undefined) lines.push(`${place.fn} (${place.path.replace(/^.*[\\/]/, "")}:${place.line})`);
  return lines;
}

function show(item: Item | undefined, x = 0, y = 0): void {
  tip.hidden = item === undefined;
  if (item === undefined) return;
  tip.replaceChildren(...describe(item).map((line) => text("div", line, "line")));
  for (const line of tip.children) line.removeAttribute("title");
  const [room, height] = [document.body.clientWidth - tip.offsetWidth - 8, document.body.clientHeight];
  tip.style.left = `${Math.max(0, Math.min(x + 12, room))}px`;
  tip.style.top = `${y + tip.offsetHeight + 20 > height ? Math.max(0, y - tip.offsetHeight - 8) : y + 16}px`;
}

function mark(item: Item): void {
  for (const [element, one] of items) element.classList.toggle("selected", startOf(one) === startOf(item));
}

function xOf(event: MouseEvent): number {
  return Math.max(0, Math.min(event.clientX - chart.getBoundingClientRect().left, scale.width));
}

/** What lies under the pointer, or close by. */
function itemAt(event: MouseEvent): Item | undefined {
  for (const shift of [0, -NEAR / 2, NEAR / 2, -NEAR, NEAR]) {
    for (const element of document.elementsFromPoint(event.clientX + shift, event.clientY)) {
      const item = items.get(element);
      if (item !== undefined) return item;
    }
  }
  return undefined;
}

/** The line under the pointer moves at once; the machine comes after. */
function scrub(event: PointerEvent): void {
  if (timeline === undefined) return;
  const x = xOf(event);
  hand?.remove();
  hand = drawCursor(chart, "hand", x, chart.height.baseVal.value);
  wanted = clockAt(timeline, scale.value(x), by);
  show(undefined);
  travelLater();
}

chart.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || timeline === undefined) return;
  isDragging = true;
  chart.setPointerCapture(event.pointerId);
  const item = itemAt(event);
  scrub(event);
  // What was clicked is meant from its beginning.
  if (item !== undefined && "mark" in item) wanted = item.mark.at.clock;
});
chart.addEventListener("pointermove", (event) => {
  if (isDragging) scrub(event);
  else show(itemAt(event), event.clientX, event.clientY);
});
chart.addEventListener("pointerup", () => {
  isDragging = false;
});
chart.addEventListener("pointercancel", () => {
  isDragging = false;
});
chart.addEventListener("pointerleave", () => show(undefined));
scroller.addEventListener(
  "wheel",
  (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? ZOOM : 1 / ZOOM, scale.value(xOf(event)));
  },
  { passive: false },
);

function zoom(factor: number, around = middle()): void {
  if (timeline === undefined) return;
  const length = Math.max(10, (scale.to - scale.from) / factor);
  const ratio = (around - scale.from) / (scale.to - scale.from);
  part = partAround(around + (0.5 - ratio) * length, length, measured(timeline.end, by));
  render();
  askLater();
}

/** The selected event, or the present moment when that is in sight. */
function middle(): number {
  const value = measured(selected === undefined ? timeline!.now : startOf(selected), by);
  return value >= scale.from && value <= scale.to ? value : (scale.from + scale.to) / 2;
}

function measureBy(measure: Measure): void {
  by = measure;
  part = undefined;
  editor.setState({ by });
  render();
  ask();
}

/** From event to event in the order of their moments, over all lanes. */
function select(choose: (moments: readonly Item[], present: number) => Item | undefined): void {
  const all = [...items.values()].toSorted((a, b) => startOf(a).clock - startOf(b).clock);
  const present = selected === undefined ? timeline!.now.clock : startOf(selected).clock;
  const item = choose(all, present);
  if (item === undefined) return;
  selected = item;
  mark(item);
  told.textContent = describe(item).join(", ");
  const place = chart.getBoundingClientRect();
  const lane = timeline!.lanes.indexOf(item.lane);
  show(item, place.left + scale.x(startOf(item)), place.top + 40 + lane * 34);
}

const keys: Readonly<Record<string, () => void>> = {
  ArrowRight: () => select((all, present) => all.find((one) => startOf(one).clock > present)),
  ArrowLeft: () => select((all, present) => all.findLast((one) => startOf(one).clock < present)),
  Home: () => select((all) => all[0]),
  End: () => select((all) => all.at(-1)),
  "+": () => zoom(ZOOM),
  "=": () => zoom(ZOOM),
  "-": () => zoom(1 / ZOOM),
  "0": () => measureBy(by),
  Enter: () => {
    wanted = selected === undefined ? undefined : startOf(selected).clock;
    isByKey = true;
    travel();
  },
  Escape: () => show(undefined),
};

scroller.addEventListener("keydown", (event) => {
  const act = event.ctrlKey || event.altKey || event.metaKey ? undefined : keys[event.key];
  if (act === undefined || timeline === undefined) return;
  event.preventDefault();
  act();
});

find("statements").addEventListener("click", () => measureBy("statements"));
find("nanos").addEventListener("click", () => measureBy("nanos"));
find("in").addEventListener("click", () => zoom(ZOOM));
find("out").addEventListener("click", () => zoom(1 / ZOOM));
find("whole").addEventListener("click", () => measureBy(by));
new ResizeObserver(() => {
  render();
  askLater();
}).observe(scroller);
ask();
