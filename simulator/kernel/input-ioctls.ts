// What processes ask event nodes about their devices.
// Source: drivers/input/evdev.c
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { BITMAPS } from "./input-layouts.ts";
import { ABS_CNT, type InputState } from "./input-state.ts";
import type { Slab } from "./slab.ts";
import { encode, textAt } from "./text.ts";
import type { UserMemory } from "./user.ts";

const EV_VERSION = 0x010001;
/** The letter of these commands. */
const TYPE = 0x45;

interface Parts {
  readonly core: Core;
  readonly slab: Slab;
  readonly user: UserMemory;
}

/** EVIOCGVERSION, EVIOCGID, EVIOCGNAME, EVIOCGKEY, EVIOCGBIT and EVIOCGABS: bytes given, or a negative errno. */
export function* inputIoctl(
  { core, slab, user }: Parts,
  state: InputState,
  address: number,
  command: number,
  argument: number,
): Steps<number> {
  const most = (command >>> 16) & 0x3fff;
  const isRead = command >>> 30 === 2 && ((command >>> 8) & 0xff) === TYPE;
  const bytes = isRead ? answer() : undefined;
  if (bytes === undefined) return -errno.EINVAL;
  const length = Math.min(most, bytes.length);
  const copy = slab.reserve(bytes.length, `evdev_reply-${bytes.length}`);
  core.memory.bytesAt(copy, bytes.length).set(bytes);
  const left = yield* user.copyTo(argument, copy, length);
  slab.kfree(copy);
  if (left > 0) return -errno.EFAULT;
  // Those of fixed length succeed with 0.
  const nr = command & 0xff;
  return nr === 0x06 || nr === 0x18 || (nr >= 0x20 && nr < 0x40) ? length : 0;

  function answer(): readonly number[] | undefined {
    const { memory } = core;
    const nr = command & 0xff;
    const map = (name: string): readonly number[] => [...state.bitmap(address, name)];
    if (nr === 0x01) return [EV_VERSION & 0xff, (EV_VERSION >>> 8) & 0xff, EV_VERSION >>> 16, 0];
    if (nr === 0x02) return [...memory.bytesAt(state.fields.at(address, "id"), 8)];
    if (nr === 0x06) {
      const name = state.fields.get(address, "name");
      return name === 0 ? undefined : [...encode(textAt(memory, name)), 0];
    }
    if (nr === 0x18) return map("key");
    if (nr === 0x20) return map("evbit");
    if (nr > 0x20 && nr < 0x40) return BITMAPS[nr - 0x20] === undefined ? undefined : map(BITMAPS[nr - 0x20]!.has);
    const axis = state.axis(address, nr - 0x40);
    if (nr < 0x40 || nr >= 0x40 + ABS_CNT || axis === 0) return undefined;
    return [...memory.bytesAt(axis, state.absinfo.size)];
  }
}
