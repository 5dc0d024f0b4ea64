// Of linux/i2c: SMBus commands.
import type { Steps } from "../engine/interfaces.ts";
import { errno } from "../kernel/errno.ts";
import { FUNCTIONS } from "../kernel/i2c.ts";
import { I2C_SMBUS_BLOCK_MAX, i2c_adapter, i2c_client, i2c_smbus_data } from "../kernel/i2c-layouts.ts";
import { READ, SIZES, WRITE } from "../kernel/i2c-transfers.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { offsetOf } from "../kernel/layouts.ts";
import type { Header } from "./header.ts";

export function smbus(header: Header, kernel: Kernel): void {
  const { transfers } = kernel.i2c;
  const reading = (client: number, command: number, size: number): Steps<number> =>
    transfers.withData(function* (data) {
      transfers.setWord(data, 0);
      const status = yield* transfers.smbus(client, READ, command, size, data);
      return status < 0 ? status : transfers.wordOf(data);
    });
  const writing = (client: number, command: number, size: number, value: number): Steps<number> =>
    transfers.withData((data) => {
      transfers.setWord(data, value);
      return transfers.smbus(client, WRITE, command, size, data);
    });
  /** Performs a command on an adapter. Task context, may sleep. 0, or a negative errno. */
  header.steps(
    "i2c_smbus_xfer",
    [i2c_adapter, "u16", "u16", "u8", "u8", "int", i2c_smbus_data],
    "int",
    (adapter: number, address: number, flags: number, direction: number, command: number, size: number, data: number) =>
      transfers.smbusXfer(adapter, { address, flags, direction, command, size, data }),
  );
  /** Reads a byte. Task context, may sleep. It, or a negative errno. */
  header.steps("i2c_smbus_read_byte", [i2c_client], "int", (client: number) =>
    reading(client, 0, SIZES.I2C_SMBUS_BYTE),
  );
  /** Sends a byte. Task context, may sleep. 0, or a negative errno. */
  header.steps("i2c_smbus_write_byte", [i2c_client, "u8"], "int", (client: number, byte: number) =>
    transfers.smbus(client, WRITE, byte, SIZES.I2C_SMBUS_BYTE, 0),
  );
  for (const [name, size, swaps] of [
    ["byte_data", SIZES.I2C_SMBUS_BYTE_DATA, false],
    ["word_data", SIZES.I2C_SMBUS_WORD_DATA, false],
    ["word_swapped", SIZES.I2C_SMBUS_WORD_DATA, true],
  ] as const) {
    const swapped = (value: number): number => (swaps && value >= 0 ? ((value & 0xff) << 8) | (value >> 8) : value);
    /** Reads after a command. Task context, may sleep. The value, or a negative errno. */
    header.steps(
      `i2c_smbus_read_${name}`,
      [i2c_client, "u8"],
      "int",
      function* (client: number, command: number): Steps<number> {
        return swapped(yield* reading(client, command, size));
      },
    );
    /** Sends a value after a command. Task context, may sleep. 0, or a negative errno. */
    header.steps(
      `i2c_smbus_write_${name}`,
      [i2c_client, "u8", name === "byte_data" ? "u8" : "u16"],
      "int",
      (client: number, command: number, value: number) => writing(client, command, size, swapped(value)),
    );
  }
  blocks(header, kernel);
}

function blocks(header: Header, { core: { memory }, i2c }: Kernel): void {
  const { transfers } = i2c;
  /** Bytes of the union to the caller: how many they are. */
  const give = (data: number, to: number): number => {
    const length = memory.load(data, 1, false);
    for (let at = 0; at < length; at++) memory.store(to + at, 1, memory.load(data + 1 + at, 1, false));
    return length;
  };
  /** Reads a block whose first byte says how long it is. Task context, may sleep. How many bytes, or a negative errno. */
  header.steps(
    "i2c_smbus_read_block_data",
    [i2c_client, "u8", "ptr"],
    "int",
    (client: number, command: number, to: number) =>
      transfers.withData(function* (data) {
        const status = yield* transfers.smbus(client, READ, command, SIZES.I2C_SMBUS_BLOCK_DATA, data);
        return status < 0 ? status : give(data, to);
      }),
  );
  const readBlock = (client: number, command: number, length: number, to: number): Steps<number> =>
    transfers.withData(function* (data) {
      memory.store(data, 1, Math.min(length, I2C_SMBUS_BLOCK_MAX));
      const status = yield* transfers.smbus(client, READ, command, SIZES.I2C_SMBUS_I2C_BLOCK_DATA, data);
      return status < 0 ? status : give(data, to);
    });
  /** Reads so many bytes after a command, 32 at most. Task context, may sleep. How many, or a negative errno. */
  header.steps("i2c_smbus_read_i2c_block_data", [i2c_client, "u8", "u8", "ptr"], "int", readBlock);
  for (const [name, size] of [
    ["i2c_smbus_write_block_data", SIZES.I2C_SMBUS_BLOCK_DATA],
    ["i2c_smbus_write_i2c_block_data", SIZES.I2C_SMBUS_I2C_BLOCK_DATA],
  ] as const) {
    /** Sends bytes after a command, 32 at most, in a block also how many. Task context, may sleep. 0, or a negative errno. */
    header.steps(
      name,
      [i2c_client, "u8", "u8", "ptr"],
      "int",
      (client: number, command: number, length: number, from: number) =>
        transfers.withData((data) => {
          const bytes = Math.min(length, I2C_SMBUS_BLOCK_MAX);
          memory.store(data, 1, bytes);
          for (let at = 0; at < bytes; at++) memory.store(data + 1 + at, 1, memory.load(from + at, 1, false));
          return transfers.smbus(client, WRITE, command, size, data);
        }),
    );
  }
  /** Reads so many bytes, one by one where the adapter has no blocks. Task context, may sleep. How many, or a negative errno. */
  header.steps(
    "i2c_smbus_read_i2c_block_data_or_emulated",
    [i2c_client, "u8", "u8", "ptr"],
    "int",
    function* (client: number, command: number, wanted: number, to: number): Steps<number> {
      const length = Math.min(wanted, I2C_SMBUS_BLOCK_MAX);
      const functions = yield* i2c.functions(memory.load(client + offsetOf(i2c_client, "adapter"), 4, false));
      const can = (bits: number): boolean => (functions & bits) !== 0;
      if (can(FUNCTIONS.I2C_FUNC_SMBUS_READ_I2C_BLOCK)) return yield* readBlock(client, command, length, to);
      if (!can(FUNCTIONS.I2C_FUNC_SMBUS_READ_BYTE_DATA)) return -errno.EOPNOTSUPP;
      return yield* transfers.withData(function* (data) {
        for (let at = 0; at < length; ) {
          const bytes = can(FUNCTIONS.I2C_FUNC_SMBUS_READ_WORD_DATA) && at + 2 <= length ? 2 : 1;
          const size = bytes === 2 ? SIZES.I2C_SMBUS_WORD_DATA : SIZES.I2C_SMBUS_BYTE_DATA;
          const status = yield* transfers.smbus(client, READ, command + at, size, data);
          if (status < 0) return status;
          for (let one = 0; one < bytes; one++) memory.store(to + at + one, 1, memory.load(data + one, 1, false));
          at += bytes;
        }
        return length;
      });
    },
  );
}
