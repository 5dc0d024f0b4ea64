// Clocks that drivers use: found by name, prepared where one may sleep, enabled anywhere.
import type { device } from "./device.d.ts";
import type { ErrPtr, int, long, Ref, Struct, ulong } from "./types.d.ts";

/** `struct clk`, a driver's use of a clock; opaque. Source: include/linux/clk.h */
export type clk = Struct<"clk", object>;
/** `struct clk`, a driver's use of a clock; opaque. Source: include/linux/clk.h */
export const clk: clk;

type Clk = Ref<clk>;

/** The clock that a device calls by a name, its first one without. Context: process, may sleep. Result: an ERR_PTR of -ENOENT, or of -EPROBE_DEFER while its provider is not there. Source: drivers/clk/clkdev.c */
export function clk_get(dev: Ref<device> | null, id: string | null): Clk | ErrPtr;
/** Lets go of a clock of clk_get. Context: process, may sleep. Source: drivers/clk/clkdev.c */
export function clk_put(clk: Clk): void;
/** clk_get, undone when the driver leaves. Context: process, may sleep. Result: as clk_get. Source: drivers/clk/clk-devres.c, as for all of devm */
export function devm_clk_get(dev: Ref<device>, id: string | null): Clk | ErrPtr;
/** devm_clk_get, with NULL where there is no such clock; to all other functions NULL is a clock that always runs. Context: process, may sleep. Result: as clk_get. Source: drivers/clk/clk-devres.c */
export function devm_clk_get_optional(dev: Ref<device>, id: string | null): Clk | ErrPtr | null;
/** devm_clk_get and clk_prepare, undone when the driver leaves. Context: process, may sleep. Result: as clk_get. Source: drivers/clk/clk-devres.c */
export function devm_clk_get_prepared(dev: Ref<device>, id: string | null): Clk | ErrPtr;
/** devm_clk_get_prepared, with NULL where there is no such clock. Context: process, may sleep. Result: as clk_get. Source: drivers/clk/clk-devres.c */
export function devm_clk_get_optional_prepared(dev: Ref<device>, id: string | null): Clk | ErrPtr | null;
/** devm_clk_get and clk_prepare_enable, undone when the driver leaves. Context: process, may sleep. Result: as clk_get. Source: drivers/clk/clk-devres.c */
export function devm_clk_get_enabled(dev: Ref<device>, id: string | null): Clk | ErrPtr;
/** devm_clk_get_enabled, with NULL where there is no such clock. Context: process, may sleep. Result: as clk_get. Source: drivers/clk/clk-devres.c */
export function devm_clk_get_optional_enabled(dev: Ref<device>, id: string | null): Clk | ErrPtr | null;
/** Undoes devm_clk_get now. Context: process, may sleep. Source: drivers/clk/clk-devres.c */
export function devm_clk_put(dev: Ref<device>, clk: Clk): void;

/** Makes a clock ready to be enabled, after its parents; calls nest. Context: process, may sleep. Result: 0 or a negative errno. Source: drivers/clk/clk.c, as for all below */
export function clk_prepare(clk: Clk | null): int;
/** Undoes clk_prepare. Context: process, may sleep. */
export function clk_unprepare(clk: Clk | null): void;
/** Lets a prepared clock run; calls nest. Context: any. Result: 0, or a negative errno: -ESHUTDOWN when it is not prepared. */
export function clk_enable(clk: Clk | null): int;
/** Undoes clk_enable. Context: any. */
export function clk_disable(clk: Clk | null): void;
/** clk_prepare and clk_enable. Context: process, may sleep. Result: 0 or a negative errno. */
export function clk_prepare_enable(clk: Clk | null): int;
/** clk_disable and clk_unprepare. Context: process, may sleep. */
export function clk_disable_unprepare(clk: Clk | null): void;
/** The rate in hertz. Context: process, may sleep. Result: 0 for NULL. */
export function clk_get_rate(clk: Clk | null): ulong;
/** The nearest rate that a clock can have, in hertz. Context: process, may sleep. Result: it, or a negative errno. */
export function clk_round_rate(clk: Clk | null, rate: ulong): long;
/** Gives a clock the nearest rate to this, in hertz. Context: process, may sleep. Result: 0 or a negative errno. */
export function clk_set_rate(clk: Clk | null, rate: ulong): int;
/** What a clock is derived from; it is not to be put. Context: process, may sleep. Result: NULL when it is from nothing. */
export function clk_get_parent(clk: Clk | null): Clk | null;
