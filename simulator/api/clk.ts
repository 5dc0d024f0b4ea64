// linux/clk and linux/clk-provider: clocks that drivers use, and clocks that they provide.
import type { Steps } from "../engine/interfaces.ts";
import { CLK_DIVIDER_ONE_BASED, CLK_DIVIDER_POWER_OF_TWO, CLK_GATE_SET_TO_DISABLE } from "../kernel/clk-kinds.ts";
import { clk_hw, clk_init_data, clk as clk_layout, clk_ops, clk_parent_data } from "../kernel/clk-layouts.ts";
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { device } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

export function clk(kernel: Kernel): Header {
  const { core, clocks, clockKinds, devices } = kernel;
  const header = new Header(core);
  header.layout("clk", clk_layout);
  const name = (address: number): string | undefined => (address === 0 ? undefined : kernel.textAt(address));
  /** A clock that a device calls by a name, its first one for NULL. Task context, may sleep. It, or an ERR_PTR. */
  header.plain("clk_get", [device, "string"], clk_layout, (dev: number, id: number) => clockKinds.get(dev, name(id)), {
    mayBeErrPtr: true,
  });
  /** Lets go of it. Task context, may sleep. */
  header.plain("clk_put", [clk_layout], "void", (it: number) => clocks.put(it));
  for (const [suffix, isPrepared, isEnabled] of [
    ["", false, false],
    ["_prepared", true, false],
    ["_enabled", true, true],
  ] as const) {
    for (const isOptional of [false, true]) {
      /** clk_get, perhaps with clk_prepare and clk_enable, undone when the driver leaves; NULL where an optional one is not there. Task context, may sleep. It, or an ERR_PTR. */
      header.steps(
        `devm_clk_get${isOptional ? "_optional" : ""}${suffix}`,
        [device, "string"],
        clk_layout,
        function* (dev: number, id: number): Steps<number> {
          const it = clockKinds.get(dev, name(id));
          if (it === -errno.ENOENT && isOptional) return 0;
          if (it < 0) return it;
          const result = isEnabled ? yield* clocks.prepareEnable(it) : isPrepared ? yield* clocks.prepare(it) : 0;
          if (result !== 0) {
            clocks.put(it);
            return result;
          }
          devices.managed.add(dev, "clk", `${it}`, function* () {
            if (isEnabled) yield* clocks.disableUnprepare(it);
            else if (isPrepared) yield* clocks.unprepare(it);
            clocks.put(it);
          });
          return it;
        },
        { mayBeErrPtr: true, mayBeNull: true },
      );
    }
  }
  /** Undoes devm_clk_get now. Task context, may sleep. */
  header.steps("devm_clk_put", [device, clk_layout], "void", (dev: number, it: number) =>
    devices.managed.release(dev, "clk", `${it}`, 1077),
  );
  consumers(header, kernel);
  return header;
}

function consumers(header: Header, { clocks }: Kernel): void {
  /** Makes a clock ready to be enabled. Task context, may sleep. 0, or a negative errno. */
  header.steps("clk_prepare", [clk_layout], "int", (it: number) => clocks.prepare(it));
  /** Undoes clk_prepare. Task context, may sleep. */
  header.steps("clk_unprepare", [clk_layout], "void", (it: number) => clocks.unprepare(it));
  /** Lets a prepared clock run. Any context. 0, or a negative errno: -ESHUTDOWN when it is not prepared. */
  header.steps("clk_enable", [clk_layout], "int", (it: number) => clocks.enable(it));
  /** Undoes clk_enable. Any context. */
  header.steps("clk_disable", [clk_layout], "void", (it: number) => clocks.disable(it));
  /** clk_prepare and clk_enable. Task context, may sleep. 0, or a negative errno. */
  header.steps("clk_prepare_enable", [clk_layout], "int", (it: number) => clocks.prepareEnable(it));
  /** clk_disable and clk_unprepare. Task context, may sleep. */
  header.steps("clk_disable_unprepare", [clk_layout], "void", (it: number) => clocks.disableUnprepare(it));
  /** The rate, in hertz. Task context, may sleep. It; 0 for NULL. */
  header.steps("clk_get_rate", [clk_layout], "u32", (it: number) => clocks.rate(it));
  /** The nearest rate that it can have. Task context, may sleep. It, in hertz, or a negative errno. */
  header.steps("clk_round_rate", [clk_layout, "u32"], "int", (it: number, rate: number) => clocks.roundRate(it, rate));
  /** Gives it the nearest rate. Task context, may sleep. 0, or a negative errno. */
  header.steps("clk_set_rate", [clk_layout, "u32"], "int", (it: number, rate: number) => clocks.setRate(it, rate));
  /** What it is derived from, not to be put. Task context, may sleep. NULL: nothing. */
  header.steps("clk_get_parent", [clk_layout], clk_layout, (it: number) => clocks.parentOf(it), { mayBeNull: true });
}

export function clkProvider(kernel: Kernel): Header {
  const { core, clocks, clockKinds, devices, statics } = kernel;
  const header = new Header(core);
  for (const layout of [clk_hw, clk_init_data, clk_ops, clk_parent_data]) header.layout(layout.name, layout);
  header.constants({ CLK_SET_RATE_PARENT: 4, CLK_GATE_SET_TO_DISABLE });
  header.constants({ CLK_DIVIDER_ONE_BASED, CLK_DIVIDER_POWER_OF_TWO });
  /** Makes a clock of the driver's own. Task context, may sleep. 0, or a negative errno. */
  header.steps("clk_hw_register", [device, clk_hw], "int", (_dev: number, hw: number) => clocks.register(hw));
  /** Removes it. Task context, may sleep. */
  header.plain("clk_hw_unregister", [clk_hw], "void", (hw: number) => clocks.unregister(hw));
  /** clk_hw_register, undone when the driver leaves. Task context, may sleep. 0, or a negative errno. */
  header.steps("devm_clk_hw_register", [device, clk_hw], "int", function* (dev: number, hw: number): Steps<number> {
    const result = yield* clocks.register(hw);
    if (result !== 0) return result;
    devices.managed.add(dev, "clk", `hw ${hw}`, function* () {
      yield* [];
      clocks.unregister(hw);
    });
    return 0;
  });
  /** A clock's name. Any context. */
  header.plain("clk_hw_get_name", [clk_hw], "string", (hw: number) => statics.literal(clocks.atHw(hw)?.name ?? ""));
  /** How it was last seen to run, in hertz. Any context. */
  header.plain("clk_hw_get_rate", [clk_hw], "u32", (hw: number) => clocks.atHw(hw)?.rate ?? 0);
  /** Whether it runs. Any context. */
  header.plain("clk_hw_is_enabled", [clk_hw], "bool", (hw: number) => (clocks.atHw(hw)?.enabled ?? 0) > 0);
  kinds(header, kernel);
  /** Devices of a name find the clock under a name of theirs; NULL: any. Task context, may sleep. 0, or -ENOMEM. */
  const lookup = (hw: number, connection: number, dev: number): number => {
    core.mightSleep("clk_hw_register_clkdev", "include/linux/sched/mm.h:321");
    const text = (address: number): string => (address === 0 ? "" : kernel.textAt(address));
    clockKinds.addLookup(hw, text(connection), text(dev));
    return 0;
  };
  header.plain("clk_hw_register_clkdev", [clk_hw, "string", "string"], "int", lookup);
  /** The same, undone when the driver leaves. Task context, may sleep. 0, or -ENOMEM. */
  header.plain(
    "devm_clk_hw_register_clkdev",
    [device, clk_hw, "string", "string"],
    "int",
    (dev: number, hw: number, connection: number, name: number) => {
      const result = lookup(hw, connection, name);
      devices.managed.add(dev, "clk", `lookup ${hw}`, function* () {
        yield* [];
        clockKinds.dropLookup(hw);
      });
      return result;
    },
  );
  return header;
}

function kinds(header: Header, kernel: Kernel): void {
  const { clockKinds } = kernel;
  const mayBeErrPtr = { mayBeErrPtr: true } as const;
  const name = (address: number): string | undefined => (address === 0 ? undefined : kernel.textAt(address));
  /** A clock of a fixed rate. Task context, may sleep. It, or an ERR_PTR. */
  header.plain(
    "clk_hw_register_fixed_rate",
    [device, "string", "string", "u32", "u32"],
    clk_hw,
    (_dev: number, own: number, parent: number, flags: number, rate: number) =>
      clockKinds.fixedRate(kernel.textAt(own), name(parent), flags, rate),
    mayBeErrPtr,
  );
  /** A clock that a bit of a register lets run. Task context, may sleep. It, or an ERR_PTR. */
  header.plain(
    "clk_hw_register_gate",
    [device, "string", "string", "u32", "iomem", "u8", "u8", "ptr"],
    clk_hw,
    (_dev: number, own: number, parent: number, flags: number, ...[reg, shift, how, lock]: number[]) =>
      clockKinds.gate(kernel.textAt(own), name(parent), flags, {
        ...{ reg: reg!, shift: shift!, width: 1 },
        ...{ flags: how!, lock: lock! },
      }),
    mayBeErrPtr,
  );
  /** A clock whose rate a field of a register divides. Task context, may sleep. It, or an ERR_PTR. */
  header.plain(
    "clk_hw_register_divider",
    [device, "string", "string", "u32", "iomem", "u8", "u8", "u8", "ptr"],
    clk_hw,
    (_dev: number, own: number, parent: number, flags: number, ...[reg, shift, width, how, lock]: number[]) =>
      clockKinds.divider(kernel.textAt(own), name(parent), flags, {
        ...{ reg: reg!, shift: shift!, width: width! },
        ...{ flags: how!, lock: lock! },
      }),
    mayBeErrPtr,
  );
  for (const kind of ["fixed_rate", "gate", "divider"]) {
    /** Removes a clock of a fixed rate, a gate or a divider. Task context, may sleep. */
    header.steps(`clk_hw_unregister_${kind}`, [clk_hw], "void", (hw: number) => clockKinds.drop(hw));
  }
}
