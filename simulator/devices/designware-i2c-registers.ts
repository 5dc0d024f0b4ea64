// Registers of the DesignWare I2C controller, after the data book of DW_apb_i2c and i2c-designware-core.h of Linux.
import type { Field, Register } from "./device.ts";

const bit = (name: string, at: number, description?: string): Field => ({
  name,
  high: at,
  low: at,
  ...(description === undefined ? {} : { description }),
});

type Given = Pick<Register, "name" | "offset" | "description"> & Partial<Register>;

function register(given: Given): Register {
  return { bits: 32, access: "read-write", reset: 0, ...given };
}

export const CON = register({
  name: "IC_CON",
  offset: 0x00,
  reset: 0x7f,
  fields: [
    bit("MASTER_MODE", 0),
    { name: "SPEED", high: 2, low: 1, values: { 1: "STANDARD", 2: "FAST", 3: "HIGH" } },
    bit("IC_10BITADDR_SLAVE", 3),
    bit("IC_10BITADDR_MASTER", 4),
    bit("IC_RESTART_EN", 5, "Whether a repeated start is made where the direction changes"),
    bit("IC_SLAVE_DISABLE", 6),
    bit("STOP_DET_IFADDRESSED", 7),
    bit("TX_EMPTY_CTRL", 8),
    bit("RX_FIFO_FULL_HLD_CTRL", 9, "Hold the bus rather than lose what is read"),
    bit("BUS_CLEAR_FEATURE_CTRL", 11),
  ],
  description: "Control; it is written while the controller is disabled.",
});

export const TAR = register({
  name: "IC_TAR",
  offset: 0x04,
  reset: 0x055,
  fields: [
    { name: "ADDRESS", high: 9, low: 0 },
    bit("GC_OR_START", 10),
    bit("SPECIAL", 11),
    bit("IC_10BITADDR_MASTER", 12),
  ],
  description: "Whom transfers address; it is written while the controller is disabled.",
});

const SAR = register({ name: "IC_SAR", offset: 0x08, reset: 0x55, description: "Own address as a slave." });

export const DATA_CMD = register({
  name: "IC_DATA_CMD",
  offset: 0x10,
  readAction: "modifyExternal",
  fields: [
    { name: "DAT", high: 7, low: 0 },
    { ...bit("CMD", 8, "1: read a byte"), access: "write-only" },
    { ...bit("STOP", 9, "A stop condition follows the byte"), access: "write-only" },
    { ...bit("RESTART", 10, "A repeated start comes before the byte"), access: "write-only" },
    { ...bit("FIRST_DATA_BYTE", 11), access: "read-only" },
  ],
  description: "Writes queue a byte to write, or a read; reads take a byte that was read.",
});

const count = (name: string, offset: number, reset: number): Register =>
  register({
    name,
    offset,
    reset,
    fields: [{ name: "COUNT", high: 15, low: 0 }],
    description: "Part of the period of SCL, in cycles.",
  });

export const SS_SCL_HCNT = count("IC_SS_SCL_HCNT", 0x14, 0x190);
export const SS_SCL_LCNT = count("IC_SS_SCL_LCNT", 0x18, 0x1d6);
export const FS_SCL_HCNT = count("IC_FS_SCL_HCNT", 0x1c, 0x3c);
export const FS_SCL_LCNT = count("IC_FS_SCL_LCNT", 0x20, 0x82);
const HS_SCL_HCNT = count("IC_HS_SCL_HCNT", 0x24, 0x06);
const HS_SCL_LCNT = count("IC_HS_SCL_LCNT", 0x28, 0x10);

const CAUSES = [
  bit("RX_UNDER", 0, "DATA_CMD was read while nothing was there"),
  bit("RX_OVER", 1, "What was read got lost"),
  bit("RX_FULL", 2, "More than RX_TL bytes are there to be taken"),
  bit("TX_OVER", 3, "DATA_CMD was written while the FIFO was full"),
  bit("TX_EMPTY", 4, "At most TX_TL commands are left"),
  bit("RD_REQ", 5),
  bit("TX_ABRT", 6, "A transfer ended early: IC_TX_ABRT_SOURCE says why"),
  bit("RX_DONE", 7),
  bit("ACTIVITY", 8),
  bit("STOP_DET", 9),
  bit("START_DET", 10),
  bit("GEN_CALL", 11),
  bit("RESTART_DET", 12),
  bit("MST_ON_HOLD", 13),
];

export const INTR_STAT = register({
  name: "IC_INTR_STAT",
  offset: 0x2c,
  access: "read-only",
  fields: CAUSES,
  description: "Causes that IC_INTR_MASK lets through; the output is up while any is there.",
});
export const INTR_MASK = register({
  name: "IC_INTR_MASK",
  offset: 0x30,
  reset: 0x8ff,
  fields: CAUSES,
  description: "Which causes interrupt.",
});
export const RAW_INTR_STAT = register({
  name: "IC_RAW_INTR_STAT",
  offset: 0x34,
  access: "read-only",
  reset: 0,
  fields: CAUSES,
  description: "Causes before the mask.",
});

const threshold = (name: string, offset: number): Register =>
  register({ name, offset, fields: [{ name: "TL", high: 7, low: 0 }], description: "Threshold of a FIFO." });

export const RX_TL = threshold("IC_RX_TL", 0x38);
export const TX_TL = threshold("IC_TX_TL", 0x3c);

const clearing = (cause: string, offset: number): Register =>
  register({
    name: `IC_CLR_${cause}`,
    offset,
    access: "read-only",
    readAction: "modifyExternal",
    fields: [bit("CLR", 0)],
    description: cause === "INTR" ? "Reading clears every cause that can be." : `Reading clears ${cause}.`,
  });

export const CLR_INTR = clearing("INTR", 0x40);
/** Register → the cause that reading it clears. */
export const CLEARS: ReadonlyMap<Register, string> = new Map(
  (
    [
      ["RX_UNDER", 0x44],
      ["RX_OVER", 0x48],
      ["TX_OVER", 0x4c],
      ["RD_REQ", 0x50],
      ["TX_ABRT", 0x54],
      ["RX_DONE", 0x58],
      ["ACTIVITY", 0x5c],
      ["STOP_DET", 0x60],
      ["START_DET", 0x64],
      ["GEN_CALL", 0x68],
      ["RESTART_DET", 0xa8],
    ] as const
  ).map(([cause, offset]) => [clearing(cause, offset), cause]),
);

export const ENABLE = register({
  name: "IC_ENABLE",
  offset: 0x6c,
  fields: [bit("ENABLE", 0), { ...bit("ABORT", 1, "Ends the transfer that runs"), modifiedWriteValues: "oneToSet" }],
  description: "Disabling empties both FIFOs.",
});

export const STATUS = register({
  name: "IC_STATUS",
  offset: 0x70,
  access: "read-only",
  reset: 0x06,
  fields: [
    bit("ACTIVITY", 0),
    bit("TFNF", 1),
    bit("TFE", 2),
    bit("RFNE", 3),
    bit("RFF", 4),
    bit("MST_ACTIVITY", 5),
    bit("SLV_ACTIVITY", 6),
    bit("MST_HOLD_TX_FIFO_EMPTY", 7),
  ],
  description: "What the controller does, and how full its FIFOs are.",
});

export const TXFLR = register({ name: "IC_TXFLR", offset: 0x74, access: "read-only", description: "Queued commands." });
export const RXFLR = register({ name: "IC_RXFLR", offset: 0x78, access: "read-only", description: "Bytes to take." });
const SDA_HOLD = register({ name: "IC_SDA_HOLD", offset: 0x7c, reset: 1, description: "Hold time of SDA, in cycles." });

export const TX_ABRT_SOURCE = register({
  name: "IC_TX_ABRT_SOURCE",
  offset: 0x80,
  access: "read-only",
  fields: [
    bit("ABRT_7B_ADDR_NOACK", 0, "Nobody acknowledged the address"),
    bit("ABRT_TXDATA_NOACK", 3, "A byte was not acknowledged"),
    bit("ABRT_USER_ABRT", 16, "IC_ENABLE.ABORT was set"),
    { name: "TX_FLUSH_CNT", high: 31, low: 23, description: "Commands that were thrown away" },
  ],
  description: "Why a transfer was aborted; reading IC_CLR_TX_ABRT clears it.",
});

export const ENABLE_STATUS = register({
  name: "IC_ENABLE_STATUS",
  offset: 0x9c,
  access: "read-only",
  fields: [bit("IC_EN", 0)],
  description: "Whether the controller is enabled by now.",
});

const SMBUS_INTR_MASK = register({
  name: "IC_SMBUS_INTR_MASK",
  offset: 0xcc,
  reset: 0x7ff,
  description: "Which causes of SMBus interrupt; there are none.",
});

export const FIFO_DEPTH = 16;

const COMP_PARAM_1 = register({
  name: "IC_COMP_PARAM_1",
  offset: 0xf4,
  access: "read-only",
  reset: ((FIFO_DEPTH - 1) << 16) | ((FIFO_DEPTH - 1) << 8) | (2 << 2) | 2,
  fields: [
    { name: "APB_DATA_WIDTH", high: 1, low: 0 },
    { name: "MAX_SPEED_MODE", high: 3, low: 2 },
    { name: "RX_BUFFER_DEPTH", high: 15, low: 8 },
    { name: "TX_BUFFER_DEPTH", high: 23, low: 16 },
  ],
  description: "How the controller was built; depths are one less than they are.",
});
const COMP_VERSION = register({
  name: "IC_COMP_VERSION",
  offset: 0xf8,
  access: "read-only",
  reset: 0x3230312a,
  description: "Version, in characters: 201*.",
});
const COMP_TYPE = register({
  name: "IC_COMP_TYPE",
  offset: 0xfc,
  access: "read-only",
  reset: 0x44570140,
  description: "DW and 0x0140: by this drivers know it.",
});

export const REGISTERS: readonly Register[] = [
  CON,
  TAR,
  SAR,
  DATA_CMD,
  SS_SCL_HCNT,
  SS_SCL_LCNT,
  FS_SCL_HCNT,
  FS_SCL_LCNT,
  HS_SCL_HCNT,
  HS_SCL_LCNT,
  INTR_STAT,
  INTR_MASK,
  RAW_INTR_STAT,
  RX_TL,
  TX_TL,
  CLR_INTR,
  ...CLEARS.keys(),
  ENABLE,
  STATUS,
  TXFLR,
  RXFLR,
  SDA_HOLD,
  TX_ABRT_SOURCE,
  ENABLE_STATUS,
  SMBUS_INTR_MASK,
  COMP_PARAM_1,
  COMP_VERSION,
  COMP_TYPE,
].sort((a, b) => a.offset - b.offset);
