// The adapters of the machine's own I2C controllers: how their messages reach the devices behind them.
// Source: drivers/i2c/busses/i2c-designware-master.c
import type { I2cTarget } from "../devices/device.ts";
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import type { Hardware } from "./hardware.ts";
import { I2C_SMBUS_BLOCK_MAX, i2c_algorithm, i2c_msg } from "./i2c-layouts.ts";
import { I2C_M } from "./i2c-transfers.ts";
import { atOnce, kernelFunction } from "./kernel-functions.ts";
import type { Statics } from "./statics.ts";
import { CheckedStruct } from "./struct.ts";

/** A byte with its acknowledgement takes nine clocks, at 100 kHz. */
const BYTE_NANOS = 90_000;

export class I2cWires {
  private readonly core: Core;
  private readonly statics: Statics;
  private readonly hardware: Hardware;
  private readonly message: CheckedStruct;
  /** The controllers of adapters. */
  private readonly controllers = new Map<number, string>();
  private table = 0;

  constructor(core: Core, statics: Statics, hardware: Hardware) {
    this.core = core;
    this.statics = statics;
    this.hardware = hardware;
    this.message = new CheckedStruct(core.memory, i2c_msg);
  }

  /** An adapter is that of a controller: the address of its algorithm. */
  connect(adapter: number, controller: string, functions: number): number {
    this.controllers.set(adapter, controller);
    if (this.table !== 0) return this.table;
    const { engine, memory } = this.core;
    this.table = this.statics.global(i2c_algorithm.size, i2c_algorithm.align, "i2c_dw_algo");
    const algorithm = new CheckedStruct(memory, i2c_algorithm);
    const xfer = kernelFunction(engine, "i2c_dw_xfer", (it, first, count) =>
      this.core.steps("i2c_dw_xfer", this.transfer(it!, first!, count!)),
    );
    algorithm.set(this.table, "xfer", xfer);
    algorithm.set(
      this.table,
      "functionality",
      kernelFunction(engine, "i2c_dw_func", () => atOnce(functions)),
    );
    return this.table;
  }

  private *transfer(adapter: number, first: number, count: number): Steps<number> {
    let target: I2cTarget | undefined;
    let result = count;
    for (let index = 0; index < count && result >= 0; index++) {
      const at = first + index * i2c_msg.size;
      const before = target;
      target = this.at(adapter, this.message.get(at, "addr"));
      // A repeated start to another device ends the transfer with the first.
      if (before !== target) before?.stop();
      yield* this.core.sleep(BYTE_NANOS * (1 + this.message.get(at, "len")), "i2c");
      const moved = this.move(target, at);
      if (moved < 0) result = moved;
    }
    target?.stop();
    return result;
  }

  private move(target: I2cTarget | undefined, at: number): number {
    const { memory } = this.core;
    const flags = this.message.get(at, "flags");
    const buffer = this.message.get(at, "buf");
    const isRead = (flags & I2C_M.I2C_M_RD) !== 0;
    let bytes = this.message.get(at, "len");
    if (target === undefined || !target.start(isRead)) return -errno.EREMOTEIO;
    for (let index = 0; index < bytes; index++) {
      if (!isRead) {
        if (!target.write(memory.load(buffer + index, 1, false))) return -errno.EREMOTEIO;
        continue;
      }
      const byte = target.read();
      memory.store(buffer + index, 1, byte);
      if (index > 0 || (flags & I2C_M.I2C_M_RECV_LEN) === 0) continue;
      // The first byte says how many follow.
      if (byte === 0 || byte > I2C_SMBUS_BLOCK_MAX) return -errno.EPROTO;
      bytes += byte;
      this.message.set(at, "len", bytes);
    }
    return 0;
  }

  private at(adapter: number, address: number): I2cTarget | undefined {
    const behind = this.controllers.get(adapter);
    const slot = this.hardware.i2c.find((one) => one.behind === behind && one.address === address);
    return slot?.device.faults?.isRemoved ? undefined : slot?.device.target;
  }
}
