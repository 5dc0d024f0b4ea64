// What input devices say of themselves: which codes they have, how their keys and axes stand; and what is no news.
// Source: drivers/input/input.c
import type { LinearMemory } from "../engine/memory.ts";
import { BITMAPS, input_absinfo, input_dev } from "./input-layouts.ts";
import { Struct } from "./struct.ts";

export const EV = { SYN: 0, KEY: 1, REL: 2, ABS: 3, LED: 0x11, SND: 0x12, REP: 0x14, FF: 0x15, PWR: 0x16 } as const;
export const ABS_CNT = 0x40;
const ABS_MT_FIRST = 0x30;
const IGNORE = 0;
/** Where a value goes, as bits. */
export const TO_HANDLERS = 1;
export const TO_DEVICE = 2;
export const FLUSH = 8;
const TO_ALL = TO_HANDLERS | TO_DEVICE;

/** Where a value goes, and as what. */
interface Disposition {
  readonly to: number;
  readonly value: number;
}

export class InputState {
  readonly fields: Struct;
  readonly absinfo: Struct;
  private readonly memory: LinearMemory;

  constructor(memory: LinearMemory) {
    this.memory = memory;
    this.fields = new Struct(memory, input_dev);
    this.absinfo = new Struct(memory, input_absinfo);
  }

  /** input_get_disposition(): where a value goes; repeated states go nowhere. */
  dispose(address: number, type: number, code: number, value: number): Disposition {
    const map = BITMAPS[type];
    const isKnown = map === undefined || (code <= map.most && this.has(address, map.has, code));
    const go = (to: number, as = value): Disposition => ({ to: isKnown ? to : IGNORE, value: as });
    switch (type) {
      case EV.SYN:
        return go([TO_HANDLERS | FLUSH, TO_ALL, TO_HANDLERS][code] ?? IGNORE);
      case EV.KEY:
        // Autorepeat says nothing of the state.
        return go(value === 2 || (isKnown && this.toggle(address, "key", code, value)) ? TO_HANDLERS : IGNORE);
      case EV.REL:
        return go(value === 0 ? IGNORE : TO_HANDLERS);
      case EV.ABS:
        return isKnown ? this.disposeAbs(address, code, value) : go(IGNORE);
      case EV.SND:
        if (isKnown) this.toggle(address, "snd", code, value);
        return go(TO_ALL);
      case EV.LED:
        return go(isKnown && this.toggle(address, "led", code, value) ? TO_ALL : IGNORE);
      case EV.REP:
        return go(this.setRepeat(address, code, value) ? TO_ALL : IGNORE);
      case EV.FF:
        return { to: value >= 0 ? TO_ALL : IGNORE, value };
      default:
        if (map?.state !== undefined)
          return go(isKnown && this.toggle(address, map.state, code, value) ? TO_HANDLERS : IGNORE);
        return go(TO_ALL);
    }
  }

  /** input_handle_abs_event(): noise around the last value is filtered. */
  private disposeAbs(address: number, code: number, value: number): Disposition {
    const at = this.axis(address, code);
    if (code >= ABS_MT_FIRST || at === 0) return { to: TO_HANDLERS, value };
    const old = this.absinfo.get(at, "value");
    const calm = defuzz(value, old, this.absinfo.get(at, "fuzz"));
    if (calm === old) return { to: IGNORE, value };
    this.absinfo.set(at, "value", calm);
    return { to: TO_HANDLERS, value: calm };
  }

  repeatTimes(address: number): readonly [delay: number, period: number] {
    const at = this.fields.at(address, "rep");
    return [this.memory.peek(at, 4), this.memory.peek(at + 4, 4)];
  }

  private setRepeat(address: number, code: number, value: number): boolean {
    const at = this.fields.at(address, "rep") + 4 * code;
    if (code > 1 || value < 0 || this.memory.peek(at, 4) === value) return false;
    this.memory.poke(at, 4, value);
    return true;
  }

  axis(address: number, axis: number): number {
    const table = this.fields.get(address, "absinfo");
    return table === 0 || axis >= ABS_CNT ? 0 : table + axis * this.absinfo.size;
  }

  has(address: number, map: string, bit: number): boolean {
    return (this.memory.peek(this.fields.at(address, map) + 4 * (bit >>> 5), 4) & (1 << (bit & 31))) !== 0;
  }

  setBit(address: number, map: string, bit: number, on: boolean): void {
    const { memory } = this;
    const at = this.fields.at(address, map) + 4 * (bit >>> 5);
    const word = memory.peek(at, 4);
    memory.poke(at, 4, on ? word | (1 << (bit & 31)) : word & ~(1 << (bit & 31)));
  }

  /** Takes a state over; whether it is a new one. */
  private toggle(address: number, map: string, bit: number, value: number): boolean {
    if (this.has(address, map, bit) === (value !== 0)) return false;
    this.setBit(address, map, bit, value !== 0);
    return true;
  }

  bitmap(address: number, map: string): Uint8Array {
    return this.memory.bytesAt(this.fields.at(address, map), this.fields.bytesOf(map));
  }

  ones(address: number, map: string): number {
    return [...this.bitmap(address, map)].reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
  }
}

/** input_defuzz_abs_event(). */
function defuzz(value: number, old: number, fuzz: number): number {
  if (fuzz === 0) return value;
  const half = Math.trunc(fuzz / 2);
  if (value > old - half && value < old + half) return old;
  if (value > old - fuzz && value < old + fuzz) return Math.trunc((old * 3 + value) / 4);
  if (value > old - fuzz * 2 && value < old + fuzz * 2) return Math.trunc((old + value) / 2);
  return value;
}
